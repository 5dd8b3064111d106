//! What statements and conditions of a signal can be about, and the functions that there are.

use slimcol_ottleval::{Kind, function::Functions};

/// What statements of one signal may be about, and which functions they have there.
#[derive(Clone, Copy, Debug)]
pub struct Levels(pub &'static [Level]);

/// One thing that statements may be about.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// What it is.
    pub kind: Kind,
    /// The functions of statements.
    pub statements: Functions,
    /// The functions of conditions.
    pub conditions: Functions,
}
