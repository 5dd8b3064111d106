//! `slimcol`: builds collectors from a manifest.
fn main() {}
