//! Stamps: whether a part of the configuration still says what it said, and the files that it names still hold what they held.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    mem,
    os::unix::fs::MetadataExt,
};

use crate::{Config, Configured, Node, node::Value};

impl Configured {
    /// A number that is another one as soon as the component's id, its settings as they are resolved or a file that they
    /// read (a certificate, a list of passwords) is another one.
    pub fn stamp(&self) -> u64 {
        let mut to = DefaultHasher::new();
        (self.section, &self.id).hash(&mut to);
        add(&self.node, "", &mut to);
        to.finish()
    }
}

impl Config {
    /// The same of `service::telemetry`.
    pub fn telemetry_stamp(&self) -> u64 {
        let mut to = DefaultHasher::new();
        if let Some(telemetry) = self.node.get("service").and_then(|service| service.get("telemetry")) {
            add(telemetry, "", &mut to);
        }
        to.finish()
    }
}

/// Adds what stands under `key`. The order of keys counts, as headers are sent in it.
fn add(node: &Node, key: &str, to: &mut DefaultHasher) {
    (mem::discriminant(&node.value), &node.original, key).hash(to);
    match &node.value {
        Value::Null => {}
        Value::Bool(value) => value.hash(to),
        Value::Int(value) => value.hash(to),
        Value::Uint(value) => value.hash(to),
        Value::Float(value) => value.to_bits().hash(to),
        Value::Text(text) => {
            text.hash(to);
            // What is written to (`path`) changes all the time; what is read is called a file by all components.
            if key.contains("file")
                && let Ok(found) = fs::metadata(text)
            {
                (found.ino(), found.len(), found.mtime(), found.mtime_nsec()).hash(to);
            }
        }
        Value::List(items) => {
            items.len().hash(to);
            for item in items {
                add(item, key, to);
            }
        }
        Value::Map(entries) => {
            entries.len().hash(to);
            for entry in entries {
                add(&entry.value, &entry.key, to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(yaml: &str) -> Config {
        Config::read(crate::parse("test.yaml", yaml).unwrap()).0
    }

    #[test]
    fn what_says_the_same_has_one_stamp() {
        let stamp = |settings: &str| config(&format!("exporters: {{a: {settings}}}")).exporters[0].stamp();
        let one = stamp("{endpoint: 'h:1', headers: {a: b, c: d}, list: [1, 2.5, true, null]}");
        assert_eq!(
            one,
            stamp(
                "\n  {\"endpoint\": h:1,\n  headers: {a: b, c: d},\n  list: [1, 2.5, true, ~]} # the same\n  "
            )
        );
        for other in [
            "{endpoint: 'h:2', headers: {a: b, c: d}, list: [1, 2.5, true, null]}",
            "{endpoint: 'h:1', headers: {c: d, a: b}, list: [1, 2.5, true, null]}",
            "{endpoint: 'h:1', headers: {a: b, c: d}, list: [1, 2.5, false, null]}",
            "{endpoint: 'h:1', headers: {a: b, c: d}, list: [1, 2.5, true]}",
            "{endpoint: 'h:1', headers: {a: b, c: d}, list: ['1', 2.5, true, null]}",
            "{endpoint: 'h:1', headers: {a: b}, c: d, list: [1, 2.5, true, null]}",
            "",
        ] {
            assert_ne!(one, stamp(other), "{other}");
        }
        let both = config("exporters: {a: , a/b: }\nextensions: {a: }");
        let stamps = [&both.exporters[0], &both.exporters[1], &both.extensions[0]].map(Configured::stamp);
        assert!(stamps[0] != stamps[1] && stamps[0] != stamps[2]);
    }

    #[test]
    fn files_that_are_read_count_and_places_that_are_written_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f").display().to_string();
        let stamps = || {
            let config = config(&format!(
                "exporters: {{a: {{tls: {{cert_file: {file}}}}}, b: {{path: {file}}}}}\nservice: {{telemetry: {{x: 1}}}}"
            ));
            (config.exporters[0].stamp(), config.exporters[1].stamp(), config.telemetry_stamp())
        };
        let missing = stamps();
        std::fs::write(&file, "1").unwrap();
        let there = stamps();
        std::fs::write(&file, "12").unwrap();
        let changed = stamps();
        assert!(missing.0 != there.0 && there.0 != changed.0 && changed == stamps());
        assert_eq!((missing.1, missing.2), (changed.1, changed.2));
    }
}
