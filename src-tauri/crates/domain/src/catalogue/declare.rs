//! The `record!` declaration: one table of fields gives the struct, the catalogue row and the conversions.

/// Declares a record type. Each line reads: `name: RustType [Kind] = number, "标签", Merge, Privacy;`. What came with a later
/// schema version stands after the rest, in a block `@since VERSION { … }`.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident = $id:literal, $table:literal, $label:literal, $shape:ident, index [$($index:literal),*] {
            $( $(#[$fdoc:meta])* $field:ident : $rust:ty [$kind:expr] = $fid:literal, $flabel:literal, $merge:ident, $privacy:ident; )*
            $( @since $since:literal {
                $( $(#[$ndoc:meta])* $new:ident : $nrust:ty [$nkind:expr] = $nid:literal, $nlabel:literal, $nmerge:ident, $nprivacy:ident; )+
            } )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $( $(#[$fdoc])* #[doc = concat!("（", $flabel, "）")] pub $field: Option<$rust>, )*
            $($( $(#[$ndoc])* #[doc = concat!("（", $nlabel, "）")] pub $new: Option<$nrust>, )+)*
        }

        impl crate::catalogue::Record for $name {
            const TYPE: &'static crate::catalogue::RecordType = &crate::catalogue::RecordType {
                id: $id,
                table: $table,
                label: $label,
                shape: crate::catalogue::Shape::$shape,
                fields: &[
                    $( crate::catalogue::declare::field!($field [$kind] = $fid, $flabel, $merge, $privacy, 1), )*
                    $($( crate::catalogue::declare::field!($new [$nkind] = $nid, $nlabel, $nmerge, $nprivacy, $since), )+)*
                ],
                indexed: &[$($index),*],
            };

            fn to_values(&self) -> crate::value::Values {
                let mut values = crate::value::Values::new();
                $( crate::catalogue::declare::put(&mut values, $fid, self.$field.as_ref()); )*
                $($( crate::catalogue::declare::put(&mut values, $nid, self.$new.as_ref()); )+)*
                values
            }

            fn from_values(values: &crate::value::Values) -> Result<Self, crate::value::ValueError> {
                Ok(Self {
                    $( $field: crate::catalogue::declare::take(values, $fid)?, )*
                    $($( $new: crate::catalogue::declare::take(values, $nid)?, )+)*
                })
            }
        }
    };
}

/// One line of a declaration as a catalogue row.
macro_rules! field {
    ($field:ident [$kind:expr] = $id:literal, $label:literal, $merge:ident, $privacy:ident, $since:literal) => {
        crate::catalogue::Field {
            id: $id,
            column: stringify!($field),
            label: $label,
            kind: {
                use crate::value::Kind::*;
                $kind
            },
            merge: crate::catalogue::Merge::$merge,
            privacy: crate::catalogue::Privacy::$privacy,
            since: $since,
        }
    };
}

pub(super) use {field, record};

use crate::value::{FieldId, FieldValue, Value, ValueError, Values};

pub(super) fn put(values: &mut Values, field: FieldId, value: Option<&impl FieldValue>) {
    if let Some(value) = value {
        values.insert(field, value.to_value());
    }
}

pub(super) fn take<T: FieldValue>(values: &Values, field: FieldId) -> Result<Option<T>, ValueError> {
    match values.get(&field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::from_value(value).map(Some),
    }
}
