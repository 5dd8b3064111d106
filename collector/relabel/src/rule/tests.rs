use super::*;

fn rule(action: &str) -> Written {
    Written {
        source_labels: Vec::new(),
        separator: None,
        regex: None,
        modulus: 0,
        target_label: String::new(),
        replacement: None,
        action: Action::named(action).unwrap(),
    }
}

fn labels() -> Labels {
    Labels::from([("a", "foo"), ("b", "Bar"), ("__meta_x_c", "baz")])
}

/// What becomes of the labels, or nothing.
fn after(rules: &[Written]) -> Option<String> {
    let rules: Vec<Rule> = rules.iter().map(|rule| Rule::new(rule, false).unwrap()).collect();
    let mut labels = labels();
    process(&rules, &mut labels).then(|| labels.to_string())
}

#[test]
fn every_action_does_what_prometheus_does() {
    let sources = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let all = r#"{__meta_x_c="baz", a="foo", b="Bar""#;
    for (rule, outcome) in [
        (
            Written {
                source_labels: sources(&["a", "b"]),
                regex: Some("(.*);(B)(.*)".into()),
                target_label: "d_${2}".into(),
                replacement: Some("$1-${3}x$4".into()),
                ..rule("replace")
            },
            Some(format!(r#"{all}, d_B="foo-arx"}}"#)),
        ),
        (
            Written {
                source_labels: sources(&["a"]),
                regex: Some("fo".into()),
                target_label: "d".into(),
                ..rule("Replace")
            },
            Some(format!("{all}}}")),
        ),
        (
            Written { replacement: Some(String::new()), target_label: "a".into(), ..rule("replace") },
            Some(r#"{__meta_x_c="baz", b="Bar"}"#.to_owned()),
        ),
        (
            Written { source_labels: sources(&["a"]), regex: Some("f.*".into()), ..rule("keep") },
            Some(format!("{all}}}")),
        ),
        (Written { source_labels: sources(&["a"]), regex: Some("f".into()), ..rule("keep") }, None),
        (Written { source_labels: sources(&["a"]), regex: Some("foo|x".into()), ..rule("drop") }, None),
        (Written { source_labels: sources(&["a"]), target_label: "b".into(), ..rule("keepequal") }, None),
        (Written { source_labels: sources(&["a"]), target_label: "a".into(), ..rule("dropequal") }, None),
        (
            Written {
                source_labels: sources(&["a", "b"]),
                target_label: "h".into(),
                modulus: 1000,
                ..rule("hashmod")
            },
            Some(format!(r#"{all}, h="716"}}"#)),
        ),
        (
            Written {
                regex: Some("__meta_x_(.+)".into()),
                replacement: Some("x_$1".into()),
                ..rule("labelmap")
            },
            Some(format!(r#"{all}, x_c="baz"}}"#)),
        ),
        (
            Written { regex: Some("a|b".into()), ..rule("labeldrop") },
            Some(r#"{__meta_x_c="baz"}"#.to_owned()),
        ),
        (
            Written { regex: Some("a|b".into()), ..rule("labelkeep") },
            Some(r#"{a="foo", b="Bar"}"#.to_owned()),
        ),
        (
            Written { source_labels: sources(&["b"]), target_label: "b".into(), ..rule("uppercase") },
            Some(r#"{__meta_x_c="baz", a="foo", b="BAR"}"#.to_owned()),
        ),
        (
            Written { source_labels: sources(&["b"]), target_label: "b".into(), ..rule("lowercase") },
            Some(r#"{__meta_x_c="baz", a="foo", b="bar"}"#.to_owned()),
        ),
    ] {
        assert_eq!(after(std::slice::from_ref(&rule)), outcome, "{rule:?}");
    }
}

#[test]
fn rules_that_make_no_sense_are_refused_as_prometheus_does() {
    let with = |action: &str, target: &str| Written { target_label: target.into(), ..rule(action) };
    for (rule, legacy, error) in [
        (with("hashmod", "a"), false, "relabel configuration for hashmod requires non-zero modulus"),
        (
            with("replace", ""),
            false,
            "relabel configuration for replace action requires 'target_label' value",
        ),
        (with("replace", "a-b"), true, "\"a-b\" is invalid 'target_label' for replace action"),
        (with("lowercase", "$1"), true, "\"$1\" is invalid 'target_label' for lowercase action"),
        (
            Written { replacement: Some("x".into()), ..with("uppercase", "a") },
            false,
            "'replacement' can not be set for uppercase action",
        ),
        (
            Written { replacement: Some("-".into()), ..rule("labelmap") },
            true,
            "\"-\" is invalid 'replacement' for labelmap action",
        ),
        (
            Written { regex: Some("x".into()), ..with("dropequal", "a") },
            false,
            "dropequal action requires only 'source_labels' and `target_label`, and no other fields",
        ),
        (with("labeldrop", "a"), false, "labeldrop action requires only 'regex', and no other fields"),
        (
            Written { regex: Some("(".into()), ..with("replace", "a") },
            false,
            "error parsing regexp: missing closing ): `^(?s:()$`",
        ),
    ] {
        assert_eq!(Rule::new(&rule, legacy).unwrap_err(), error);
    }
    assert_eq!(Action::named("frobnicate").unwrap_err(), "unknown relabel action \"frobnicate\"");
}
