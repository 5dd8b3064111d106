//! `time_parser`, and `timestamp` in other parsers.

use std::collections::BTreeMap;

use slimcol_config::{Section, Settings};
use slimcol_timeformat::{Epoch, Layout, Zone};

use super::missing;
use crate::{
    Entry, Field, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// The keys of it.
#[derive(Debug)]
pub(crate) struct TimeConfig {
    parse_from: Option<Field>,
    layout: String,
    layout_type: String,
    location: String,
    zones: BTreeMap<String, String>,
}

/// Reads times.
#[derive(Debug)]
pub(crate) struct TimeOf {
    from: Field,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Whole nanoseconds since 1970, which a parser made of a time.
    Nanos,
    Epoch(Epoch),
    Layout(Layout, Places),
}

/// Which zone a text is in that does not say.
#[derive(Debug)]
struct Places {
    default: Zone,
    named: Vec<(String, Zone)>,
}

impl Settings for TimeConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        let layout_type = from.get("layout_type", String::new());
        Self {
            parse_from: from.find("parse_from"),
            layout: from.get("layout", String::new()),
            layout_type: if layout_type.is_empty() { "strptime".into() } else { layout_type },
            location: from.get("location", String::new()),
            zones: from.get("time_zone_locations", BTreeMap::new()),
        }
    }
}

impl TimeConfig {
    pub(crate) fn build(&self) -> Result<TimeOf, String> {
        let from = self.parse_from.clone().ok_or("missing required parameter 'parse_from'")?;
        if self.layout.is_empty() {
            return Err("missing required configuration parameter `layout`".into());
        }
        let how = match &*self.layout_type {
            "epoch" => How::Epoch(Epoch::from_word(&self.layout).ok_or("invalid `layout` for `epoch` type")?),
            "gotime" => {
                let layout =
                    Layout::gotime(&self.layout).map_err(|e| format!("invalid gotime layout: {e}"))?;
                How::Layout(layout, self.places("MST")?)
            }
            "strptime" => {
                let layout =
                    Layout::strptime(&self.layout).map_err(|e| format!("invalid strptime layout: {e}"))?;
                How::Layout(layout, self.places("%Z")?)
            }
            other => return Err(format!("unsupported layout_type {other}")),
        };
        Ok(TimeOf { from, how })
    }

    /// The zones; `directive` is what the layout must have if there are several.
    fn places(&self, directive: &str) -> Result<Places, String> {
        let load = |name: &str| {
            Zone::load(name).map_err(|e| format!("invalid 'location': failed to load location {name}: {e}"))
        };
        let default = match &*self.location {
            "" if self.layout.ends_with('Z') => Zone::Utc,
            "" => Zone::local(),
            name => load(name)?,
        };
        let named = |(abbreviation, name): (&String, &String)| match Zone::load(name) {
            Ok(zone) => Ok((abbreviation.clone(), zone)),
            Err(error) => Err(format!(
                "invalid 'location': invalid time_zone_locations entry {abbreviation:?}: failed to load location \
                 {name:?}: {error}"
            )),
        };
        let named = self.zones.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        if !named.is_empty() && !self.layout.contains(directive) {
            return Err(format!(
                "'time_zone_locations' requires the layout to contain a timezone abbreviation directive (%Z for \
                 strptime / MST for gotime), but layout {:?} has none",
                self.layout
            ));
        }
        Ok(Places { default, named })
    }
}

impl Places {
    /// The zone of the first word in capitals that is configured.
    fn of(&self, text: &[u8]) -> &Zone {
        if self.named.is_empty() {
            return &self.default;
        }
        text.split(|b| !(b.is_ascii_alphanumeric() || *b == b'_'))
            .filter(|word| (2..=5).contains(&word.len()) && word.iter().all(u8::is_ascii_uppercase))
            .find_map(|word| self.named.iter().find(|(name, _)| name.as_bytes() == word))
            .map_or(&self.default, |(_, zone)| zone)
    }
}

impl TimeOf {
    /// Takes the time from a field in which a parser left it, as nanoseconds since 1970.
    pub(crate) fn nanos(from: Field) -> Self {
        Self { from, how: How::Nanos }
    }

    /// Gives the entry its time.
    pub(crate) fn apply(&self, entry: &mut Entry) -> Result<(), String> {
        let value = self.from.get(entry).ok_or_else(|| missing(&self.from))?;
        let time = match (&self.how, value) {
            (How::Nanos, Value::Int(nanos)) => {
                entry.timestamp = Some(*nanos);
                return Ok(());
            }
            (How::Epoch(epoch), Value::Text(text)) => epoch.text(text.as_bytes()),
            (How::Epoch(epoch), Value::Bytes(bytes)) => epoch.text(bytes),
            (How::Epoch(epoch), Value::Int(number)) => Ok(epoch.int(*number)),
            (How::Epoch(epoch), Value::Float(number)) => epoch.float(*number),
            (How::Layout(layout, places), Value::Text(text)) => {
                layout.parse(text.as_bytes(), places.of(text.as_bytes()))
            }
            (How::Layout(layout, places), Value::Bytes(bytes)) => layout.parse(bytes, &places.default),
            (_, other) => return Err(format!("type {} cannot be parsed as a time", other.go_type())),
        };
        entry.timestamp = Some(time.map_err(|error| error.to_string())?.unix_nanos());
        Ok(())
    }
}

/// `time_parser`
#[derive(Debug)]
pub(crate) struct TimeParser {
    common: Common,
    time: TimeConfig,
}

impl Settings for TimeParser {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), time: TimeConfig::read(from) }
    }
}

impl Build for TimeParser {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(self.time.build()?)))
    }
}

impl Change for TimeOf {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        self.apply(entry).map_err(Fault::Entry)
    }
}
