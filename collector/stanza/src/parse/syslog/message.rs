//! What a message says.

use crate::{Map, Text, Value};

use super::priority::Priority;

/// The attribute that a message's time stands in until it is the entry's.
pub(super) const TIMESTAMP: &str = "timestamp";
/// The attribute that a message's severity stands in until it is the entry's.
pub(super) const SEVERITY: &str = "severity";

/// The parts of a message, of which `-` and nothing are none.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) priority: Priority,
    pub(super) version: Option<u16>,
    /// Nanoseconds since 1970.
    pub(super) timestamp: Option<i64>,
    pub(super) hostname: Option<Text>,
    pub(super) appname: Option<Text>,
    pub(super) proc_id: Option<Text>,
    pub(super) msg_id: Option<Text>,
    pub(super) structured_data: Option<Map>,
    pub(super) text: Option<Text>,
}

impl Message {
    pub(super) fn new(priority: Priority) -> Self {
        Self {
            priority,
            version: None,
            timestamp: None,
            hostname: None,
            appname: None,
            proc_id: None,
            msg_id: None,
            structured_data: None,
            text: None,
        }
    }

    /// The parts by their names; without `priority` its are left out.
    pub(super) fn into_map(self, priority: bool) -> Map {
        let mut map = Map::with_capacity(12);
        let mut put = |name, value| map.insert(Text::from_static(name), value);
        if let Some(time) = self.timestamp {
            put(TIMESTAMP, Value::Int(time));
        }
        for (name, text) in [
            ("hostname", self.hostname),
            ("appname", self.appname),
            ("proc_id", self.proc_id),
            ("msg_id", self.msg_id),
            ("message", self.text),
        ] {
            if let Some(text) = text {
                put(name, Value::Text(text));
            }
        }
        if let Some(data) = self.structured_data {
            put("structured_data", Value::Map(data));
        }
        if let Some(version) = self.version {
            put("version", Value::Int(version.into()));
        }
        if priority {
            self.priority.put(&mut map);
        }
        map
    }
}

/// A part of a text; `-` and nothing are none.
pub(super) fn part(text: &Text, start: usize, end: usize) -> Option<Text> {
    let part = text.get(start..end).filter(|part| !matches!(*part, "" | "-"))?;
    Some(text.slice_ref(part))
}
