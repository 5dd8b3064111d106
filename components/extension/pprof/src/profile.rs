//! Stacks as a pprof profile (`profile.proto` of github.com/google/pprof): addresses, where the program lies in memory, and names as far as
//! the program has them.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use flate2::{Compression, write::GzEncoder};

use crate::{
    image::{self, Mapping},
    ticks::FREQUENCY,
    wire::Message,
};

/// A stack, from the innermost frame outwards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stack {
    /// The thread's name.
    pub(crate) thread: String,
    /// Where each frame is, or returns to.
    pub(crate) addresses: Vec<usize>,
}

/// How often each stack was seen.
#[derive(Debug)]
pub(crate) struct Stacks(pub(crate) HashMap<Stack, u64>);

/// A profile in the making.
#[derive(Default)]
struct Profile {
    message: Message,
    strings: Vec<String>,
    known: HashMap<String, u64>,
    locations: BTreeMap<u64, u64>,
    functions: HashMap<String, u64>,
}

/// The compressed profile.
///
/// # Errors
/// The compressor's.
pub(crate) fn encode(stacks: &Stacks, begun: SystemTime, took: Duration) -> Result<Vec<u8>, String> {
    let mut profile = Profile::default();
    profile.string("");
    for (kind, unit) in [("samples", "count"), ("cpu", "nanoseconds")] {
        let value = profile.value_type(kind, unit);
        profile.message.message(1, &value);
    }
    let period = 1_000_000_000 / u64::try_from(FREQUENCY).unwrap_or(1);
    let mappings = image::mappings();
    for (stack, count) in &stacks.0 {
        profile.sample(stack, *count, period, &mappings);
    }
    let is_named = !profile.functions.is_empty();
    for (at, mapping) in mappings.iter().enumerate() {
        let (file, build_id) = (profile.string(&mapping.file), profile.string(&mapping.build_id));
        let mut entry = Message::default();
        entry.number(1, at as u64 + 1);
        entry.number(2, mapping.start);
        entry.number(3, mapping.end);
        entry.number(4, mapping.offset);
        entry.number(5, file);
        entry.number(6, build_id);
        entry.number(7, u64::from(is_named));
        profile.message.message(3, &entry);
    }
    let period_type = profile.value_type("cpu", "nanoseconds");
    for text in &profile.strings {
        profile.message.bytes(6, text.as_bytes());
    }
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    profile.message.number(9, nanos(begun.duration_since(UNIX_EPOCH).unwrap_or_default()));
    profile.message.number(10, nanos(took));
    profile.message.message(11, &period_type);
    profile.message.number(12, period);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let written = gzip.write_all(&profile.message.0).and_then(|()| gzip.finish());
    written.map_err(|error| error.to_string())
}

impl Profile {
    /// The place of `text` in the table of strings.
    fn string(&mut self, text: &str) -> u64 {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = self.strings.len() as u64;
        self.strings.push(text.to_owned());
        self.known.insert(text.to_owned(), at);
        at
    }

    fn value_type(&mut self, kind: &str, unit: &str) -> Message {
        let mut message = Message::default();
        message.number(1, self.string(kind));
        message.number(2, self.string(unit));
        message
    }

    fn sample(&mut self, stack: &Stack, count: u64, period: u64, mappings: &[Mapping]) {
        let mut sample = Message::default();
        for (depth, address) in stack.addresses.iter().enumerate() {
            // Outer frames are where a call returns to, which can be the next line or the next function.
            let address = (*address as u64).saturating_sub(u64::from(depth != 0));
            sample.number(1, self.location(address, mappings));
        }
        sample.number(2, count);
        sample.number(2, count.saturating_mul(period));
        let mut label = Message::default();
        label.number(1, self.string("thread"));
        label.number(2, self.string(&stack.thread));
        sample.message(3, &label);
        self.message.message(2, &sample);
    }

    fn location(&mut self, address: u64, mappings: &[Mapping]) -> u64 {
        if let Some(id) = self.locations.get(&address) {
            return *id;
        }
        let id = self.locations.len() as u64 + 1;
        self.locations.insert(address, id);
        let mut location = Message::default();
        location.number(1, id);
        if let Some(at) = mappings.iter().position(|mapping| (mapping.start..mapping.end).contains(&address))
        {
            location.number(2, at as u64 + 1);
        }
        location.number(3, address);
        for (name, file, line) in names(address) {
            let function = self.function(&name, &file);
            let mut entry = Message::default();
            entry.number(1, function);
            entry.number(2, u64::from(line));
            location.message(4, &entry);
        }
        self.message.message(4, &location);
        id
    }

    fn function(&mut self, name: &str, file: &str) -> u64 {
        if let Some(id) = self.functions.get(name) {
            return *id;
        }
        let id = self.functions.len() as u64 + 1;
        self.functions.insert(name.to_owned(), id);
        let mut function = Message::default();
        function.number(1, id);
        for field in [2, 3] {
            function.number(field, self.string(name));
        }
        function.number(4, self.string(file));
        self.message.message(5, &function);
        id
    }
}

/// The function at `address` and those that were inlined there, the innermost first; none in a program without symbols.
#[cfg(symbols)]
fn names(address: u64) -> Vec<(String, String, u32)> {
    let mut names = Vec::new();
    let Ok(address) = usize::try_from(address) else { return names };
    backtrace::resolve(std::ptr::without_provenance_mut(address), |symbol| {
        if let Some(name) = symbol.name() {
            let file = symbol.filename().map(|file| file.display().to_string()).unwrap_or_default();
            // The alternate form leaves the hash out.
            names.push((format!("{name:#}"), file, symbol.lineno().unwrap_or_default()));
        }
    });
    names
}

#[cfg(not(symbols))]
fn names(_address: u64) -> [(String, String, u32); 0] {
    []
}
