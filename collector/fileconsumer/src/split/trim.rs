//! White space around a token.

/// Which ends lose their white space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trim {
    pub(crate) leading: bool,
    pub(crate) trailing: bool,
}

/// What Go trims: not all that Unicode calls white space.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl Trim {
    /// The part of a token that stays.
    #[inline]
    pub(crate) fn apply(self, text: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
        if self.trailing {
            while end > start && is_space(text[end - 1]) {
                end -= 1;
            }
        }
        if self.leading {
            while start < end && is_space(text[start]) {
                start += 1;
            }
        }
        (start, end)
    }
}
