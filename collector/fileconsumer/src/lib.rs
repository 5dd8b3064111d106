//! Finds, follows and reads files: what the Go collector calls `fileconsumer`.
//!
//! A [`Consumer`] looks at its files with each [`Consumer::poll`]. A file is known by its first bytes, its fingerprint, not by
//! its name: one that was renamed goes on where it was, a copy that was truncated is another file, and what was written to a
//! file before it was moved out of sight is read through the handle that is still open. What is new in a file is cut into
//! tokens and given to a [`Consume`], many at a time.
//!
//! Speed: a file is read in pieces of 256 KiB, tokens are places in that buffer (12 bytes each, nothing else is allocated or
//! copied), and the buffer is used again if nobody kept a part of it. UTF-8 is checked a buffer at a time.
//!
//! Files are read with calls that block, in the task that polls: a piece from the page cache takes 10 µs, and having another
//! thread do it would take as much again (`benches/lines.rs`). So [`Consumer::follow`] is given a thread of its own.
//!
//! An offset moves once tokens were taken, and is kept then: after a kill the tokens of one call at most come again.
//!
//! ## Other than in Go
//! * Tokens do not depend on how much of a file was there at a time: a line of just `max_log_size` is one token, not one and
//!   an empty one.
//! * `^` of a pattern is a line's beginning also right behind the last match.
//! * Pipes, sockets and devices are no files.
//! * Compressed files that were still being written when they were first read are read to their end later.
//! * `delete_after_read` waits until the last line without an end was taken.
//! * Errors say `path` also where Go's logger had it as a field of its own.

mod attributes;
mod batch;
mod checkpoint;
mod closing;
mod config;
mod consumer;
mod find;
mod fingerprint;
mod fit;
mod glob;
mod known;
mod meta;
mod offsets;
mod plan;
mod reader;
mod source;
mod split;
mod stream;
mod window;

pub use self::{
    batch::{Attributes, Batch, Consume, Token},
    closing::Closing,
    config::{Config, Header, Included, Multiline, Order, Ordering},
    consumer::Consumer,
    offsets::Offsets,
    stream::{Cutter, Cutting, NOWHERE, TextConfig, Tokens, TooLong},
};
