//! One name of a path: `*`, `?` and classes.

/// What doublestar says of a bad pattern.
pub(super) const BAD: &str = "syntax error in pattern";

/// A pattern of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    /// `?`
    Any,
    /// `*`
    Star,
    /// Ranges, and whether what is in none of them matches.
    Class(Vec<(char, char)>, bool),
}

impl Segment {
    pub(super) fn new(pattern: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(c) = rest.next() {
            pieces.push(match c {
                '*' if pieces.last() == Some(&Piece::Star) => continue,
                '*' => Piece::Star,
                '?' => Piece::Any,
                '\\' => Piece::Char(rest.next().ok_or(BAD)?),
                '[' => {
                    let negated = rest.next_if(|c| matches!(c, '!' | '^')).is_some();
                    Piece::Class(class(&mut rest)?, negated)
                }
                c => Piece::Char(c),
            });
        }
        Ok(Self(pieces))
    }

    pub(super) fn is_literal(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Char(_)))
    }

    /// The name that a literal is.
    pub(super) fn literal(&self) -> Vec<u8> {
        let chars = self.0.iter().filter_map(|piece| match piece {
            Piece::Char(c) => Some(*c),
            _ => None,
        });
        chars.collect::<String>().into_bytes()
    }

    /// Whether the whole name matches. Where it fails, the last star takes one more.
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        let (mut piece, mut at) = (0, 0);
        let mut retry = None;
        loop {
            let here = next(&name[at..]);
            match (self.0.get(piece), here) {
                (Some(Piece::Star), _) => {
                    piece += 1;
                    retry = Some((piece, at));
                    continue;
                }
                (Some(this), Some((c, len))) if this.takes(c) => {
                    piece += 1;
                    at += len;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((after, from)) = retry else { return false };
            let Some((_, len)) = next(&name[from..]) else { return false };
            retry = Some((after, from + len));
            (piece, at) = (after, from + len);
        }
    }
}

impl Piece {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(this) => *this == c,
            Self::Any => true,
            Self::Star => false,
            Self::Class(ranges, negated) => {
                ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != *negated
            }
        }
    }
}

/// The first character and its length. A byte that is none is U+FFFD, as in Go.
fn next(name: &[u8]) -> Option<(char, usize)> {
    let first = *name.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let most = &name[..name.len().min(4)];
    let chunk = most.utf8_chunks().next()?;
    Some(chunk.valid().chars().next().map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8())))
}

fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Vec<(char, char)>, &'static str> {
    let mut ranges = Vec::new();
    loop {
        let low = match rest.next().ok_or(BAD)? {
            ']' if ranges.is_empty() => return Err(BAD),
            ']' => return Ok(ranges),
            '\\' => rest.next().ok_or(BAD)?,
            c => c,
        };
        let mut ahead = rest.clone();
        let ranges_on = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        let high = if ranges_on {
            rest.next();
            match rest.next().ok_or(BAD)? {
                '\\' => rest.next().ok_or(BAD)?,
                c => c,
            }
        } else {
            low
        };
        ranges.push((low, high));
    }
}
