//! The exporter's keys.

use slimcol_compression::Compression;
use slimcol_config::{Duration, Problems, Section, Settings};

/// Where to write, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file; with `group_by` a pattern with one `*`.
    pub path: String,
    /// Whether what a file holds already is kept.
    pub append: bool,
    /// Off unless written.
    pub rotation: Option<Rotation>,
    /// `json` or `proto`.
    pub format: String,
    /// The id of an encoding extension, of which there is none.
    pub encoding: Option<String>,
    /// Empty or `zstd`.
    pub compression: String,
    /// Zero is the compressor's default.
    pub compression_level: i32,
    /// How long data may stay in memory; without effect with `rotation`.
    pub flush_interval: Duration,
    /// Whether to make the file's directory.
    pub create_directory: bool,
    /// The mode of directories that are made, in octal; empty is `0755`.
    pub directory_permissions: String,
    /// A file for each value of a resource attribute.
    pub group_by: GroupBy,
}

/// When a file is put aside for a new one, and how many of those put aside are kept.
#[allow(clippy::struct_field_names, reason = "they are the names of the keys")]
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The size that a file does not exceed; zero is 100.
    pub max_megabytes: i64,
    /// Older files are deleted; zero is never.
    pub max_days: i64,
    /// More files than this are deleted; zero is never.
    pub max_backups: i64,
}

/// How data is spread over files.
#[derive(Clone, Debug)]
pub struct GroupBy {
    /// Whether it is.
    pub enabled: bool,
    /// The attribute whose value stands for the `*` of the path.
    pub resource_attribute: String,
    /// Beyond this the file that was not written to for longest is closed.
    pub max_open_files: i64,
}

/// `compression_params`.
struct Level(i32);

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let flush_interval: Duration = from.get("flush_interval", Duration::secs(1));
        Self {
            path: from.get("path", String::new()),
            append: from.get("append", false),
            // In Go a pointer that is not null by default: the key alone switches it on.
            rotation: from.when_written("rotation"),
            format: from.get("format", "json".to_owned()),
            encoding: from.find("encoding"),
            compression: from.get("compression", String::new()),
            compression_level: from.section::<Level>("compression_params").0,
            flush_interval: if flush_interval.is_zero() { Duration::secs(1) } else { flush_interval },
            create_directory: from.get("create_directory", false),
            directory_permissions: from.get("directory_permissions", String::new()),
            group_by: from.section("group_by"),
        }
    }

    /// Like Go, reports the first problem only.
    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some((key, message)) = self.problem() {
            problems.add(key, message);
        }
    }
}

impl Config {
    /// The mode of directories that are made.
    pub(crate) fn directory_mode(&self) -> u32 {
        octal(&self.directory_permissions).unwrap_or(0o755)
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        let fault = |key, message: &str| Some((key, message.to_owned()));
        if self.path.is_empty() {
            return fault("path", "path must be non-empty");
        }
        if self.append && self.rotation.is_some() {
            return fault("append", "append and rotation enabled at the same time is not supported");
        }
        if !["json", "proto"].contains(&self.format.as_str()) {
            return fault("format", "format type is not supported");
        }
        if !["", "zstd"].contains(&self.compression.as_str()) {
            return fault("compression", "compression is not supported");
        }
        if !self.compression.is_empty()
            && let Err(why) = Compression::Zstd.check_level(self.compression_level)
        {
            return Some(("compression_params", format!("invalid compression_params: {why}")));
        }
        if self.flush_interval.is_negative() {
            return fault("flush_interval", "flush_interval must be larger than zero");
        }
        if self.group_by.enabled {
            let stars = self.path.matches('*').count();
            if stars != 1 {
                return fault("path", "path must contain exactly one * when group_by is enabled");
            }
            if self.path.starts_with('*') {
                return fault("path", "path must not start with * when group_by is enabled");
            }
            if self.group_by.resource_attribute.is_empty() {
                let message = "resource_attribute must not be empty when group_by is enabled";
                return fault("group_by.resource_attribute", message);
            }
        }
        let permissions = &self.directory_permissions;
        if permissions.is_empty() {
            return None;
        }
        if !self.create_directory {
            return fault(
                "directory_permissions",
                "directory_permissions requires create_directory to be true",
            );
        }
        match octal(permissions) {
            None => fault(
                "directory_permissions",
                "directory_permissions value must be a valid octal representation",
            ),
            Some(mode) if mode & !0o777 != 0 => {
                fault("directory_permissions", "directory_permissions contain invalid bits for file access")
            }
            Some(_) => None,
        }
    }
}

