//! `tls_config`, as the keys of our own.

use slimcol_config::{NoSettings, Secret, Section};

use super::Files;

/// Prometheus' keys, and ours.
const KEYS: [(&str, &str); 6] = [
    ("ca", "ca_pem"),
    ("ca_file", "ca_file"),
    ("cert", "cert_pem"),
    ("cert_file", "cert_file"),
    ("key", "key_pem"),
    ("key_file", "key_file"),
];

/// What there is of TLS.
#[derive(Default)]
pub(super) struct Tls {
    /// What stands below `tls` in our settings.
    pub(super) keys: Vec<(&'static str, String)>,
    /// Whether the far end's certificate may be anything.
    pub(super) skip_verify: bool,
}

impl Tls {
    /// Reads the section.
    pub(super) fn read(from: &mut Section<'_>, files: &mut Files) -> Self {
        let mut read = Self::default();
        from.section_with("tls_config", |tls| {
            read = Self::keys(tls, files);
            NoSettings
        });
        read
    }

    fn keys(from: &mut Section<'_>, files: &mut Files) -> Self {
        let mut keys = Vec::new();
        for (key, ours) in KEYS {
            let value = from.get(key, Secret::default()).reveal().to_owned();
            if value.is_empty() {
                continue;
            }
            match key {
                "cert_file" => files.push(("client cert", value.clone())),
                "key_file" => files.push(("client key", value.clone())),
                _ => {}
            }
            keys.push((ours, value));
        }
        check_pairs(from);
        let name = from.get("server_name", String::new());
        if !name.is_empty() {
            keys.push(("server_name_override", name));
        }
        for key in ["min_version", "max_version"] {
            let version = from.get(key, String::new());
            match version.as_str() {
                "" => {}
                "TLS12" => keys.push((key, "1.2".into())),
                "TLS13" => keys.push((key, "1.3".into())),
                // Older ones are what nobody has any more.
                "TLS10" | "TLS11" if key == "min_version" => {}
                _ => from.error(key, format!("unknown TLS version: {version}")),
            }
        }
        Self { keys, skip_verify: from.get("insecure_skip_verify", false) }
    }
}

/// Refuses what is written twice, and half of a certificate and its key.
fn check_pairs(from: &mut Section<'_>) {
    for (one, other) in [("ca", "ca_file"), ("cert", "cert_file"), ("key", "key_file")] {
        if from.has(one) && from.has(other) {
            from.error(one, format!("at most one of {one} and {other} must be configured"));
        }
    }
    let cert = from.has("cert") || from.has("cert_file");
    let key = from.has("key") || from.has("key_file");
    if cert != key {
        let (missing, what) = if cert { ("key", "certificate") } else { ("cert", "key") };
        let error = format!(
            "exactly one of {missing} or {missing}_file must be configured when a client {what} is configured"
        );
        from.error("", error);
    }
}
