//! What an evaluation may cost.

/// Parts of an expression that may be evaluated, 64 bytes of text counting as one.
const STEPS: u64 = 4_000_000;
/// Items of lists that may be made; Go's figure.
const ITEMS: usize = 1_000_000;
/// Bytes of texts that may be made.
const BYTES: usize = 64 << 20;

/// What is left for one evaluation, so that no expression takes time or room without end.
#[derive(Debug)]
pub struct Meter {
    steps: u64,
    items: usize,
    bytes: usize,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self { steps: STEPS, items: ITEMS, bytes: BYTES }
    }

    /// Counts one part of the expression.
    pub fn step(&mut self) -> Result<(), String> {
        self.steps(1)
    }

    /// Counts so many of them.
    pub fn steps(&mut self, count: usize) -> Result<(), String> {
        match self.steps.checked_sub(count as u64) {
            Some(left) => self.steps = left,
            None => return Err(spent("evaluation takes too long")),
        }
        Ok(())
    }

    /// Counts a text that is searched.
    pub fn read(&mut self, bytes: usize) -> Result<(), String> {
        self.steps(bytes / 64)
    }

    /// Counts a list that is made.
    pub fn items(&mut self, count: usize) -> Result<(), String> {
        match self.items.checked_sub(count) {
            Some(left) if left > 0 => self.items = left,
            _ => return Err(spent("memory budget exceeded")),
        }
        self.steps(count)
    }

    /// Counts a text that is made.
    pub fn bytes(&mut self, count: usize) -> Result<(), String> {
        match self.bytes.checked_sub(count) {
            Some(left) => self.bytes = left,
            None => return Err(spent("memory budget exceeded")),
        }
        self.read(count)
    }
}

/// Apart from the counting, which is done for every part of an expression.
#[cold]
fn spent(what: &str) -> String {
    what.to_owned()
}
