//! Cuts requests into smaller ones on their encoded form: what fits goes over whole and uncopied, and only the resource,
//! scope or metric on the edge is written anew, its header in both parts.
//!
//! The order of trying is the Go batch processor's: whole resources, then scopes, then records, then a metric's points.

use std::{mem, ops::Range};

use bytes::Bytes;

use crate::{
    Signal,
    fields::{Field, Fields},
    level::Level,
    put,
    rope::{Piece, Rope},
};

/// What a part may hold at most.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Items(usize),
    Bytes(usize),
}

/// Repeated headers may grow a request by so many bytes and eight times its size; a resource of a megabyte before ten
/// thousand tiny records would be ten gigabytes otherwise.
const GROWTH: usize = 64 << 20;

/// Parts of `whole` within `limit`, in order. Without items beyond the limit that is `whole` itself.
pub(crate) fn split(signal: Signal, whole: Rope, limit: Limit) -> Vec<Rope> {
    let (size, max) = match limit {
        Limit::Items(max) => (whole.items(), max),
        Limit::Bytes(max) => (whole.len(), max),
    };
    if size <= max {
        return vec![whole];
    }
    let growth = whole.len().saturating_mul(8).saturating_add(GROWTH);
    let mut splitter = Splitter {
        signal,
        limit,
        max,
        left: max,
        growth,
        parts: Vec::new(),
        part: Vec::new(),
        run: None,
        open: Vec::new(),
        items: 0,
    };
    for piece in whole.pieces() {
        splitter.piece(piece);
    }
    splitter.end_part();
    splitter.parts
}

struct Splitter {
    signal: Signal,
    limit: Limit,
    max: usize,
    /// How much more the part being filled may take.
    left: usize,
    /// How many more bytes of repeated headers are allowed.
    growth: usize,
    parts: Vec<Rope>,
    /// The part being filled, but for the run and the open messages.
    part: Vec<Piece>,
    run: Option<Run>,
    /// The messages being cut, outermost first.
    open: Vec<Open>,
    /// Items in the open messages.
    items: usize,
}

/// Neighbours in one piece that go over whole.
struct Run {
    source: Bytes,
    range: Range<usize>,
    items: usize,
}

/// A message being cut.
struct Open {
    number: u32,
    header: Vec<u8>,
    content: Vec<u8>,
}

impl Splitter {
    fn piece(&mut self, piece: &Piece) {
        let cost = self.cost(piece.items, piece.bytes.len());
        if cost <= self.left {
            self.left -= cost;
            self.part.push(piece.clone());
            return;
        }
        let mut at = 0;
        for field in Fields::of(&piece.bytes) {
            let range = at..at + field.whole.len();
            at = range.end;
            if Level::Request.repeats(field.number) {
                self.resource(piece, field, range);
            } else {
                self.fits(Level::Item, field, 0);
                self.extend(piece, range, 0);
            }
        }
        self.end_run();
    }

    /// A resource with all that it has, which stands at `range` in `piece`.
    fn resource(&mut self, piece: &Piece, field: Field<'_>, range: Range<usize>) {
        let items = Level::Resource.count(self.signal, field.value);
        if self.fits(Level::Resource, field, items) {
            self.extend(piece, range, items);
        } else {
            self.end_run();
            self.cut(Level::Resource, field);
            let body = self.take_open();
            self.open.clear();
            self.push(body);
        }
    }

    /// Makes room for a message if it must stay whole, and says whether it is to go over whole.
    fn fits(&mut self, level: Level, field: Field<'_>, items: usize) -> bool {
        let cost = self.cost(items, field.whole.len());
        let atom = !Fields::of(field.value).any(|inner| level.repeats(inner.number)) || self.growth == 0;
        if cost > self.left && (atom || self.left == 0) {
            self.next_part();
        }
        let fits = cost <= self.left || atom;
        if fits {
            self.left = self.left.saturating_sub(cost);
        }
        fits
    }

