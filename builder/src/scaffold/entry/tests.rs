use super::*;

fn with_acme(text: &str) -> Result<String, String> {
    inserted(text, Class::Exporter, "acme-exporter", Path::new("./acme-exporter"))
}

#[test]
fn an_item_is_added_and_all_else_stays() {
    let block = "- crate: acme-exporter\n    path: ./acme-exporter\n";
    for (text, expected) in [
        (
            "dist: {name: a}\nexporters:\n  - debug # why\n\n# next\nreceivers: [otlp]\n",
            format!("dist: {{name: a}}\nexporters:\n  - debug # why\n  {block}\n# next\nreceivers: [otlp]\n"),
        ),
        ("exporters:\n- debug\n- {crate: x,\n   path: y}\n", "exporters:\n- debug\n- {crate: x,\n   path: y}\n- crate: acme-exporter\n  path: ./acme-exporter\n".to_owned()),
        ("exporters:\nreceivers:\n  - otlp\n", format!("exporters:\n  {block}receivers:\n  - otlp\n")),
        ("receivers:\n  - otlp\n", format!("receivers:\n  - otlp\n\nexporters:\n  {block}")),
        ("receivers: [otlp]", format!("receivers: [otlp]\n\nexporters:\n  {block}")),
        (
            "Exporters: [debug, {gomod: 'a] v1.0.0'}] # x ]\n",
            "Exporters: [debug, {gomod: 'a] v1.0.0'}, {crate: acme-exporter, path: ./acme-exporter}] # x ]\n".to_owned(),
        ),
        (
            "exporters: [\n  debug, # ]\n]\n",
            "exporters: [\n  debug, # ]\n{crate: acme-exporter, path: ./acme-exporter}]\n".to_owned(),
        ),
        ("exporters: []\n", "exporters: [{crate: acme-exporter, path: ./acme-exporter}]\n".to_owned()),
    ] {
        assert_eq!(with_acme(text).as_deref(), Ok(expected.as_str()), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_left_alone() {
    for (text, why) in [
        ("- a\n", "it is not a manifest"),
        ("a: [\n", "it is not YAML"),
        ("exporters: debug\n", "`exporters` is no list"),
        ("{exporters: [debug], receivers: [otlp]}\n", ""),
        ("{receivers: [otlp]}\n", "it is written in a way that cannot be added to safely"),
        (
            "exporters: &a\n  - debug\nreceivers: *a\n",
            "it is written in a way that cannot be added to safely",
        ),
        ("exporters: null\n", "`exporters` is no list"),
    ] {
        match with_acme(text) {
            Err(error) => assert_eq!(error, why, "{text}"),
            // Understood after all: then it says what it should.
            Ok(new) => assert!(why.is_empty() && new.contains("acme-exporter"), "{new}"),
        }
    }
}

#[test]
fn paths_are_seen_from_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().canonicalize().unwrap();
    std::fs::create_dir_all(base.join("a/b")).unwrap();
    for (from, to, expected) in
        [("", "c/d", "./c/d"), ("a/b", "a/c", "../c"), ("a/b", "x", "../../x"), ("a", "a/b/c", "./b/c")]
    {
        assert_eq!(relative(&base.join(from), &base.join(to)), Path::new(expected));
    }
    assert_eq!(scalar(Path::new("./a b")), "\"./a b\"");
    assert_eq!(scalar(Path::new("../ä/b")), "../ä/b");
}
