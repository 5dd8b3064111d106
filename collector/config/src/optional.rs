//! A section that can be off.

/// Go's configoptional after reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Optional<T> {
    /// Not there, or switched off.
    Off,
    /// There.
    On(T),
}

impl<T> Optional<T> {
    /// The section, if on.
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::On(t) => Some(t),
            Self::Off => None,
        }
    }

    /// The section, if on.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::On(t) => Some(t),
            Self::Off => None,
        }
    }

    /// Whether it is on.
    pub const fn is_on(&self) -> bool {
        matches!(self, Self::On(_))
    }
}
