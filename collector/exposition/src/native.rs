//! Native histograms.

use slimcol_pdata::wire;

use crate::proto::{double, fields};

/// How many buckets a histogram may have on one side, gaps included: what is beyond is hostile, and costs memory.
const MOST_BUCKETS: usize = 1 << 14;

/// A histogram whose buckets grow exponentially.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Native {
    /// `2^(2^-schema)` is the factor from one bucket to the next.
    pub schema: i32,
    /// How wide the bucket around zero is.
    pub zero_threshold: f64,
    /// What is in that bucket.
    pub zero_count: f64,
    /// How many observations there were.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// Buckets above zero.
    pub positive: Buckets,
    /// Buckets below zero.
    pub negative: Buckets,
    /// Whether it can go down.
    pub is_gauge: bool,
}

/// Neighbouring buckets; neither the first nor the last is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buckets {
    /// Which the first one is: its upper bound is the base to the power of this.
    pub first: i32,
    /// What is in each.
    pub counts: Vec<f64>,
}

/// Buckets as they are written: spans of neighbours, and counts that are differences or not.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) spans: Vec<(i32, u32)>,
    pub(crate) deltas: Vec<i64>,
    pub(crate) counts: Vec<f64>,
}

impl Written {
    /// Reads a field of a histogram's message that belongs to one side; `key` is that of the first of its three numbers.
    pub(crate) fn field(&mut self, nth: u32, wire_type: u32, value: u64, bytes: &[u8]) -> Option<()> {
        match (nth, wire_type) {
            (0, 2) => {
                let mut span = (0, 0);
                fields(bytes, |number, value, _| {
                    match number {
                        1 => span.0 = zigzag32(value),
                        2 => span.1 = u32::try_from(value & 0xffff_ffff).unwrap_or(0),
                        _ => {}
                    }
                    Some(())
                })?;
                self.spans.push(span);
            }
            (1, 2) => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    let (value, behind) = wire::varint(rest)?;
                    self.deltas.push(zigzag(value));
                    rest = behind;
                }
            }
            (1, _) => self.deltas.push(zigzag(value)),
            (2, 2) => self.counts.extend(bytes.chunks_exact(8).map(double)),
            (2, _) => self.counts.push(f64::from_bits(value)),
            _ => {}
        }
        Some(())
    }

    /// The buckets, with the gaps between spans filled; the error says which `side` is wrong.
    pub(crate) fn buckets(&self, float: bool, side: &str) -> Result<Buckets, String> {
        let written = if float { self.counts.len() } else { self.deltas.len() };
        let spanned: usize = self.spans.iter().map(|span| span.1 as usize).sum();
        if spanned != written {
            return Err(format!(
                "{side} side: spans need {spanned} buckets, have {written} buckets: histogram spans specify different \
                 number of buckets than provided"
            ));
        }
        let mut counts = Vec::with_capacity(written.min(MOST_BUCKETS));
        let (mut nth, mut current) = (0, 0i64);
        for (index, (offset, length)) in self.spans.iter().enumerate() {
            if index > 0 {
                let gap = usize::try_from(*offset).map_err(|_| {
                    format!("{side} side: span number {} with offset {offset}: histogram has a span whose offset is negative", index + 1)
                })?;
                if counts.len() + gap > MOST_BUCKETS {
                    return Err(format!("{side} side: more than {MOST_BUCKETS} buckets"));
                }
                counts.resize(counts.len() + gap, 0.0);
            }
            if counts.len() + *length as usize > MOST_BUCKETS {
                return Err(format!("{side} side: more than {MOST_BUCKETS} buckets"));
            }
            for _ in 0..*length {
                let count = if float {
                    self.counts[nth]
                } else {
                    current = current.wrapping_add(self.deltas[nth]);
                    whole(current)
                };
                counts.push(count);
                nth += 1;
            }
        }
        let empty = counts.iter().take_while(|count| **count == 0.0).count();
        if empty == counts.len() {
            return Ok(Buckets::default());
        }
        let behind = counts.iter().rev().take_while(|count| **count == 0.0).count();
        counts.truncate(counts.len() - behind);
        counts.drain(..empty);
        let first = self.spans.first().map_or(0, |span| span.0);
        Ok(Buckets { first: first.saturating_add(i32::try_from(empty).unwrap_or(i32::MAX)), counts })
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts above 2^53 are not exact in Prometheus either")]
pub(crate) fn whole(value: i64) -> f64 {
    value as f64
}

pub(crate) const fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[allow(clippy::cast_possible_truncation, reason = "protobuf keeps the lower half")]
pub(crate) const fn zigzag32(value: u64) -> i32 {
    let value = value as u32;
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}
