//! Lines, the way that has to be fast.

use memchr::memchr_iter;

use super::{Found, Span, Splitter, State};

impl Splitter {
    /// Takes all lines that have an end, from `from` on, and says where what is left begins.
    pub(super) fn lines(&self, text: &[u8], from: usize, state: &mut State, spans: &mut Vec<Span>) -> usize {
        let mut start = from;
        for newline in memchr_iter(b'\n', &text[from..]) {
            let newline = from + newline;
            let end = newline - usize::from(newline > start && text[newline - 1] == b'\r');
            if end - start <= self.longest && !state.skipping {
                spans.push(self.span(text, start, start, end));
            } else {
                self.long(text, Found { start, end, next: newline + 1 }, state, spans);
            }
            start = newline + 1;
        }
        start
    }

    /// A line that is too long, piece by piece, or the rest of one that was.
    #[cold]
    fn long(&self, text: &[u8], line: Found, state: &mut State, spans: &mut Vec<Span>) {
        let mut start = line.start;
        while start < line.next {
            start = self.push(text, start, Found { start, ..line }, state, spans);
        }
    }
}
