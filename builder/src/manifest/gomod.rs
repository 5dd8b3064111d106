//! `gomod: PATH VERSION`, how ocb names a component.

/// A Go module and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gomod {
    /// The module's path.
    pub(crate) path: String,
    /// Major, minor and patch.
    pub(crate) version: [u64; 3],
}

/// The release that Slimcol's components follow: OpenTelemetry's modules before 1.0, and the stable ones.
const FOLLOWED: [[u64; 3]; 2] = [[0, 164, 0], [1, 70, 0]];

impl Gomod {
    /// Reads `PATH vX.Y.Z`; the error says what is wrong with it and what would be right.
    pub(crate) fn parse(text: &str) -> Result<Self, (String, String)> {
        let mut words = text.split_whitespace();
        let path = words.next().unwrap_or_default();
        if let Some((path, version)) = path.split_once('@') {
            return Err((
                format!("`{text}` is not `PATH vX.Y.Z`"),
                format!("put a space between path and version: `{path} {version}`"),
            ));
        }
        if !is_path(path) {
            let help = match path.split_once("://") {
                Some((scheme, _)) => format!("leave `{scheme}://` out"),
                None => "write `PATH vX.Y.Z`, or a short name".to_owned(),
            };
            return Err((format!("`{path}` is not a Go module path"), help));
        }
        let Some(version) = words.next() else {
            return Err((
                format!("`{path}` has no version"),
                "write `PATH vX.Y.Z`, or a short name such as `- otlp`".to_owned(),
            ));
        };
        if words.next().is_some() {
            return Err((format!("`{text}` is not `PATH vX.Y.Z`"), "one path and one version".to_owned()));
        }
        let parsed = parse_version(version).ok_or_else(|| {
            let help = match parse_version(&format!("v{version}")) {
                Some(_) => format!("did you mean `v{version}`?"),
                None => "versions are exact, as in `v0.159.0`".to_owned(),
            };
            (format!("`{version}` is not a version"), help)
        })?;
        Ok(Self { path: path.to_owned(), version: parsed })
    }

    /// Whether it is one of OpenTelemetry's own modules at a version that is later than the release Slimcol follows; the
    /// text says which that is.
    pub(crate) fn later_than_followed(&self) -> Option<String> {
        let [before, stable] = FOLLOWED;
        let ours =
            ["go.opentelemetry.io/collector/", "github.com/open-telemetry/opentelemetry-collector-contrib/"];
        let followed = if self.version[0] == 0 { before } else { stable };
        let later = ours.iter().any(|prefix| self.path.starts_with(prefix)) && self.version > followed;
        later.then(|| {
            let text = |[major, minor, patch]: [u64; 3]| format!("v{major}.{minor}.{patch}");
            let (version, followed) = (text(self.version), text(followed));
            format!("{version} is later than {followed}, the release of the OpenTelemetry Collector that Slimcol follows")
        })
    }
}

/// Whether `path` can be a Go module's: letters, digits and `-._~/`, no empty part.
pub(crate) fn is_path(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~'))
    })
}

/// The numbers of `vX.Y.Z`; a suffix as in `v1.2.3-rc.1` or `v1.2.3+incompatible` is allowed and left out.
pub(crate) fn parse_version(version: &str) -> Option<[u64; 3]> {
    let numbers = version.strip_prefix('v')?.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(|part| {
        let plain = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        part.parse().ok().filter(|_| plain)
    });
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_version_are_read_exactly() {
        let parsed = Gomod::parse("go.opentelemetry.io/collector/receiver/otlpreceiver v0.159.0").unwrap();
        assert_eq!(parsed.path, "go.opentelemetry.io/collector/receiver/otlpreceiver");
        assert_eq!(parsed.version, [0, 159, 0]);
        for (text, message) in [
            ("a.b/c", "`a.b/c` has no version"),
            ("a.b/c@v1", "`a.b/c@v1` is not `PATH vX.Y.Z`"),
            ("a.b/c latest", "`latest` is not a version"),
            ("a.b/c 1.2.3", "`1.2.3` is not a version"),
            ("a.b/c v1.2", "`v1.2` is not a version"),
            ("a.b/c v1.02.3", "`v1.02.3` is not a version"),
            ("a.b/c v1.2.3 x", "`a.b/c v1.2.3 x` is not `PATH vX.Y.Z`"),
            ("a//c v1.2.3", "`a//c` is not a Go module path"),
            ("", "`` is not a Go module path"),
        ] {
            assert_eq!(Gomod::parse(text).unwrap_err().0, message, "{text}");
        }
        assert_eq!(parse_version("v1.2.3-rc.1"), Some([1, 2, 3]));
    }

    #[test]
    fn only_opentelemetrys_own_later_versions_are_noticed() {
        for (text, later) in [
            ("go.opentelemetry.io/collector/receiver/otlpreceiver v0.159.0", false),
            ("go.opentelemetry.io/collector/receiver/otlpreceiver v0.999.0", true),
            ("go.opentelemetry.io/collector/confmap/provider/envprovider v1.66.0", false),
            ("go.opentelemetry.io/collector/confmap/provider/envprovider v2.0.0", true),
            ("example.com/mine v99.0.0", false),
        ] {
            assert_eq!(Gomod::parse(text).unwrap().later_than_followed().is_some(), later, "{text}");
        }
    }
}
