//! `dist.package`: what packages say of a distribution besides its name, version and description.

use slimcol_config::{Entry, Issue, Place};

use crate::{
    manifest::{
        Findings,
        keys::{self, Keys},
    },
    supply::License,
};

/// What packages say besides. Everything may be absent.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// Who answers for the packages (`Name <address>`).
    pub(crate) maintainer: Option<String>,
    /// Where there is more to read.
    pub(crate) homepage: Option<String>,
    /// The distribution's licence, an SPDX expression.
    pub(crate) license: Option<String>,
    /// Whom the service runs as.
    pub(crate) user: Option<String>,
    /// The group it runs in.
    pub(crate) group: Option<String>,
    /// How many times this version has been packaged.
    pub(crate) release: Option<u32>,
    /// Where `dist.name` stands, which packages have narrower rules for than binaries.
    pub(crate) name_place: Option<Place>,
    /// Where `dist.version` stands, or `dist`.
    pub(crate) version_place: Option<Place>,
    /// Where `dist` stands.
    pub(crate) dist_place: Option<Place>,
}

/// Reads `dist.package` and notes where the keys of `dist` stand that packages are particular about.
pub(super) fn read(dist: &Keys<'_>, entry: &Entry, findings: &mut Findings) -> Package {
    let place_of = |key| dist.get(key).map_or_else(|| entry.place(), Entry::value_place).clone();
    let places = Package {
        name_place: Some(place_of("name")),
        version_place: Some(place_of("version")),
        dist_place: Some(entry.place().clone()),
        ..Package::default()
    };
    let Some(entry) = dist.get("package") else { return places };
    let keys = Keys::within(entry, "dist.package", findings);
    let mut checked = |key, valid: fn(&str) -> bool, help| checked(&keys, key, valid, help, findings);
    let account = "use up to 32 lower-case letters, digits, `-` and `_`, a letter first";
    Package {
        maintainer: checked("maintainer", is_contact, "write it as `Name <address@example.com>`"),
        homepage: checked("homepage", is_web_address, "write it as `https://example.com/`"),
        license: checked(
            "license",
            is_licence,
            "write an SPDX expression, for example `Apache-2.0` or `MIT OR Apache-2.0`",
        ),
        user: checked("user", is_account, account),
        group: checked("group", is_account, account),
        release: checked("release", |text| number(text).is_some(), "it is a whole number from 1 on")
            .and_then(|text| number(&text)),
        ..places
    }
}

fn checked(
    keys: &Keys<'_>,
    key: &str,
    valid: fn(&str) -> bool,
    help: &str,
    findings: &mut Findings,
) -> Option<String> {
    let entry = keys.get(key)?;
    let text = keys::filled(entry, findings)?;
    if !valid(&text) {
        let issue = Issue::new(format!("`{key}` cannot be `{text}`")).at(entry.value_place().clone());
        findings.issue(issue.help(help));
        return None;
    }
    Some(text)
}

/// `Name <address>`, in one line, with nothing in it that package managers read as something else.
fn is_contact(text: &str) -> bool {
    let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.split_once(" <")) else {
        return false;
    };
    let plain = |c: char| !c.is_control() && !matches!(c, '<' | '>' | ',');
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    let address_is_right = address.split_once('@').is_some_and(|(box_, host)| whole(box_) && whole(host));
    !name.trim().is_empty() && name.chars().all(plain) && address.chars().all(plain) && address_is_right
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()))
}

fn is_licence(text: &str) -> bool {
    matches!(License::read(Some(text)), License::Known(_))
}

/// Whether an account can be called `text` on every system there are packages for.
pub(crate) fn is_account(text: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(word) && text.len() <= 32
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=99_999).contains(number))
}
