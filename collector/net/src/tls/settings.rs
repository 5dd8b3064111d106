//! The keys that clients and servers share.

use slimcol_config::{Duration, Problems, Secret, Section, Settings};

use super::protocol::Version;

/// The shared keys (Go's `configtls.Config`).
#[derive(Clone, Debug, Default)]
pub(super) struct TlsSettings {
    pub(super) ca_file: String,
    pub(super) ca_pem: Secret,
    pub(super) include_system_cas: bool,
    pub(super) cert_file: String,
    pub(super) cert_pem: Secret,
    pub(super) key_file: String,
    pub(super) key_pem: Secret,
    pub(super) min_version: String,
    pub(super) max_version: String,
    pub(super) cipher_suites: Vec<String>,
    pub(super) curves: Vec<String>,
    pub(super) reload_interval: Duration,
    pub(super) tpm: bool,
}

impl Settings for TlsSettings {
    fn read(from: &mut Section<'_>) -> Self {
        from.terse(true);
        let settings = Self {
            ca_file: from.get("ca_file", String::new()),
            ca_pem: from.get("ca_pem", Secret::default()),
            include_system_cas: from.get("include_system_ca_certs_pool", false),
            cert_file: from.get("cert_file", String::new()),
            cert_pem: from.get("cert_pem", Secret::default()),
            key_file: from.get("key_file", String::new()),
            key_pem: from.get("key_pem", Secret::default()),
            min_version: from.get("min_version", String::new()),
            max_version: from.get("max_version", String::new()),
            cipher_suites: from.get("cipher_suites", Vec::new()),
            curves: from.get("curve_preferences", Vec::new()),
            reload_interval: from.get("reload_interval", Duration::default()),
            tpm: from.section::<Tpm>("tpm").0,
        };
        // There are no insecure suites to include.
        from.get("include_insecure_cipher_suites", false);
        settings
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !self.ca_file.is_empty() && !self.ca_pem.reveal().is_empty() {
            problems.add("ca_file", "provide either a CA file or the PEM-encoded string, but not both");
        }
        if !self.cert_file.is_empty() && !self.cert_pem.reveal().is_empty() {
            problems.add("cert_file", "provide either certificate file or PEM, but not both");
        }
        if !self.key_file.is_empty() && !self.key_pem.reveal().is_empty() {
            problems.add("key_file", "provide either key file or PEM, but not both");
        }
        if self.has_cert() != self.has_key() {
            problems.add(
                "",
                "TLS configuration must include both certificate and key (CertFile/CertPem and KeyFile/KeyPem)",
            );
        }
        let min = Version::parse(&self.min_version);
        let max = Version::parse(&self.max_version);
        for (key, version) in [("min_version", &min), ("max_version", &max)] {
            if let Err(error) = version {
                problems.add(key, format_args!("invalid TLS {key}: {error}"));
            }
        }
        if let (Ok(min), Ok(Some(max))) = (min, max)
            && max < min.unwrap_or(Version::Tls12)
        {
            problems.add("", "invalid TLS configuration: min_version cannot be greater than max_version");
        }
    }
}

impl TlsSettings {
    pub(super) fn has_ca(&self) -> bool {
        !self.ca_file.is_empty() || !self.ca_pem.reveal().is_empty()
    }

    pub(super) fn has_cert(&self) -> bool {
        !self.cert_file.is_empty() || !self.cert_pem.reveal().is_empty()
    }

    pub(super) fn has_key(&self) -> bool {
        !self.key_file.is_empty() || !self.key_pem.reveal().is_empty()
    }
}

/// The `tpm` section: read so that configurations load; whether it is switched on.
struct Tpm(bool);

impl Settings for Tpm {
    fn read(from: &mut Section<'_>) -> Self {
        for key in ["path", "owner_auth", "auth"] {
            from.get(key, Secret::default());
        }
        Self(from.get("enabled", false))
    }
}
