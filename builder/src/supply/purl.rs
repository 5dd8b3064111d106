//! Package URLs, by which scanners know what a part is (<https://github.com/package-url/purl-spec>).

use std::fmt::Write as _;

use super::bill::Origin;

/// The URL of a crate. `pkg:cargo` alone means crates.io; what comes from elsewhere says so, lest a scanner takes a crate of
/// the same name there for it.
pub(super) fn of_crate(name: &str, version: &str, origin: &Origin) -> String {
    let qualifier = match origin {
        Origin::CratesIo => String::new(),
        Origin::Registry(index) => format!("?repository_url={}", encoded(index, ":/")),
        Origin::Git { url, commit } => {
            format!("?vcs_url={}", encoded(&format!("git+{url}@{commit}"), ":/"))
        }
        Origin::Toolchain => return generic(name, version),
        Origin::Workspace(folder) => format!("?download_url={}", encoded(&format!("file:{folder}"), ":/")),
    };
    format!("pkg:cargo/{}@{}{qualifier}", encoded(name, ""), encoded(version, ""))
}

/// The URL of what no package manager knows.
pub(super) fn generic(name: &str, version: &str) -> String {
    let at = if version.is_empty() { String::new() } else { format!("@{}", encoded(version, "")) };
    format!("pkg:generic/{}{at}", encoded(name, ""))
}

/// `text` with everything percent-encoded that a purl does not hold as it is.
fn encoded(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~') || also.contains(c) {
            out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_says_where_it_is_from() {
        let git = Origin::Git { url: "https://example.com/me/x.git".into(), commit: "c0ffee".into() };
        for (origin, expected) in [
            (Origin::CratesIo, "pkg:cargo/zstd-sys@2.0.16%2Bzstd.1.5.7"),
            (
                Origin::Registry("sparse+https://r.example/index/".into()),
                "pkg:cargo/zstd-sys@2.0.16%2Bzstd.1.5.7?repository_url=sparse%2Bhttps://r.example/index/",
            ),
            (
                git,
                "pkg:cargo/zstd-sys@2.0.16%2Bzstd.1.5.7?vcs_url=git%2Bhttps://example.com/me/x.git%40c0ffee",
            ),
            (
                Origin::Workspace("crates/1234/a b".into()),
                "pkg:cargo/zstd-sys@2.0.16%2Bzstd.1.5.7?download_url=file:crates/1234/a%20b",
            ),
        ] {
            assert_eq!(of_crate("zstd-sys", "2.0.16+zstd.1.5.7", &origin), expected);
        }
        assert_eq!(generic("otelcol-ä", ""), "pkg:generic/otelcol-%C3%A4");
    }
}
