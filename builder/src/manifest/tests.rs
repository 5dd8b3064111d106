use std::fs;

use super::*;

/// Everything that tests have of manifests, good and bad.
fn texts() -> Vec<String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut texts = Vec::new();
    for folder in ["probes", "official"] {
        for entry in fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                texts.push(String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned());
            }
        }
    }
    texts.sort();
    texts
}

/// How many components are read, and how many things are wrong.
fn read(text: &str) -> Option<(usize, usize)> {
    let root = slimcol_config::parse("manifest.yaml", text).ok()?;
    let mut findings = Findings::default();
    let manifest = Manifest::read(root, Path::new("/nowhere"), Strictness { versions: true }, &mut findings);
    let wrong = match findings.into_result() {
        Err(Error::Manifest(issues)) => issues.len(),
        _ => 0,
    };
    Some((manifest.entries.len(), wrong))
}

#[test]
fn whatever_is_changed_in_a_manifest_it_is_read_or_refused() {
    let texts = texts();
    assert!(texts.len() > 70);
    // Numbers that are the same in every run: what fails once fails always.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let pieces = [
        "\t",
        ":",
        "- ",
        "&a ",
        "*a",
        "{",
        "]",
        "'",
        "${env:X:-y}",
        "${",
        "\u{feff}",
        "\n---\n",
        "é",
        "~",
        "<<: ",
    ];
    let (mut good, mut bad) = (0, 0);
    for _ in 0..1000 {
        let text = &texts[random(texts.len())];
        let mut letters: Vec<char> = text.chars().take(4000).collect();
        for _ in 0..=random(4) {
            let at = random(letters.len());
            let until = (at + random(8)).min(letters.len());
            letters.splice(at..until, pieces[random(pieces.len())].chars());
        }
        match read(&letters.into_iter().collect::<String>()) {
            Some((_, 0)) => good += 1,
            _ => bad += 1,
        }
    }
    assert!(
        good > 5 && bad > 500,
        "{good} were right and {bad} wrong: the changes hit nothing or everything"
    );
}

#[test]
fn the_official_manifests_have_as_many_components_as_they_list() {
    for (name, components) in
        [("otelcol", 32), ("otelcol-otlp", 5), ("otelcol-k8s", 74), ("otelcol-contrib", 251)]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/official/{name}.yaml"));
        assert_eq!(read(&fs::read_to_string(path).unwrap()), Some((components, 0)), "{name}");
    }
}
