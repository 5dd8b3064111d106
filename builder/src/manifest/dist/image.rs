//! `dist.image`: what images of the distribution are called, and what is in them besides what follows from the rest.

use slimcol_config::{Entry, Issue, Node};

use crate::{
    image::{self, Port, Reference, User, Wishes, labels},
    manifest::{
        Findings,
        keys::{self, Keys},
    },
};

/// What a manifest says of images.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistImage {
    /// What they are called; without a tag, that is the distribution's version.
    pub(crate) name: Option<Reference>,
    /// The rest.
    pub(crate) wishes: Wishes,
}

/// Reads `dist.image`.
pub(super) fn read(dist: &Keys<'_>, version: &str, findings: &mut Findings) -> DistImage {
    let Some(entry) = dist.get("image") else { return DistImage::default() };
    let keys = Keys::within(entry, "dist.image", findings);
    let mut image = DistImage::default();
    if let Some(entry) = keys.get("name") {
        let parse = |text: &str| Reference::parse_with(text, &image::tag_of(version));
        image.name =
            keys::filled(entry, findings).and_then(|text| parsed(entry.value(), &text, parse, findings));
    }
    if let Some(entry) = keys.get("user") {
        let text = keys::filled(entry, findings);
        image.wishes.user = text.and_then(|text| parsed(entry.value(), &text, User::parse, findings));
    }
    if let Some(entry) = keys.get("expose") {
        for item in keys::list(entry, "514/udp", findings) {
            let text = item.scalar_text().unwrap_or_default();
            image.wishes.expose.extend(parsed(item, &text, Port::parse, findings));
        }
    }
    if let Some(entry) = keys.get("labels") {
        for label in mapping(entry, findings) {
            let checked = |key: &str| labels::check_key(key).map(|()| key.to_owned());
            let key = parsed(label.value(), label.key(), checked, findings);
            let value = keys::text(label, findings);
            image.wishes.labels.extend(key.zip(value));
        }
    }
    image
}

/// What a text means; if nothing, that is an issue.
fn parsed<T>(
    at: &Node,
    text: &str,
    parse: impl Fn(&str) -> Result<T, String>,
    findings: &mut Findings,
) -> Option<T> {
    parse(text).map_err(|what| findings.issue(Issue::new(what).at(at.place().clone()))).ok()
}

fn mapping<'n>(entry: &'n Entry, findings: &mut Findings) -> &'n [Entry] {
    let value = entry.value();
    if !value.is_map() && !value.is_null() {
        let issue = Issue::new(format!("`{}` is a mapping", entry.key())).at(entry.place().clone());
        findings.issue(issue.help("write each label as `key: value`"));
    }
    value.entries()
}
