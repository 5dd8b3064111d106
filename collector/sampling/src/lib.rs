//! Consistent probability sampling, as OTEP 235 has it: every item has 56 bits of randomness, every sampler a threshold of
//! 56 bits, and an item is kept where its randomness is at least the threshold. Both travel in a span's tracestate.
//!
//! ```
//! use slimcol_sampling::{Randomness, Threshold, TraceState};
//!
//! let (mut state, error) = TraceState::parse("ot=rv:c0000000000000,other=1");
//! assert_eq!(error, None);
//! let half = Threshold::of_probability(0.5, 4).unwrap();
//! assert!(half.keeps(state.randomness().unwrap()));
//! state.raise(half).unwrap();
//! assert_eq!(state.to_string(), "ot=rv:c0000000000000;th:8,other=1");
//! ```

mod randomness;
mod threshold;
mod tracestate;

pub use self::{
    randomness::Randomness,
    threshold::{INCONSISTENT, Threshold},
    tracestate::TraceState,
};

/// How many hexadecimal digits randomness and thresholds have.
pub const DIGITS: usize = 14;

/// One more than the greatest randomness.
pub(crate) const LIMIT: u64 = 1 << 56;

/// The number that hexadecimal digits are; the error is that of Go's `ParseUint`.
pub(crate) fn hexadecimal(digits: &str) -> Result<u64, String> {
    let number = u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
    number.ok_or_else(|| format!("strconv.ParseUint: parsing {digits:?}: invalid syntax"))
}