impl Settings for Rotation {
    fn read(from: &mut Section<'_>) -> Self {
        if from.get("localtime", false) {
            from.warn("localtime", "localtime is not supported: the names of rotated files are in UTC");
        }
        Self {
            max_megabytes: from.get("max_megabytes", 0),
            max_days: from.get("max_days", 0),
            max_backups: from.get("max_backups", 100),
        }
    }
}

impl Settings for GroupBy {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            enabled: from.get("enabled", false),
            resource_attribute: from.get("resource_attribute", "fileexporter.path_segment".to_owned()),
            max_open_files: from.get("max_open_files", 100),
        }
    }
}

impl Settings for Level {
    fn read(from: &mut Section<'_>) -> Self {
        from.terse(true);
        Self(from.get("level", 0))
    }
}

/// The number that Go's `ParseInt(text, 8, 32)` reads. A negative one is all the bits that no mode has.
fn octal(text: &str) -> Option<u32> {
    i32::from_str_radix(text, 8).ok().map(i32::cast_unsigned)
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn defaults_are_gos() {
        let config: Config = from_yaml("{path: x, rotation: }").unwrap();
        assert_eq!((config.format.as_str(), config.flush_interval), ("json", Duration::secs(1)));
        let rotation = config.rotation.unwrap();
        assert_eq!((rotation.max_megabytes, rotation.max_days, rotation.max_backups), (0, 0, 100));
        assert_eq!(config.group_by.resource_attribute, "fileexporter.path_segment");
        assert_eq!((config.group_by.enabled, config.group_by.max_open_files), (false, 100));
        assert!(from_yaml::<Config>("{path: x}").unwrap().rotation.is_none());
        assert_eq!(
            from_yaml::<Config>("{path: x, flush_interval: 0}").unwrap().flush_interval,
            Duration::secs(1)
        );
    }

    #[test]
    fn what_is_wrong_is_said_in_gos_words() {
        let cases = [
            ("{}", "path must be non-empty"),
            (
                "{path: x, append: true, rotation: {}}",
                "append and rotation enabled at the same time is not supported",
            ),
            ("{path: x, format: text}", "format type is not supported"),
            ("{path: x, compression: gzip}", "compression is not supported"),
            ("{path: x, flush_interval: -1s}", "flush_interval must be larger than zero"),
            (
                "{path: x, group_by: {enabled: true}}",
                "path must contain exactly one * when group_by is enabled",
            ),
            (
                "{path: 'a*b*', group_by: {enabled: true}}",
                "path must contain exactly one * when group_by is enabled",
            ),
            (
                "{path: '*b', group_by: {enabled: true}}",
                "path must not start with * when group_by is enabled",
            ),
            (
                "{path: 'a*', group_by: {enabled: true, resource_attribute: ''}}",
                "resource_attribute must not be empty when group_by is enabled",
            ),
            (
                "{path: x, directory_permissions: '0755'}",
                "directory_permissions requires create_directory to be true",
            ),
            (
                "{path: x, create_directory: true, directory_permissions: '0x7'}",
                "directory_permissions value must be a valid octal representation",
            ),
            (
                "{path: x, create_directory: true, directory_permissions: '1777'}",
                "directory_permissions contain invalid bits for file access",
            ),
            (
                "{path: x, create_directory: true, directory_permissions: '-1'}",
                "directory_permissions contain invalid bits for file access",
            ),
        ];
        for (yaml, expected) in cases {
            let error = from_yaml::<Config>(yaml).err().unwrap_or_default();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }

    #[test]
    fn directory_modes_are_octal() {
        let mode = |yaml: &str| from_yaml::<Config>(yaml).unwrap().directory_mode();
        assert_eq!(mode("{path: x, create_directory: true}"), 0o755);
        assert_eq!(mode("{path: x, create_directory: true, directory_permissions: '0700'}"), 0o700);
    }
}
