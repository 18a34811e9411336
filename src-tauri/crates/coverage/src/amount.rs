//! Amounts in files people write: text is yuan (`"134,025.00"`), a bare integer is fen; a decimal number is refused.

use std::fmt;

use mingbai_domain::Fen;
use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Fen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("金额：文字按元（\"134025.00\"），整数按分")
    }

    fn visit_i64<E: Error>(self, fen: i64) -> Result<Fen, E> {
        Ok(Fen(fen))
    }

    fn visit_u64<E: Error>(self, fen: u64) -> Result<Fen, E> {
        i64::try_from(fen).map(Fen).map_err(|_| E::invalid_value(Unexpected::Unsigned(fen), &self))
    }

    fn visit_str<E: Error>(self, yuan: &str) -> Result<Fen, E> {
        Fen::parse(yuan).map_err(E::custom)
    }
}

/// Reads one amount. For `#[serde(deserialize_with = "…")]`.
///
/// # Errors
/// When it is neither text in yuan nor an integer in fen.
pub fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
    from.deserialize_any(AmountVisitor)
}

/// Reads an amount that may be absent or `null`.
///
/// # Errors
/// As [`read`].
pub fn read_optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fen>, D::Error> {
    struct Optional;
    impl<'de> Visitor<'de> for Optional {
        type Value = Option<Fen>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            AmountVisitor.expecting(f)
        }
        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
            read(from).map(Some)
        }
    }
    from.deserialize_option(Optional)
}
