use super::*;
use crate::{Headers, Optional, Secret, Section, Settings, parse};

struct Client;

impl Settings for Client {
    fn read(from: &mut Section<'_>) -> Self {
        let before = from.terse(true);
        from.get("endpoint", String::new());
        from.get("token", Secret::default());
        from.get("headers", Headers::default());
        from.optional::<Inner>("tls", false);
        from.section::<Inner>("params");
        from.terse(before);
        from.get("timeout", Duration::secs(5));
        Self
    }
}

struct Inner;

impl Settings for Inner {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("level", 0u32);
        Self
    }
}

struct All {
    rotation: Option<Inner>,
    batch: Optional<Inner>,
}

impl Settings for All {
    fn read(from: &mut Section<'_>) -> Self {
        from.squash::<Client>();
        from.list::<Inner>("rules");
        from.map::<Inner>("named");
        from.choice("kind", 1, &[("one", 1), ("two", 2)]);
        from.find::<Vec<String>>("paths");
        from.node("raw");
        Self { rotation: from.when_written("rotation"), batch: from.optional("batch", true) }
    }
}

fn flat(fields: &[Field], before: &str, to: &mut Vec<String>) {
    for Field { key, shape, words, value } in fields {
        match value {
            Shown::Map(inner) => {
                to.push(format!("{before}{key} {shape:?}"));
                flat(inner, &format!("{before}{key}."), to);
            }
            value => to.push(format!("{before}{key} {shape:?}{} {value:?}", words.concat())),
        }
    }
}

fn recorded(yaml: &str) -> Vec<String> {
    let node = parse("test.yaml", yaml).unwrap();
    let mut section = Section::new(Some(&node), "").recorded();
    All::read(&mut section);
    let mut all = Vec::new();
    flat(&section.take_fields(), "", &mut all);
    assert!(section.finish().issues.is_empty());
    all
}

#[test]
fn values_are_recorded_and_zeros_left_out_where_go_does() {
    assert_eq!(
        recorded("batch: {enabled: false}"),
        [
            "timeout Duration Duration(Duration(5000000000))",
            "rules Sections List([])",
            "named Named",
            "kind Textonetwo Null",
            "paths List(Text) List([])",
            "raw Any Null",
            "rotation Any Null",
            "batch Any Null",
        ]
    );
    assert_eq!(
        recorded(
            "{token: t, tls: {}, params: {level: 3}, rules: [{level: 1}], named: {a: }, rotation: , raw: [1]}"
        ),
        [
            "token Secret Secret(\"t\")",
            "tls Section",
            "params Section",
            "params.level Uint Int(3)",
            "timeout Duration Duration(Duration(5000000000))",
            "rules Sections List([Map([Field { key: \"level\", shape: Uint, words: [], value: Int(1) }])])",
            "named Named",
            "named.a Section",
            "named.a.level Uint Int(0)",
            "kind Textonetwo Null",
            "paths List(Text) List([])",
            "raw Any List([Int(1)])",
            "rotation Section",
            "rotation.level Uint Int(0)",
            "batch Section",
            "batch.level Uint Int(0)",
        ]
    );
}

#[test]
fn shapes_show_what_is_off_as_well() {
    let mut section = Section::new(None, "").described();
    let all = All::read(&mut section);
    assert!(all.rotation.is_some() && all.batch.is_on());
    let mut found = Vec::new();
    flat(&section.take_fields(), "", &mut found);
    for line in [
        "endpoint Text Text(\"\")",
        "headers Headers List([])",
        "tls Section",
        "tls.enabled Bool Bool(true)",
        "tls.level Uint Int(0)",
        "rules Sections",
        "rules.level Uint Int(0)",
        "named Named",
        "named.level Uint Int(0)",
        "rotation Section",
        "batch.enabled Bool Bool(true)",
    ] {
        assert!(found.iter().any(|l| l == line), "{line} in {found:#?}");
    }
}

#[test]
fn nothing_is_recorded_unless_asked_for() {
    let mut section = Section::new(None, "");
    All::read(&mut section);
    assert_eq!(section.take_fields(), []);
}

#[test]
fn headers_that_are_kept_as_they_were_written_are_secret() {
    let yaml = "{a: 1, headers: {name: x, b: y, c: 2, d: true}, headers_list: e=z, f: [{headers: [{name: g, value: v}]}]}";
    let secret = |text: &str| Shown::Secret(text.to_owned());
    let headers = [("name", secret("x")), ("b", secret("y")), ("c", secret("2")), ("d", secret("true"))];
    let listed = Shown::map([("name", Shown::text("g")), ("value", secret("v"))]);
    assert_eq!(
        Shown::from(&parse("f", yaml).unwrap()),
        Shown::map([
            ("a", Shown::Int(1)),
            ("headers", Shown::map(headers)),
            ("headers_list", secret("e=z")),
            ("f", Shown::List(vec![Shown::map([("headers", Shown::List(vec![listed]))])])),
        ])
    );
}
