//! `{a,b}`: the patterns that one pattern with alternatives stands for.

use std::iter::once;

use super::segment::BAD;

/// More alternatives than this are refused: each pair of braces multiplies.
const MOST: usize = 1000;

/// The patterns without alternatives, in order. Escapes stay.
pub(super) fn expand(pattern: &str) -> Result<Vec<String>, &'static str> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(next) = open.pop() {
        match first(&next)? {
            None => done.push(next),
            Some(Braces { from, commas, to }) => {
                let starts = once(&from).chain(&commas).map(|before| before + 1);
                let ways = starts.zip(commas.iter().copied().chain([to]));
                let made: Vec<_> = ways
                    .map(|(start, end)| format!("{}{}{}", &next[..from], &next[start..end], &next[to + 1..]))
                    .collect();
                open.extend(made.into_iter().rev());
            }
        }
        if done.len() + open.len() > MOST {
            return Err("too many alternatives in pattern");
        }
    }
    Ok(done)
}

/// Where a pair of braces is, and the commas right in it.
struct Braces {
    from: usize,
    commas: Vec<usize>,
    to: usize,
}

fn first(pattern: &str) -> Result<Option<Braces>, &'static str> {
    let mut open = None;
    let mut depth = 0_usize;
    let mut in_class = false;
    let mut commas = Vec::new();
    let mut bytes = pattern.bytes().enumerate();
    while let Some((at, c)) = bytes.next() {
        match c {
            b'\\' => drop(bytes.next()),
            b']' => in_class = false,
            _ if in_class => {}
            b'[' => in_class = true,
            b'{' => {
                depth += 1;
                open = open.or(Some(at));
            }
            b',' if depth == 1 => commas.push(at),
            b'}' => match (depth.checked_sub(1), open) {
                (Some(0), Some(from)) => return Ok(Some(Braces { from, commas, to: at })),
                (Some(less), _) => depth = less,
                (None, _) => return Err(BAD),
            },
            _ => {}
        }
    }
    if open.is_some() { Err(BAD) } else { Ok(None) }
}
