use std::{fmt::Write as _, fs, path::Path};

use super::*;
use crate::manifest::overrides;

/// What the documentation's table is between.
const BLOCK: [&str; 2] = ["<!-- keys -->\n", "<!-- /keys -->\n"];

/// The keys as the documentation has them.
fn table() -> String {
    let mut table = "| key | whose | what it is for | environment variable |\n|---|---|---|---|\n".to_owned();
    for key in all().filter(|key| !key.meaning.is_empty()) {
        let path = match key.within {
            "" => key.name.to_owned(),
            MODULE | CRATE => format!("- {}", key.name),
            within => format!("{within}.{}", key.name),
        };
        let whose = match key.owner {
            Owner::Ocb => "ocb",
            Owner::Slimcol => "Slimcol",
            Owner::Go => "ocb, without effect",
            Owner::Refused => "ocb, refused",
        };
        let variable = overrides::keys().find(|other| (other.within, other.name) == (key.within, key.name));
        let variable = variable.map(|key| format!("`{}`", overrides::variable(key))).unwrap_or_default();
        let _ = writeln!(table, "| `{path}` | {whose} | {} | {variable} |", key.meaning);
    }
    table
}

#[test]
fn the_documentation_has_every_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ocb.md");
    let text = fs::read_to_string(&path).unwrap();
    let [start, end] = BLOCK.map(|marker| text.find(marker).unwrap());
    let expected = format!("{}{}{}", &text[..start + BLOCK[0].len()], table(), &text[end..]);
    if std::env::var_os("SLIMCOL_BLESS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == expected,
        "docs/ocb.md is stale: the test writes it anew with SLIMCOL_BLESS=1"
    );
}

#[test]
fn a_key_has_one_row_and_a_mapping_has_keys() {
    for (position, key) in all().enumerate() {
        let again =
            all().skip(position + 1).find(|other| (other.within, other.name) == (key.within, key.name));
        assert!(again.is_none(), "{key:?}");
        if key.value == Value::Mapping {
            let within = [key.within, key.name].join(".");
            assert!(keys_of(within.trim_start_matches('.')).next().is_some(), "{key:?}");
        } else {
            assert!(!key.meaning.is_empty() && !key.meaning.contains('\n'), "{key:?}");
        }
    }
}
