//! Records of DNS, for those who look for servers by more than the addresses of a name.

pub use crate::resolve::{Kind, Record, Resolver};
