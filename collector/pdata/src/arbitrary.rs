//! Random requests for tests: led by the schema, with a small chance of every kind of fault at every place.
#![expect(clippy::cast_possible_truncation, reason = "random bits are cut to size")]

use crate::{
    Signal,
    otlp::request,
    put,
    schema::table::{Field, Kind, Message},
};

/// Makes requests; the same for the same seed.
pub(crate) struct Arbitrary {
    state: u64,
    /// One in so many things is wrong; 0 for none.
    pub(crate) fault: u64,
    /// How many more messages may be made.
    left: u32,
    /// Values nest at least so deep.
    chain: u32,
}

impl Arbitrary {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, fault: 0, left: 0, chain: 0 }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    /// Without faults requests stay well within the depth that is allowed.
    fn deepest(&self) -> u32 {
        if self.fault == 0 { 94 } else { 112 }
    }

    fn fault(&mut self) -> bool {
        self.fault != 0 && self.below(self.fault) == 0
    }

    /// A request; without faults it is valid.
    pub(crate) fn request(&mut self, signal: Signal) -> Vec<u8> {
        self.left = 12 + u32::try_from(self.below(60)).unwrap();
        self.chain = if self.below(25) == 0 { 85 + u32::try_from(self.below(20)).unwrap() } else { 0 };
        self.left += self.chain;
        let mut bytes = self.message(request(signal), 0);
        while bytes.len() < 40 && self.below(20) > 0 {
            let more = self.message(request(signal), 0);
            bytes.extend(more);
        }
        bytes
    }

    fn message(&mut self, message: &'static Message, depth: u32) -> Vec<u8> {
        let mut out = Vec::new();
        self.left = self.left.saturating_sub(1);
        let chained = depth > 2 && depth < self.chain.min(self.deepest());
        let link = chained && ["AnyValue", "ArrayValue", "KeyValueList", "KeyValue"].contains(&message.name);
        if message.name == "KeyValue" && !link && self.below(3) > 0 {
            self.attribute(&mut out);
            return out;
        }
        let fields = message.fields.len() as u64;
        let count = if link {
            1
        } else if self.below(4) == 0 {
            self.below(fields * 2)
        } else {
            self.below(6)
        };
        for _ in 0..count {
            let mut field = &message.fields[usize::try_from(self.below(fields)).unwrap()];
            if link {
                let inner: Vec<_> = message
                    .fields
                    .iter()
                    .filter(|field| matches!(field.kind, Kind::One(_) | Kind::Many(_)))
                    .collect();
                field = self.pick(&inner);
            }
            if self.below(40) == 0 && depth < self.deepest() {
                self.unknown(&mut out, depth);
            }
            if self.fault() {
                let wire = u32::try_from(self.below(8)).unwrap();
                put::key(&mut out, field.number, wire);
                self.scalar(wire, &mut out);
                continue;
            }
            self.field(field, link, depth, &mut out);
        }
        if self.fault() {
            let len = self.below(out.len() as u64 + 1);
            out.truncate(usize::try_from(len).unwrap());
        }
        out
    }

    fn field(&mut self, field: &Field, link: bool, depth: u32, out: &mut Vec<u8>) {
        if let Some(wire) = field.kind.also() {
            if self.below(2) == 0 {
                put::key(out, field.number, wire);
                return self.scalar(wire, out);
            }
            let mut packed = Vec::new();
            for _ in 0..self.below(8) {
                self.scalar(wire, &mut packed);
            }
            if self.fault() {
                packed.pop();
            }
            return self.body(field.number, &packed, out);
        }
        match field.kind {
            Kind::One(inner) | Kind::Many(inner) => {
                if (self.left > 0 || link) && depth < self.deepest() {
                    let body = self.message(inner, depth + 1);
                    self.body(field.number, &body, out);
                }
            }
            Kind::Str | Kind::Strs => {
                let text = self.text();
                self.body(field.number, &text, out);
            }
            Kind::TraceId | Kind::SpanId => {
                let mut id = vec![0; if matches!(field.kind, Kind::TraceId) { 16 } else { 8 }];
                id.fill_with(|| (self.next() >> 40) as u8);
                if self.below(8) == 0 {
                    id.clear();
                } else if self.fault() {
                    id.pop();
                }
                self.body(field.number, &id, out);
            }
            kind => {
                put::key(out, field.number, kind.wire());
                self.scalar(kind.wire(), out);
            }
        }
    }

    /// The usual attribute, or nearly: what the check's fast path looks at.
    fn attribute(&mut self, out: &mut Vec<u8>) {
        let key = self.text();
        self.body(1, &key, out);
        let mut value = Vec::new();
        match self.below(6) {
            0..3 => {
                let text = self.text();
                self.body(1, &text, &mut value);
            }
            3 => {
                put::key(&mut value, 3, 0);
                self.scalar(0, &mut value);
            }
            4 => put::varint_field(&mut value, 2, 1),
            _ => put::fixed64(&mut value, 4, self.next()),
        }
        if self.fault() {
            value.pop();
        }
        self.body(2, &value, out);
    }

    fn body(&mut self, number: u32, body: &[u8], out: &mut Vec<u8>) {
        put::key(out, number, 2);
        let len = if self.fault() { self.below(body.len() as u64 + 5) } else { body.len() as u64 };
        put::varint(out, len);
        out.extend_from_slice(body);
    }

    fn text(&mut self) -> Vec<u8> {
        let len = match self.below(20) {
            0 => 0,
            1 => self.below(300),
            2 => 60 + self.below(10),
            3 => 120 + self.below(16),
            _ => self.below(32),
        };
        let mut text: Vec<u8> = (0..len).map(|_| b' ' + (self.below(95) as u8)).collect();
        if self.below(12) == 0 {
            let odd = self.pick(&[
                "ü",
                "漢字",
                "🦀",
                "\u{7f}\u{80}",
                "\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}",
                "\0",
            ]);
            text.extend(odd.bytes());
        }
        if self.fault() {
            text.push(self.pick(&[0x80, 0xc0, 0xc3, 0xed, 0xf5, 0xff]));
        }
        text
    }

    fn scalar(&mut self, wire: u32, out: &mut Vec<u8>) {
        let value = self.next() >> self.below(64);
        match wire {
            0 => put::varint(out, value),
            1 => out.extend(value.to_le_bytes()),
            5 => out.extend((value as u32).to_le_bytes()),
            2 => {
                let text = self.text();
                put::varint(out, text.len() as u64);
                out.extend(text);
            }
            _ => {}
        }
    }

    fn unknown(&mut self, out: &mut Vec<u8>, depth: u32) {
        let number = self.pick(&[1000, (1 << 29) - 1, 17, 19, 40]);
        let number = if self.fault() { 0 } else { number };
        let wire =
            if self.fault() { u32::try_from(self.below(8)).unwrap() } else { self.pick(&[0, 1, 2, 3, 5]) };
        put::key(out, number, wire);
        self.scalar(wire, out);
        if wire == 3 {
            if depth < 80 && self.below(3) == 0 {
                self.unknown(out, depth + 1);
            }
            if !self.fault() {
                put::key(out, number, 4);
            }
        }
    }

    /// Damages `bytes` in a few places.
    pub(crate) fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                return;
            }
            let at = usize::try_from(self.below(bytes.len() as u64)).unwrap();
            let byte = (self.next() >> 40) as u8;
            match self.below(7) {
                0 => bytes[at] ^= 1 << (byte & 7),
                1 => bytes[at] = byte,
                2 => bytes[at] = self.pick(&[0, 1, 2, 8, 9, 10, 13, 18, 26, 34, 0x7f, 0x80, 0xff]),
                3 => drop(bytes.remove(at)),
                4 => bytes.insert(at, byte),
                5 => bytes.truncate(at),
                _ => {
                    let end = (at + usize::from(byte & 15)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
    }
}
