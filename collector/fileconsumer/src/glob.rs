//! Patterns of paths, as doublestar (Go) reads them: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any folders.

mod brace;
mod segment;
mod walk;

use self::segment::Segment;
pub(crate) use self::walk::Found;

/// A pattern. `{a,b}` makes several of it, of which each is a list of names.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    ways: Vec<Way>,
}

/// A pattern without alternatives.
#[derive(Clone, Debug)]
struct Way {
    /// Whether it starts at the root.
    absolute: bool,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// A name with nothing to match in it.
    Name(Vec<u8>),
    /// A name to match.
    Match(Segment),
    /// `**`: folders, or none.
    Folders,
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// doublestar's words.
    pub(crate) fn new(pattern: &str) -> Result<Self, &'static str> {
        let ways = brace::expand(pattern)?;
        Ok(Self { ways: ways.iter().map(|way| Way::new(way)).collect::<Result<_, _>>()? })
    }

    /// Whether a path matches.
    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        let absolute = path.first() == Some(&b'/');
        let names: Vec<_> = path.split(|&c| c == b'/').skip(usize::from(absolute)).collect();
        self.ways.iter().any(|way| way.absolute == absolute && matches(&way.parts, &names))
    }
}

impl Way {
    fn new(pattern: &str) -> Result<Self, &'static str> {
        let absolute = pattern.starts_with('/');
        let names = pattern.split('/').skip(usize::from(absolute));
        let parts = names.map(|name| -> Result<Part, &'static str> {
            Ok(match name {
                "**" => Part::Folders,
                name => match Segment::new(name)? {
                    segment if segment.is_literal() => Part::Name(segment.literal()),
                    segment => Part::Match(segment),
                },
            })
        });
        Ok(Self { absolute, parts: parts.collect::<Result<_, _>>()? })
    }
}

impl Part {
    fn matches(&self, name: &[u8]) -> bool {
        match self {
            Self::Name(this) => this == name,
            Self::Match(segment) => segment.matches(name),
            Self::Folders => false,
        }
    }
}

/// Matches names from the left. Where it fails, the last `**` takes one more: an earlier one need not, since it could only
/// leave less to what follows.
fn matches(parts: &[Part], names: &[&[u8]]) -> bool {
    let (mut part, mut name) = (0, 0);
    let mut retry = None;
    loop {
        match parts.get(part) {
            Some(Part::Folders) => {
                part += 1;
                retry = Some((part, name));
                continue;
            }
            Some(this) if names.get(name).is_some_and(|name| this.matches(name)) => {
                part += 1;
                name += 1;
                continue;
            }
            None if name == names.len() => return true,
            _ => {}
        }
        // What ends in `**` takes all that is left.
        match retry {
            Some((after, from)) if from < names.len() => {
                part = after;
                name = from + 1;
                retry = Some((after, name));
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests;
