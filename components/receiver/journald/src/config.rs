//! The receiver's settings (Go's `JournaldConfig`).

use std::collections::BTreeMap;

use slimcol_config::{Problems, Section, Settings};
use slimcol_logreceiver::Common;

/// The keys of `journald`.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key")]
pub(crate) struct Config {
    pub(crate) common: Common,
    pub(crate) journalctl_path: String,
    pub(crate) root_path: String,
    directory: Option<String>,
    files: Vec<String>,
    start_at: String,
    units: Vec<String>,
    priority: String,
    matches: Vec<BTreeMap<String, String>>,
    identifiers: Vec<String>,
    grep: String,
    dmesg: bool,
    all: bool,
    namespace: String,
    pub(crate) convert_message_bytes: bool,
    merge: bool,
    pub(crate) include_log_record_original: bool,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: from.squash(),
            journalctl_path: from.get("journalctl_path", "journalctl".to_owned()),
            root_path: from.get("root_path", String::new()),
            directory: from.find("directory"),
            files: from.get("files", Vec::new()),
            start_at: from.get("start_at", "end".to_owned()),
            units: from.get("units", Vec::new()),
            priority: from.get("priority", "info".to_owned()),
            matches: from.get("matches", Vec::new()),
            identifiers: from.get("identifiers", Vec::new()),
            grep: from.get("grep", String::new()),
            dmesg: from.get("dmesg", false),
            all: from.get("all", false),
            namespace: from.get("namespace", String::new()),
            convert_message_bytes: from.get("convert_message_bytes", false),
            merge: from.get("merge", false),
            include_log_record_original: from.get("include_log_record_original", false),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("retry_on_failure", &self.common.retry_on_failure);
        if !matches!(self.start_at.as_str(), "beginning" | "end") {
            problems
                .add("start_at", format_args!("invalid value '{}' for parameter 'start_at'", self.start_at));
        }
        if !self.root_path.is_empty() {
            if !self.journalctl_path.starts_with('/') {
                let message = "'journalctl_path' must be an absolute path when 'root_path' is set";
                problems.add("journalctl_path", message);
            }
            if !self.root_path.starts_with('/') {
                problems.add("root_path", "'root_path' must be an absolute path");
            }
        }
        if self.journalctl_path.trim().is_empty() {
            problems.add("journalctl_path", "'journalctl_path' must be non-whitespace");
        }
        let right = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase())
        };
        for name in self.matches.iter().flat_map(BTreeMap::keys).filter(|name| !right(name)) {
            problems.add("matches", format_args!("'{name}' is not a valid Systemd field name"));
        }
    }
}

impl Config {
    /// What `journalctl` is told, but for where to go on.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut all: Vec<String> = ["--utc", "--output=json", "--follow"].map(str::to_owned).into();
        all.push(if self.start_at == "beginning" { "--no-tail" } else { "--lines=0" }.to_owned());
        let mut put = |name: &str, value: &str| all.extend([name.to_owned(), value.to_owned()]);
        for (name, values) in [("--unit", &self.units), ("--identifier", &self.identifiers)] {
            for value in values {
                put(name, value);
            }
        }
        put("--priority", &self.priority);
        if !self.grep.is_empty() {
            put("--grep", &self.grep);
        }
        if self.dmesg {
            all.push("--dmesg".to_owned());
        }
        let mut put = |name: &str, value: &str| all.extend([name.to_owned(), value.to_owned()]);
        if !self.namespace.is_empty() {
            put("--namespace", &self.namespace);
        }
        match &self.directory {
            Some(directory) => put("--directory", directory),
            None => {
                for file in &self.files {
                    put("--file", file);
                }
            }
        }
        for (at, fields) in self.matches.iter().enumerate() {
            if at > 0 {
                all.push("+".to_owned());
            }
            all.extend(fields.iter().map(|(name, value)| format!("{name}={value}")));
        }
        for (flag, set) in [("--all", self.all), ("--merge", self.merge)] {
            if set {
                all.push(flag.to_owned());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn journalctl_is_told_what_is_configured() {
        for (yaml, arguments) in [
            ("", "--lines=0 --priority info"),
            ("start_at: beginning", "--no-tail --priority info"),
            (
                "{units: [a, b], identifiers: [c], priority: err, grep: x, dmesg: true, namespace: n}",
                "--lines=0 --unit a --unit b --identifier c --priority err --grep x --dmesg --namespace n",
            ),
            ("{directory: /d, files: [f]}", "--lines=0 --priority info --directory /d"),
            (
                "{files: [f, g], all: true, merge: true}",
                "--lines=0 --priority info --file f --file g --all --merge",
            ),
            (
                "matches: [{_UID: '1', MESSAGE: m}, {_PID: '2'}]",
                "--lines=0 --priority info MESSAGE=m _UID=1 + _PID=2",
            ),
        ] {
            let config: Config = from_yaml(yaml).unwrap();
            assert_eq!(
                config.arguments().join(" "),
                format!("--utc --output=json --follow {arguments}"),
                "{yaml}"
            );
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (yaml, message) in [
            ("start_at: middle", "invalid value 'middle' for parameter 'start_at'"),
            ("journalctl_path: ' '", "'journalctl_path' must be non-whitespace"),
            ("root_path: /host", "'journalctl_path' must be an absolute path when 'root_path' is set"),
            ("{root_path: host, journalctl_path: /bin/journalctl}", "'root_path' must be an absolute path"),
            ("matches: [{uid: '1'}]", "'uid' is not a valid Systemd field name"),
            ("unit: [a]", "has invalid keys: unit"),
        ] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }
}
