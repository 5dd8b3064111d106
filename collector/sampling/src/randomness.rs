use std::fmt;

use crate::{DIGITS, LIMIT, hexadecimal};

/// What decides over an item: 56 bits, the same for all items that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Randomness(u64);

impl Randomness {
    /// The greatest, which every threshold but the last keeps.
    pub const MAX: Self = Self(LIMIT - 1);

    /// The lower 56 bits of a number.
    pub const fn of_bits(bits: u64) -> Self {
        Self(bits & (LIMIT - 1))
    }

    /// The last seven bytes of a trace's id, which W3C has random.
    pub fn of_trace(id: [u8; 16]) -> Self {
        Self::of_bits(id[9..].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
    }

    /// What an r-value says.
    pub fn parse(value: &str) -> Result<Self, String> {
        if value.len() != DIGITS {
            return Err("r-value must have 14 hex digits".to_owned());
        }
        hexadecimal(value).map(Self)
    }

    /// The 56 bits as a number.
    pub const fn bits(self) -> u64 {
        self.0
    }
}

/// The r-value.
impl fmt::Display for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_fourteen_digits() {
        assert_eq!(Randomness::parse("00aabbccddeeff").map(Randomness::bits), Ok(0xaabb_ccdd_eeff));
        assert_eq!(Randomness::parse("FD70A3D70A3D71").unwrap().to_string(), "fd70a3d70a3d71");
        assert_eq!(Randomness::of_bits(u64::MAX), Randomness::MAX);
        assert_eq!(Randomness::MAX.to_string(), "ffffffffffffff");
        assert_eq!(Randomness::parse("0"), Err("r-value must have 14 hex digits".to_owned()));
        let broken = "strconv.ParseUint: parsing \"+abababababab0\": invalid syntax";
        assert_eq!(Randomness::parse("+abababababab0"), Err(broken.to_owned()));
        let id = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        assert_eq!(Randomness::of_trace(id).to_string(), "0a0b0c0d0e0f10");
    }
}
