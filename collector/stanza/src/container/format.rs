//! The formats that runtimes write.

use slimcol_entry::json::Numbers;

use crate::{Map, Text, Value, parse::Parse};

/// Who wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Docker: JSON.
    Docker,
    /// CRI-O: words, of which the first is a time with an offset.
    Crio,
    /// containerd: words, of which the first is a time in UTC.
    Containerd,
}

/// Reads Docker's lines.
#[derive(Debug)]
pub(super) struct Docker;

/// Reads the lines of CRI-O or containerd.
#[derive(Debug)]
pub(super) struct Cri(pub(super) Format);

impl Format {
    /// The one that a configuration calls so.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "docker" => Some(Self::Docker),
            "crio" => Some(Self::Crio),
            "containerd" => Some(Self::Containerd),
            _ => None,
        }
    }

    /// The one that a line is in.
    pub(super) fn of(line: &str) -> Option<Self> {
        if line.starts_with('{') {
            return Some(Self::Docker);
        }
        [Self::Crio, Self::Containerd].into_iter().find(|format| format.split(line).is_some())
    }

    /// Time, stream, tag and text of a line.
    fn split(self, line: &str) -> Option<[&str; 4]> {
        let (time, rest) = line.split_once(' ')?;
        let digits = match self {
            Self::Docker => return None,
            Self::Crio => time,
            Self::Containerd => time.strip_suffix('Z').filter(|time| !time.contains('^'))?,
        };
        let (stream, rest) = rest.split_once(' ')?;
        let (tag, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let right = !digits.is_empty()
            && !digits.contains('Z')
            && matches!(stream, "stdout" | "stderr")
            && !text.contains('\n');
        right.then_some([time, stream, tag, text])
    }
}

impl Parse for Docker {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Text(_) => Numbers::Floats.parse(value),
            other => Err(format!("type '{}' cannot be parsed as docker container logs", other.go_type())),
        }
    }
}

impl Parse for Cri {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let Value::Text(line) = value else {
            let what = if self.0 == Format::Crio { "cri-o container" } else { "containerd" };
            return Err(format!("type '{}' cannot be parsed as {what} logs", value.go_type()));
        };
        let parts = self.0.split(line).ok_or("regex pattern does not match")?;
        let pair =
            |(name, part): (&'static str, &str)| (Text::from_static(name), Value::Text(line.slice_ref(part)));
        let pairs = ["time", "stream", "logtag", "log"].into_iter().zip(parts).map(pair).collect();
        Ok(Value::Map(Map::from_pairs(pairs)))
    }
}