    /// Opens a message and places what it repeats; what of it is in the last part stays in `open[..].content`.
    fn cut(&mut self, level: Level, field: Field<'_>) {
        let mut header = Vec::new();
        for own in Fields::of(field.value).filter(|own| !level.repeats(own.number)) {
            header.extend_from_slice(own.whole);
        }
        let open = Open { number: field.number, header, content: Vec::new() };
        if self.overhead(&open) > self.left {
            self.next_part();
        }
        self.left = self.left.saturating_sub(self.overhead(&open));
        self.open.push(open);
        let below = level.below(self.signal);
        for child in Fields::of(field.value).filter(|child| level.repeats(child.number)) {
            let items = below.count(self.signal, child.value);
            if self.fits(below, child, items) {
                self.items += items;
                if let Some(open) = self.open.last_mut() {
                    open.content.extend_from_slice(child.whole);
                }
            } else {
                self.cut(below, child);
                self.close();
            }
        }
    }

    /// Ends the innermost open message, which becomes content of the one around it.
    fn close(&mut self) {
        let Some(inner) = self.open.pop() else { return };
        if let Some(outer) = self.open.last_mut()
            && !inner.content.is_empty()
        {
            put::head(&mut outer.content, inner.number, inner.header.len() + inner.content.len());
            outer.content.extend_from_slice(&inner.header);
            outer.content.extend_from_slice(&inner.content);
        }
    }

    /// What the open messages hold, headers and all. They stay open, without content.
    fn take_open(&mut self) -> Vec<u8> {
        let mut inner = Vec::new();
        for open in self.open.iter_mut().rev() {
            let content = mem::take(&mut open.content);
            if content.is_empty() && inner.is_empty() {
                continue;
            }
            let len = open.header.len() + content.len() + inner.len();
            let mut body = Vec::with_capacity(put::bytes_len(open.number, len));
            put::head(&mut body, open.number, len);
            for part in [&open.header, &content, &inner] {
                body.extend_from_slice(part);
            }
            self.growth = self.growth.saturating_sub(open.header.len());
            inner = body;
        }
        inner
    }

    /// Ends the part, unless it holds nothing, and opens the next with the same messages open. Not if that would repeat
    /// headers beyond all measure.
    fn next_part(&mut self) {
        if self.growth == 0 {
            return;
        }
        self.end_run();
        let body = self.take_open();
        self.push(body);
        self.end_part();
        let open: usize = self.open.iter().map(|open| self.overhead(open)).sum();
        self.left = self.max.saturating_sub(open);
    }

    fn push(&mut self, body: Vec<u8>) {
        if !body.is_empty() {
            self.part.push(Piece { bytes: body.into(), items: mem::take(&mut self.items) });
        }
    }

    fn extend(&mut self, piece: &Piece, range: Range<usize>, items: usize) {
        match &mut self.run {
            Some(run) if run.range.end == range.start => {
                run.range.end = range.end;
                run.items += items;
            }
            _ => {
                self.end_run();
                self.run = Some(Run { source: piece.bytes.clone(), range, items });
            }
        }
    }

    fn end_run(&mut self) {
        if let Some(run) = self.run.take() {
            self.part.push(Piece { bytes: run.source.slice(run.range), items: run.items });
        }
    }

    fn end_part(&mut self) {
        if !self.part.is_empty() {
            self.parts.push(self.part.drain(..).collect());
        }
    }

    fn cost(&self, items: usize, bytes: usize) -> usize {
        match self.limit {
            Limit::Items(_) => items,
            Limit::Bytes(_) => bytes,
        }
    }

    /// What a header costs: its bytes, its key, and as long a length as the part can have.
    fn overhead(&self, open: &Open) -> usize {
        let key = put::varint_len((open.number << 3) as usize);
        self.cost(0, open.header.len() + key + put::varint_len(self.max))
    }
}

#[cfg(test)]
mod tests;
