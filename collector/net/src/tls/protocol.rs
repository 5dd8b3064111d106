//! Versions, cipher suites and curves: from the Go names in configuration to what rustls has.

use std::{fmt, sync::Arc};

use rustls::{
    SupportedCipherSuite, SupportedProtocolVersion,
    crypto::{CryptoProvider, SupportedKxGroup, ring},
    version::{TLS12, TLS13},
};

use super::settings::TlsSettings;

/// A TLS version as configuration names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

impl Version {
    /// The version that `name` means; nothing for an empty name.
    pub(super) fn parse(name: &str) -> Result<Option<Self>, String> {
        match name {
            "" => Ok(None),
            "1.0" => Ok(Some(Self::Tls10)),
            "1.1" => Ok(Some(Self::Tls11)),
            "1.2" => Ok(Some(Self::Tls12)),
            "1.3" => Ok(Some(Self::Tls13)),
            other => Err(format!("unsupported TLS version: {other:?}")),
        }
    }
}

/// What a handshake may use.
pub(super) struct Protocol {
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) versions: Vec<&'static SupportedProtocolVersion>,
}

impl Protocol {
    pub(super) fn new(settings: &TlsSettings) -> Result<Self, String> {
        let min =
            Version::parse(&settings.min_version).map_err(|e| format!("invalid TLS min_version: {e}"))?;
        let max =
            Version::parse(&settings.max_version).map_err(|e| format!("invalid TLS max_version: {e}"))?;
        let (min, max) = (min.unwrap_or(Version::Tls12), max.unwrap_or(Version::Tls13));
        let versions: Vec<_> = [(Version::Tls12, &TLS12), (Version::Tls13, &TLS13)]
            .into_iter()
            .filter(|(version, _)| (min..=max).contains(version))
            .map(|(_, known)| known)
            .collect();
        if versions.is_empty() {
            return Err("invalid TLS max_version: versions before 1.2 are not supported".to_owned());
        }
        let mut provider = ring::default_provider();
        provider.cipher_suites = cipher_suites(&settings.cipher_suites)?;
        provider.kx_groups = curves(&settings.curves)?;
        Ok(Self { provider: Arc::new(provider), versions })
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Protocol").field("versions", &self.versions).finish_non_exhaustive()
    }
}

/// Go's `crypto/tls` knows these beyond ring's; each is secure enough for Go but has no implementation here.
const OTHER_SUITES: [&str; 4] = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
];

/// The TLS 1.2 suites that `names` chooses and all of TLS 1.3, which Go does not let anyone choose either.
fn cipher_suites(names: &[String]) -> Result<Vec<SupportedCipherSuite>, String> {
    if names.is_empty() {
        return Ok(ring::DEFAULT_CIPHER_SUITES.to_vec());
    }
    let mut unknown = Vec::new();
    let mut chosen: Vec<SupportedCipherSuite> =
        ring::ALL_CIPHER_SUITES.iter().copied().filter(|suite| suite.tls13().is_some()).collect();
    let modern = chosen.len();
    for name in names {
        // rustls prints `TLS13_AES_128_GCM_SHA256` for what Go calls `TLS_AES_128_GCM_SHA256`.
        let same =
            |suite: &&SupportedCipherSuite| format!("{:?}", suite.suite()).replace("TLS13_", "TLS_") == *name;
        match ring::ALL_CIPHER_SUITES.iter().find(same) {
            Some(suite) if suite.tls13().is_none() => chosen.push(*suite),
            Some(_) => {}
            None if OTHER_SUITES.contains(&name.as_str()) => {}
            None => unknown.push(format!("invalid TLS cipher suite: {name:?}")),
        }
    }
    if !unknown.is_empty() {
        return Err(unknown.join("\n"));
    }
    // Only suites that do not exist here were named: falling back to others would be another policy than the user's.
    if chosen.len() == modern && names.iter().all(|name| OTHER_SUITES.contains(&name.as_str())) {
        return Err(format!("none of the TLS cipher suites {names:?} is supported"));
    }
    Ok(chosen)
}

fn curves(names: &[String]) -> Result<Vec<&'static dyn SupportedKxGroup>, String> {
    if names.is_empty() {
        return Ok(ring::DEFAULT_KX_GROUPS.to_vec());
    }
    let mut chosen: Vec<&'static dyn SupportedKxGroup> = Vec::new();
    for name in names {
        match name.as_str() {
            "X25519" => chosen.push(ring::kx_group::X25519),
            "P256" => chosen.push(ring::kx_group::SECP256R1),
            "P384" => chosen.push(ring::kx_group::SECP384R1),
            "P521" | "X25519MLKEM768" => {}
            other => {
                return Err(format!(
                    "invalid curve type: {other}. Expected values are [P256 P384 P521 X25519 X25519MLKEM768]"
                ));
            }
        }
    }
    if chosen.is_empty() {
        return Err(format!("none of the curves {names:?} is supported"));
    }
    Ok(chosen)
}
