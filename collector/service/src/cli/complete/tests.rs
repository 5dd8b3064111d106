use super::*;

#[test]
fn words_flags_and_values() {
    for (words, expected) in [
        (&["val"][..], "validate\tValidates the config without running the collector\n:4\n"),
        (&["print-config", "--mo"], "--mode\tOperating mode: redacted (default), unredacted\n:4\n"),
        (&["print-config", "--mode", ""], "redacted\nunredacted\n:4\n"),
        (&["print-config", "--mode=u"], "--mode=unredacted\n:4\n"),
        (&["print-config", "--mode", "=", "u"], "unredacted\n:4\n"),
        (&["print-config", "--format", "="], "yaml\njson\n:4\n"),
        (&["graph", "--format", ""], "mermaid\nsvg\n:4\n"),
        (&["--config", ""], ":0\n"),
        (&["validate", "--validate"], ":4\n"),
        (&["featuregate", "service.profiles"], "service.profilesSupport\n:4\n"),
        (&["--feature-gates", "service.Allow"], "service.AllowNoPipelines\n:4\n"),
        (&["completion", "z"], "zsh\n:4\n"),
        (
            &["help", "sch"],
            "schema\tPrints a JSON Schema of the configurations that this collector takes\n:4\n",
        ),
        (&["validate", "x"], ":4\n"),
    ] {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        assert_eq!(complete(&words), expected, "{words:?}");
    }
}

#[test]
fn scripts_name_the_program() {
    for shell in SHELLS {
        let script = script("otelcol-x", shell).unwrap();
        assert!(
            script.contains("otelcol-x") && !script.contains("@NAME@") && !script.contains("@ID@"),
            "{script}"
        );
    }
    assert!(script("otelcol", "tcsh").is_none());
}
