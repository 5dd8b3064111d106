//! What cargo has to be told here: proxies, mirrors, certificate authorities, where it compiles.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Variables that cargo, or the libraries that it fetches with, read.
const NAMES: [&str; 4] = ["CARGO_TARGET_DIR", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "SSL_CERT_FILE"];
const PREFIXES: [&str; 5] =
    ["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_"];
const PROXIES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
/// Debian's authorities, to which administrators add theirs.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Those of this process.
pub(super) fn variables() -> Vec<(String, String)> {
    // What is no text is none of these.
    let all = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    all.filter(|(name, _)| is_lent(name)).collect()
}

fn is_lent(name: &str) -> bool {
    NAMES.contains(&name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || PROXIES.contains(&&*name.to_lowercase())
}

/// The files that belong to it: those that the variables name, and cargo's configuration, but not its credentials.
pub(super) fn files(variables: &[(String, String)], cargo: &Path) -> Vec<PathBuf> {
    let named = variables.iter().map(|(_, value)| PathBuf::from(value));
    let mut files: Vec<PathBuf> = named.chain([AUTHORITIES.into(), cargo.join("config.toml")]).collect();
    files.retain(|file| file.is_absolute() && file.is_file());
    files.sort();
    files.dedup();
    files
}

#[test]
fn what_says_how_to_fetch_is_lent_and_nothing_else() {
    for name in ["SSL_CERT_FILE", "CARGO_HTTP_CAINFO", "CARGO_SOURCE_CRATES_IO_REPLACE_WITH", "HTTPS_PROXY"] {
        assert!(is_lent(name), "{name}");
    }
    for name in ["PATH", "CARGO", "CARGO_MANIFEST_DIR", "RUSTFLAGS", "SSL_CERT_FILES"] {
        assert!(!is_lent(name), "{name}");
    }
}
