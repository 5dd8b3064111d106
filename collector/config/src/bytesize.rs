//! Sizes as the log receivers' configurations have them: numbers, or texts with a unit.

use crate::{Leaf, Node, Shape, Shown};

/// A number of bytes (Go's `helper.ByteSize`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSize(pub i64);

impl ByteSize {
    /// The size where one is needed that is not negative.
    pub fn bytes(self) -> usize {
        usize::try_from(self.0).unwrap_or_default()
    }

    #[allow(clippy::cast_possible_truncation, reason = "Go cuts fractions off, and `as` saturates")]
    fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let fraction = text[digits..]
            .strip_prefix('.')
            .map_or(0, |after| 1 + after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len()));
        let (number, unit) = text.split_at(digits + fraction);
        if digits == 0 {
            return None;
        }
        let multiplier =
            match unit.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']).to_ascii_lowercase().as_str() {
                "" if unit.is_empty() => 1,
                "" => return None,
                unit => {
                    let base: i64 = if unit.len() == 3 { 1024 } else { 1000 };
                    let power = match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b'))? {
                        "k" => 1,
                        "m" => 2,
                        "g" => 3,
                        "t" => 4,
                        "p" => 5,
                        _ => return None,
                    };
                    base.pow(power)
                }
            };
        // Go reads the number with 32 bits.
        let number: f32 = number.parse().ok()?;
        #[allow(clippy::cast_precision_loss, reason = "units are powers of small numbers")]
        Some(Self((f64::from(number) * multiplier as f64) as i64))
    }
}

impl Leaf for ByteSize {
    const SHAPE: Shape = Shape::Any;

    fn leaf(node: &Node) -> Result<Self, String> {
        if let Some(text) = node.as_str() {
            return Self::parse(text).ok_or_else(|| format!("invalid byte size '{text}'"));
        }
        i64::leaf(node).map(Self)
    }

    fn show(&self) -> Shown {
        Shown::Int(self.0.into())
    }
}
