//! Are these bytes an OTLP export request that a full decoder would accept, and how many items do they hold?
//!
//! One pass, no allocation. Verdict and count are prost's, but for ids, whose lengths must be right because the Go
//! collector refuses the whole request otherwise.
//!
//! A cursor is the rest of the WHOLE request; a message is `(cursor, end)` where `end` is how many bytes must remain when
//! the message is over. So every read is bounded by the request (memory), and each message compares once, at its end,
//! whether its fields filled it exactly (structure). An overrun inside a message can only end in `None`.

mod attribute;
pub(crate) mod explain;
mod text;

use self::{attribute::short_attribute, text::text};
use crate::{
    Signal,
    wire::{In, key, length, packed_varints, skip_varint, unknown},
};

/// Messages within messages, the request itself not counted: as prost, C++ and Java.
pub(crate) const DEPTH: u32 = 100;

/// What is known of a request that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Spans, data points or log records.
    pub(crate) items: usize,
    /// A message field that is not repeated came twice. Protobuf merges the two.
    pub(crate) merge: bool,
}

/// What the walk found so far.
struct Walk {
    items: usize,
    merge: bool,
}

/// Checks a request of `signal`. `None` carries no reason: that is for [`explain`], on the few that are refused.
pub(crate) fn check(signal: Signal, request: &[u8]) -> Option<Checked> {
    let mut walk = Walk { items: 0, merge: false };
    match signal {
        Signal::Traces => TracesRequest(request, 0, DEPTH, &mut walk)?,
        Signal::Metrics => MetricsRequest(request, 0, DEPTH, &mut walk)?,
        Signal::Logs => LogsRequest(request, 0, DEPTH, &mut walk)?,
    };
    Some(Checked { items: walk.items, merge: walk.merge })
}

/// The wire type of each kind of field.
macro_rules! wire {
    (U32) => {
        0
    };
    (I32) => {
        0
    };
    (S32) => {
        0
    };
    (I64) => {
        0
    };
    (Bool) => {
        0
    };
    (Enum) => {
        0
    };
    (Fixed64) => {
        1
    };
    (SFixed64) => {
        1
    };
    (Double) => {
        1
    };
    (Fixed32) => {
        5
    };
    ($other:ident) => {
        2
    };
}

/// What each kind demands of the bytes `$b` behind the key; yields the cursor behind the field. `$d` is the depth left.
macro_rules! take {
    (U32 $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (I32 $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (S32 $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (I64 $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (Bool $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (Enum($t:ident) $b:ident $d:ident $w:ident) => { skip_varint($b)? };
    (Fixed64 $b:ident $d:ident $w:ident) => { $b.get(8..)? };
    (SFixed64 $b:ident $d:ident $w:ident) => { $b.get(8..)? };
    (Double $b:ident $d:ident $w:ident) => { $b.get(8..)? };
    (Fixed32 $b:ident $d:ident $w:ident) => { $b.get(4..)? };
    (Bytes $b:ident $d:ident $w:ident) => {{ let (n, b) = length($b)?; b.get(n..)? }};
    (TraceId $b:ident $d:ident $w:ident) => { id($b, 16)? };
    (SpanId $b:ident $d:ident $w:ident) => { id($b, 8)? };
    (Str $b:ident $d:ident $w:ident) => { text($b)? };
    (Strs $b:ident $d:ident $w:ident) => { text($b)? };
    (Fixed64s $b:ident $d:ident $w:ident) => {{ let (n, b) = length($b)?; if n % 8 != 0 { return None } b.get(n..)? }};
    (Doubles $b:ident $d:ident $w:ident) => { take!(Fixed64s $b $d $w) };
    (Varints $b:ident $d:ident $w:ident) => {{ let (n, b) = length($b)?; packed_varints(b, n)? }};
    (Many(KeyValue) $b:ident $d:ident $w:ident) => {
        match short_attribute($b) { Some(b) if $d > 1 => b, _ => take!(Any(KeyValue) $b $d $w) }
    };
    (Item($t:ident) $b:ident $d:ident $w:ident) => {{ $w.items += 1; take!(Any($t) $b $d $w) }};
    ($any:ident($t:ident) $b:ident $d:ident $w:ident) => {{
        let (n, b) = length($b)?;
        if $d == 0 { return None }
        $t(b, b.len().checked_sub(n)?, $d - 1, $w)?
    }};
}

/// Repeated scalars may also come one by one.
macro_rules! also {
    (Fixed64s $key:ident $n:literal $b:ident) => { if $key == $n << 3 | 1 { $b = $b.get(8..)?; continue } };
    (Doubles $key:ident $n:literal $b:ident) => { also!(Fixed64s $key $n $b) };
    (Varints $key:ident $n:literal $b:ident) => { if $key == $n << 3 { $b = skip_varint($b)?; continue } };
    ($other:ident $key:ident $n:literal $b:ident) => {};
}

/// A single message that comes twice is merged; a metric's data of another kind replaces what came before.
macro_rules! again {
    (One $n:literal $w:ident $before:ident $seen:ident) => {
        if $seen & 1 << $n != 0 {
            $w.merge = true
        }
        $seen |= 1 << $n;
    };
    (Arm $n:literal $w:ident $before:ident $seen:ident) => {
        if $seen != 0 {
            $w.merge = true
        }
        if $seen != 1 << $n {
            $seen = 1 << $n;
            $w.items = $before;
        }
    };
    ($other:ident $n:literal $w:ident $before:ident $seen:ident) => {};
}

/// One function a message.
macro_rules! functions { ($($message:ident $read:ident
    { $($n:literal $field:ident $kind:ident $(($t:ident))? $(@ $mark:ident)?)* })*) => { $(
    #[allow(non_snake_case, reason = "named for the message")]
    #[allow(unused_variables, unused_mut, unused_assignments, reason = "not every message has single messages")]
    fn $message<'a>(mut b: In<'a>, end: usize, depth: u32, walk: &mut Walk) -> Option<In<'a>> {
        let (before, mut seen) = (walk.items, 0_u32);
        while b.len() > end {
            let key;
            (key, b) = self::key(b)?;
            $( if key == const { $n << 3 | wire!($kind) } {
                again!($kind $n walk before seen);
                b = take!($kind $(($t))? b depth walk);
                continue;
            } )*
            $( also!($kind key $n b); )*
            if [$($n),*].contains(&(key >> 3)) { return None } // a known field in a wrong wire type
            b = unknown(key, b, depth)?;
        }
        (b.len() == end).then_some(b)
    }
)* } }

crate::schema::otlp!(functions);

/// A trace or span id: `size` bytes or none.
#[inline]
fn id(b: In<'_>, size: usize) -> Option<In<'_>> {
    let (n, b) = length(b)?;
    if n != size && n != 0 {
        return None;
    }
    b.get(n..)
}

#[cfg(test)]
mod tests;
