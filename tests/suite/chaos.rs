//! Everything goes wrong around a collector: a file for each kind of trouble. Every log record is a number, so that what is
//! lost or comes twice is known one by one. Nothing is lost, nothing crashes, and memory stays within bounds.
//!
//! Killing a collector and filling its disk are in [`crate::persistence`].

mod answers;
mod clock;
mod cuts;
mod garbage;
mod half_closed;
mod http2_abuse;
mod idle;
mod sigterm;
mod sink_dies;
mod sink_hangs;
mod slow;
