//! The JSON Schema that a collector prints, under a real validator: with every configuration that the tests have.

use std::{fs, path::Path, process::Command, time::Duration};

use crate::{
    kit::{command::run, distros, python},
    parity::case,
};

const DEADLINE: Duration = Duration::from_secs(20);
/// What Go takes and the schema does not: it is for those who write, and nobody means these.
const STRICTER: [&str; 2] =
    ["decoding: a fraction in a whole number", "decoding: an id with blanks around its parts"];

#[test]
fn it_takes_what_the_collector_takes_and_refuses_what_has_no_such_structure() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema.json");
    let printed = run(Command::new(&distros::core().binary).arg("schema"), DEADLINE).expect_success();
    fs::write(&schema, printed.stdout).unwrap();
    let [valid, invalid] = ["valid", "invalid"].map(|kind| folder.path().join(kind));
    fs::create_dir_all(&valid).unwrap();
    fs::create_dir_all(&invalid).unwrap();
    let (mut good, mut bad) = (0, 0);
    let put = |folder: &Path, text: &str, count: &mut usize| {
        *count += 1;
        fs::write(folder.join(format!("{count}.yaml")), text).unwrap();
    };
    for case in case::all() {
        let Some((_, text)) = case.files.iter().find(|(name, _)| name == "config.yaml") else { continue };
        let structure = ["has invalid keys", "expected type", "unknown type", "time: "];
        if case.ours.succeeds() && !STRICTER.contains(&case.name.as_str()) {
            put(&valid, text, &mut good);
        } else if case.ours.fails_with(&structure) && !text.contains("${") {
            put(&invalid, text, &mut bad);
        }
    }
    for name in ["core", "otlp"] {
        let text = fs::read_to_string(distros::root().join(format!("dist/{name}/config.yaml"))).unwrap();
        put(&valid, &text, &mut good);
    }
    assert!(good > 100 && bad >= 20, "{good} good and {bad} bad ones");
    let said = python::script("schema.py", [schema.to_str().unwrap(), folder.path().to_str().unwrap()]);
    assert_eq!(said, format!("{} configurations\n", good + bad));
}
