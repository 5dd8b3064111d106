//! `container`: lines as container runtimes write them.

mod format;
mod path;

use std::time::Duration;

use slimcol_config::{ByteSize, Section, Settings};
use slimcol_entry::json;
use slimcol_timeformat::{Layout, Zone};

use self::{
    format::{Cri, Docker, Format},
    path::Paths,
};
use crate::{
    Entry, Field, Text, Value,
    guard::Guard,
    operator::{Build, Hold, With, Work, detailed},
    parse::{Parser, ParserConfig},
    recombine::{Recombine, RecombineConfig},
};

/// The attribute that tells the file that an entry is from.
const PATH: &str = "log.file.path";
/// What tells the last part of a line that a runtime cut.
const IS_LAST: &str = "attributes.logtag == 'F'";

/// Its keys.
#[derive(Debug)]
pub(crate) struct ContainerConfig {
    parser: ParserConfig,
    format: String,
    add_metadata_from_filepath: bool,
    max_log_size: ByteSize,
}

/// Reads lines, and joins those that were cut.
#[derive(Debug)]
struct Container {
    id: String,
    guard: Guard,
    parser: Parser,
    /// `None` looks at each line.
    format: Option<Format>,
    /// What paths say, if that is asked for.
    paths: Option<Paths>,
    /// With a literal Z.
    zulu: Layout,
    /// With an offset.
    offset: Layout,
    lines: Recombine,
}

impl Settings for ContainerConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            parser: ParserConfig::read(from),
            format: from.get("format", String::new()),
            add_metadata_from_filepath: from.get("add_metadata_from_filepath", true),
            max_log_size: from.get("max_log_size", ByteSize(1 << 20)),
        }
    }
}

impl Build for ContainerConfig {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let guard = self.parser.guard(with)?;
        let parser = self.parser.parser()?;
        let format = match &*self.format {
            "" => None,
            word => Some(Format::from_word(word).ok_or_else(|| {
                detailed("operator config has an invalid `format` field.", &[("format", word)])
            })?),
        };
        let lines = RecombineConfig::bodies(Field::attribute(PATH), IS_LAST, self.max_log_size);
        Ok(Work::Hold(Box::new(Container {
            id: with.id.to_owned(),
            guard,
            parser,
            format,
            paths: if self.add_metadata_from_filepath { Some(Paths::new()?) } else { None },
            zulu: Layout::gotime("2006-01-02T15:04:05.999Z")?,
            offset: Layout::gotime("2006-01-02T15:04:05.999999999Z07:00")?,
            lines: lines.recombine(with)?,
        })))
    }
}

impl Hold for Container {
    fn period(&self) -> Duration {
        self.lines.period()
    }

    fn process(&self, entries: Vec<Entry>, errors: &mut Vec<String>) -> Vec<Entry> {
        let mut out = Vec::with_capacity(entries.len());
        // Lines in a row that may have been cut.
        let mut lines = Vec::new();
        for mut entry in entries {
            let admitted = self.guard.admits(&entry).map_err(|error| format!("running if expr: {error}"));
            let read = match admitted {
                Ok(true) => self.read(&mut entry).map(Some),
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            };
            if let Ok(Some(Format::Crio | Format::Containerd)) = read {
                lines.push(entry);
                continue;
            }
            out.append(&mut self.lines.process(std::mem::take(&mut lines), errors));
            match read {
                Ok(_) => out.push(entry),
                Err(error) => {
                    if self.guard.fail(&entry, error, errors) {
                        out.push(entry);
                    }
                }
            }
        }
        out.append(&mut self.lines.process(lines, errors));
        out
    }

    fn due(&self, now: i64) -> Vec<Entry> {
        self.lines.due(now)
    }
}

impl Container {
    /// Makes of the entry what its line says.
    fn read(&self, entry: &mut Entry) -> Result<Format, String> {
        let format = match self.format {
            Some(format) => format,
            None => self
                .detect(entry)
                .map_err(|why| format!("failed to detect a valid container log format: {why}"))?,
        };
        match format {
            Format::Docker => self.parser.parse_with(&Docker, entry)?,
            Format::Crio | Format::Containerd => self.parser.parse_with(&Cri(format), entry)?,
        }
        self.time(format, entry).map_err(|why| format!("failed to parse time: {why}"))?;
        entry.body = take(entry, "log")?;
        let stream = take(entry, "stream")?;
        entry.attributes.insert(Text::from_static("log.iostream"), stream);
        self.tell_pod(entry)?;
        Ok(format)
    }

    fn detect(&self, entry: &Entry) -> Result<Format, String> {
        let value = self.parser.from(entry).ok_or("entry cannot be parsed as container logs")?;
        let Value::Text(text) = value else {
            return Err(format!("type '{}' cannot be parsed as container logs", value.go_type()));
        };
        Format::of(text).ok_or_else(|| format!("entry cannot be parsed as container logs: {text}"))
    }

    fn time(&self, format: Format, entry: &mut Entry) -> Result<(), String> {
        let Some(value) = entry.attributes.get("time") else {
            let attributes = json::text(&Value::Map(entry.attributes.clone().into_map()));
            return Err(format!("failed to get the time from {attributes}"));
        };
        let Value::Text(text) = value else {
            return Err(format!("type {} cannot be parsed as a time", value.go_type()));
        };
        let time = match format {
            Format::Docker | Format::Containerd => self.zulu.parse(text.as_bytes(), &Zone::Utc),
            Format::Crio => self.offset.parse(text.as_bytes(), &Zone::local()),
        };
        entry.timestamp = Some(time.map_err(|error| error.to_string())?.unix_nanos());
        entry.attributes.remove("time");
        Ok(())
    }

    /// Puts what the path says of the pod on the resource.
    fn tell_pod(&self, entry: &mut Entry) -> Result<(), String> {
        let Some(paths) = &self.paths else { return Ok(()) };
        match entry.attributes.get(PATH) {
            Some(Value::Text(path)) => paths.tell(&path.clone(), entry),
            Some(other) => Err(format!("type '{}' cannot be parsed as log path field", other.go_type())),
            None => Err(format!(
                "operator '{}' has 'add_metadata_from_filepath' enabled, but the log record attribute '{PATH}' is \
                 missing. Perhaps enable the 'include_file_path' option?",
                self.id
            )),
        }
    }
}

fn take(entry: &mut Entry, name: &str) -> Result<Value, String> {
    entry.attributes.remove(name).ok_or_else(|| format!("move: field {name} does not exist"))
}
