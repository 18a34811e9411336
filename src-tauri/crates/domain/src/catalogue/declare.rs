//! The `record!` declaration: one table of fields gives the struct, the catalogue row and the conversions.

/// Declares a record type. Each line reads: `name: RustType [Kind] = number, "标签", Merge, Privacy;`
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident = $id:literal, $table:literal, $label:literal, $shape:ident, index [$($index:literal),*] {
            $( $(#[$fdoc:meta])* $field:ident : $rust:ty [$kind:expr] = $fid:literal, $flabel:literal, $merge:ident, $privacy:ident; )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $( $(#[$fdoc])* #[doc = concat!("（", $flabel, "）")] pub $field: Option<$rust>, )+
        }

        impl crate::catalogue::Record for $name {
            const TYPE: &'static crate::catalogue::RecordType = &crate::catalogue::RecordType {
                id: $id,
                table: $table,
                label: $label,
                shape: crate::catalogue::Shape::$shape,
                fields: &[ $( crate::catalogue::Field {
                    id: $fid,
                    column: stringify!($field),
                    label: $flabel,
                    kind: { use crate::value::Kind::*; $kind },
                    merge: crate::catalogue::Merge::$merge,
                    privacy: crate::catalogue::Privacy::$privacy,
                    since: 1,
                }, )+ ],
                indexed: &[$($index),*],
            };

            fn to_values(&self) -> crate::value::Values {
                let mut values = crate::value::Values::new();
                $( if let Some(value) = &self.$field {
                    values.insert($fid, crate::value::FieldValue::to_value(value));
                } )+
                values
            }

            fn from_values(values: &crate::value::Values) -> Result<Self, crate::value::ValueError> {
                let mut record = Self::default();
                $( match values.get(&$fid) {
                    None | Some(crate::value::Value::Null) => {}
                    Some(value) => record.$field = Some(crate::value::FieldValue::from_value(value)?),
                } )+
                Ok(record)
            }
        }
    };
}

pub(super) use record;
