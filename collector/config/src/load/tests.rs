use std::{
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use proptest::prelude::*;

use super::*;
use crate::{Duration, Headers, Leaf, Section, Settings};

/// Providers over texts in memory: `env` variables and `file`s by name.
#[derive(Default)]
struct Texts {
    env: BTreeMap<&'static str, String>,
    files: BTreeMap<&'static str, String>,
}

impl Fetch for Texts {
    fn schemes(&self) -> Vec<&'static str> {
        vec!["env", "file", "yaml"]
    }

    async fn fetch(
        &self,
        scheme: &str,
        location: &str,
    ) -> Result<Retrieved, Box<dyn std::error::Error + Send + Sync>> {
        let (name, default) = location.split_once(":-").map_or((location, None), |(n, d)| (n, Some(d)));
        let retrieved =
            |text: &str, name: &str| Retrieved { text: text.into(), name: name.into(), warning: None };
        match scheme {
            "yaml" => Ok(retrieved(location, "yaml:")),
            "file" => match self.files.get(location) {
                Some(text) => Ok(retrieved(text, location)),
                None => Err(format!("unable to read the file file:{location}: no such file").into()),
            },
            _ if name.is_empty() => Err(format!("environment variable {name:?} has invalid name").into()),
            _ => {
                let message = "Configuration references unset environment variable";
                let text = self.env.get(name).map(String::as_str).or(default);
                let unset = Note { warning: true, message, name: name.into() };
                let warning = text.is_none().then_some(unset);
                Ok(Retrieved { warning, ..retrieved(text.unwrap_or_default(), &format!("env:{name}")) })
            }
        }
    }
}

/// Nothing here waits, so that one poll is enough.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("waits for nothing"),
    }
}

/// The environment of the table in the behaviour reference.
fn texts() -> Texts {
    let env = [
        ("A", "123"),
        ("B", "true"),
        ("C", "3.14"),
        ("D", "0x1F"),
        ("E", "hello"),
        ("G", "[1,2]"),
        ("H", "{k: v}"),
        ("I", "null"),
        ("J", "[\"${env:E}\", '$${env:E}']"),
        ("K", ""),
        ("L", "${env:A}"),
        ("M", "$A"),
        ("N", "2s"),
        ("P", "1e3"),
        ("Q", "0123"),
        ("R", "\"0123\""),
        ("S", "a: b: c"),
        ("T", "2020-01-01"),
        ("U", "x$$y"),
        ("W", "no"),
        ("SELF", "${env:SELF}"),
        ("TWICE", "${env:TWICE}${env:TWICE}"),
        ("DEEP", "{a: \"${env:DEEP}\"}"),
        ("WIDE", "[\"${env:WIDE}\", \"${env:WIDE}\"]"),
    ];
    Texts { env: env.into_iter().map(|(k, v)| (k, v.to_owned())).collect(), ..Texts::default() }
}

fn messages(error: &Error) -> String {
    let text = error.issues().iter().map(|i| i.message.clone()).collect::<Vec<_>>().join("\n");
    text.replace("failed to get config: cannot resolve the configuration: ", "")
}

/// Loads `f: value` with the providers of the table and reads `f`.
fn field<T: Leaf + std::fmt::Debug + Send + 'static>(value: &str) -> String {
    struct One<T>(Option<T>);
    impl<T: Leaf + Send + 'static> Settings for One<T> {
        fn read(from: &mut Section<'_>) -> Self {
            Self(from.find("f"))
        }
    }
    let files = [("c.yaml", format!("f: {value}"))].into();
    let loaded = match now(load(None, &["c.yaml".into()], &[], &Texts { files, ..texts() })) {
        Ok(loaded) => loaded,
        Err(e) => return messages(&e),
    };
    match crate::read::<One<T>>(&loaded.root) {
        Ok(One(Some(value))) => format!("{value:?}"),
        Ok(One(None)) => "default".into(),
        Err(issues) => issues.iter().map(|i| i.message.clone()).collect(),
    }
}

#[test]
fn string_fields_take_the_text_as_it_is() {
    for (value, expected) in [
        ("${env:A}", "123"),
        ("${env:B}", "true"),
        ("${env:D}", "0x1F"),
        ("${env:Q}", "0123"),
        ("${env:R}", "\"0123\""),
        ("${env:I}", "null"),
        ("${env:K}", ""),
        ("${env:NOPE}", ""),
        ("${env:G}", "[1,2]"),
        ("${env:H}", "{k: v}"),
        ("${env:T}", "2020-01-01"),
        ("${env:S}", "a: b: c"),
        ("${A}", "123"),
        ("$A", "$A"),
        ("${env:NOPE:-dflt}", "dflt"),
        ("\"${env:NOPE:-}\"", ""),
        ("\"${env:K:-dd}\"", ""),
        ("\"${env:NOPE:-http://x:1}\"", "http://x:1"),
        ("\"${env:NOPE:-${env:E}}\"", "hello"),
        ("\"$${env:A} $$ $$$ $$$$\"", "${env:A} $ $$ $$"),
        ("\"$$${env:A}\"", "$123"),
        ("\"$$$${env:A}\"", "$${env:A}"),
        ("\"$${env:A}-${env:E}\"", "${env:A}-hello"),
        ("${env:L}", "123"),
        ("${env:M}", "$A"),
        ("${env:U}", "x$y"),
        ("\"pre-${env:A}-${env:E}-post\"", "pre-123-hello-post"),
        ("\"pre-${env:G}\"", "pre-[1,2]"),
        ("\"pre-${env:NOPE}-post\"", "pre--post"),
        ("\"${env:${env:E}}\"", ""),
        // An expression is replaced wherever the text has it, even where it is escaped: Go's quirk.
        ("${env:J}", "[\"hello\", '$hello']"),
        ("${yaml:12}", "12"),
        ("a}b${", "a}b${"),
        ("'}${env:A}'", "}123"),
    ] {
        assert_eq!(field::<String>(value), format!("{expected:?}"), "{value}");
    }
}

#[test]
fn other_fields_take_the_parsed_value() {
    for (got, expected) in [
        (field::<i64>("${env:A}"), "123"),
        (field::<i64>("${env:C}"), "3"),
        (field::<i64>("${env:P}"), "1000"),
        (field::<i64>("${env:D}"), "31"),
        (field::<i64>("${env:L}"), "123"),
        (field::<i64>("${env:NOPE}"), "0"),
        (field::<i64>("\"${env:A}4\""), "'f' expected type 'int64', got unconvertible type 'string'"),
        (field::<i64>("\"123\""), "'f' expected type 'int64', got unconvertible type 'string'"),
        (field::<bool>("${env:B}"), "true"),
        (field::<bool>("${env:NOPE}"), "false"),
        (field::<bool>("${env:W}"), "'f' expected type 'bool', got unconvertible type 'string'"),
        (field::<Duration>("${env:N}"), "Duration(2000000000)"),
        (field::<Duration>("${env:A}"), "Duration(123)"),
        (field::<Vec<i64>>("${env:G}"), "[1, 2]"),
        (field::<Vec<i64>>("${env:NOPE}"), "default"),
        (field::<Vec<String>>("${env:J}"), "[\"hello\", \"${env:E}\"]"),
        (field::<Vec<String>>("\"${env:E},x\""), "[\"hello\", \"x\"]"),
        (field::<Headers>("${env:H}"), "Headers([(\"k\", [REDACTED])])"),
        (
            field::<Vec<crate::ComponentId>>("${env:E}"),
            "'f' source data must be an array or slice, got string",
        ),
    ] {
        assert_eq!(got, expected);
    }
}

#[test]
fn expressions_that_cannot_be_expanded_are_errors() {
    for (value, expected) in [
        ("${NOPE:-dflt}", "scheme \"NOPE\" is not supported for uri \"NOPE:-dflt\""),
        ("${foo:bar}", "scheme \"foo\" is not supported for uri \"foo:bar\""),
        ("${f:bar}", "invalid uri: \"f:bar\""),
        ("${}", "environment variable \"\" has invalid name"),
        ("'${env:A$B}'", "the uri \"env:A$B\" contains unsupported characters ('$')"),
        ("${file:nope}", "unable to read the file file:nope: no such file"),
        ("${env:SELF}", "too many recursive expansions"),
        ("${env:TWICE}", "too many recursive expansions"),
        ("${env:DEEP}", "too many recursive expansions"),
        ("${env:WIDE}", "too many recursive expansions"),
        ("x${env:TWICE}", "too many recursive expansions"),
    ] {
        assert_eq!(field::<String>(value), expected, "{value}");
    }
}

/// Loads sources given as texts, the files first and then the sets.
fn loaded(files: &[&str], sets: &[&str]) -> Result<Loaded, Error> {
    const NAMES: [&str; 3] = ["1.yaml", "2.yaml", "3.yaml"];
    let texts =
        Texts { files: NAMES.into_iter().zip(files.iter().map(|t| (*t).to_owned())).collect(), ..texts() };
    let locations: Vec<String> = NAMES.iter().take(files.len()).map(|n| format!("file:{n}")).collect();
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    now(load(None, &locations, &sets, &texts))
}

fn shape(node: &Node) -> String {
    if node.is_map() {
        let pair = |e: &crate::Entry| format!("{}: {}", e.key(), shape(e.value()));
        return format!("{{{}}}", node.entries().iter().map(pair).collect::<Vec<_>>().join(", "));
    }
    match node.items() {
        Some(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", ")),
        None => node.scalar_text().unwrap_or_else(|| "null".into()),
    }
}

#[test]
fn later_sources_win_key_by_key() {
    for (files, sets, expected) in [
        (&["a: {b: 1, c: 2}", "a: {c: 3, d: 4}"][..], &[][..], "{a: {b: 1, c: 3, d: 4}}"),
        (&["a: [1, 2]", "a: [3]"], &[], "{a: [3]}"),
        (&["a: {b: 1}", "a:"], &[], "{a: null}"),
        (&["a: {b: 1}", "a: {}"], &[], "{a: {b: 1}}"),
        (&["a: {b: 1}", ""], &[], "{a: {b: 1}}"),
        (&["a: 1", "a: {b: 1}"], &[], "{a: {b: 1}}"),
        (&["a::b::c: 1", "a: {b::d: 2}"], &[], "{a: {b: {c: 1, d: 2}}}"),
        (&["a: [{b::c: 1}]"], &[], "{a: [{b::c: 1}]}"),
        (&["a: {b: 1}"], &["a.b=2", "a.c = x y ", "d=[1]"], "{a: {b: 2, c: x y}, d: [1]}"),
        (&["a: {b: 1}"], &["a=null"], "{a: null}"),
        (&["a: {b: 1}"], &["a.b=x=y"], "{a: {b: x=y}}"),
        (&["a: ${foo:bar}", "a: 1"], &[], "{a: 1}"),
        (&["a: ${env:A}"], &["b=${env:E}"], "{a: 123, b: hello}"),
        (&["${env:A}: 1"], &[], "{${env:A}: 1}"),
        (&["{\"a\": {\"b\": [1]}}"], &[], "{a: {b: [1]}}"),
        (&["a: 1\n---\nb: 2"], &[], "{a: 1}"),
        (&["x: &x {b: 1}\na: {<<: *x, c: 2}"], &[], "{x: {b: 1}, a: {c: 2, b: 1}}"),
    ] {
        let root = loaded(files, sets).unwrap().root;
        assert_eq!(shape(&root), expected, "{files:?} {sets:?}");
    }
}

#[test]
fn sources_that_are_no_configurations_are_refused() {
    let deep = format!("{}: 1", vec!["a"; 1000].join("::"));
    let not_yaml = "retrieved value (type=string) cannot be used as a Conf: assuming string type since contents are not valid YAML";
    for (file, expected) in [
        ("abc", "retrieved value (type=string) cannot be used as a Conf".to_owned()),
        ("[1]", "retrieved value (type=[]interface {}) cannot be used as a Conf".to_owned()),
        (
            "a: 1\nb: c: d",
            format!("{not_yaml}: yaml: line 2: mapping values are not allowed in this context"),
        ),
        (
            "a: {otlp: , otlp: }",
            format!(
                "{not_yaml}: yaml: unmarshal errors:\n  line 1: mapping key \"otlp\" already defined at line 1"
            ),
        ),
        (deep.as_str(), "yaml: exceeded max depth".to_owned()),
    ] {
        assert_eq!(messages(&loaded(&[file], &[]).unwrap_err()), expected);
    }
    let error = loaded(&["a: 1"], &["foo"]).unwrap_err().to_string();
    assert_eq!(error, "invalid argument \"foo\" for \"--set\" flag: missing equal sign");
}

#[test]
fn locations_are_checked_and_retrieved() {
    let load = |location: &str| now(load(None, &[location.to_owned()], &[], &texts()));
    let error = |location| load(location).unwrap_err().to_string();
    assert_eq!(error("zz:foo"), "unsupported scheme on URI \"zz:foo\"");
    assert!(error("fil:x").ends_with("= help: did you mean `file`?"), "{}", error("fil:x"));
    assert_eq!(
        error("nope.yaml"),
        "failed to get config: cannot resolve the configuration: cannot retrieve the configuration: \
         unable to read the file file:nope.yaml: no such file"
    );
    assert_eq!(
        shape(&load("yaml:processors::batch::timeout: 7s").unwrap().root),
        "{processors: {batch: {timeout: 7s}}}"
    );
    assert_eq!(shape(&load("env:H").unwrap().root), "{k: v}");
    assert_eq!(shape(&load("env:NOPE").unwrap().root), "{}");
}

#[test]
fn unset_variables_are_noted_once() {
    let notes = loaded(&["a: ${env:NOPE}\nb: x${NOPE}y\nc: ${env:A}\n"], &[]).unwrap().notes;
    let message = "Configuration references unset environment variable";
    assert_eq!(notes, [Note { warning: true, message, name: "NOPE".into() }]);
}

#[test]
fn errors_show_the_line_as_written_and_no_secret() {
    struct Port;
    impl Settings for Port {
        fn read(from: &mut Section<'_>) -> Self {
            let _: Option<i64> = from.find("port");
            Self
        }
    }
    let shown = |root: &Node| crate::render(&crate::read::<Port>(root).map(|_| ()).unwrap_err()[0]);
    let written = shown(&loaded(&["port: x${env:E}"], &[]).unwrap().root);
    assert!(written.ends_with("1 | port: x${env:E}\n  |       ^^^^^^^^^"), "{written}");
    let inside = shown(&loaded(&["port: ${env:H}"], &[]).unwrap().root);
    assert!(inside.contains("--> 1.yaml:1:1") && inside.contains("port: ${env:H}"), "{inside}");
    let set = shown(&loaded(&[], &["port=hunter2"]).unwrap().root);
    assert!(set.contains("--> --set port:1:7") && !set.contains("hunter2"), "{set}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics_or_grows_without_bound(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "${", "}", "$", "$$", "env:", "A", "E", "J", "L", "SELF", "TWICE", "WIDE", ":-", ":", "yaml:", "[", "]",
                "{a: ", "é", " ", ",", "\n", "::", "a: ",
            ]),
            0..30,
        ),
    ) {
        let _ = loaded(&[&format!("f: {}", parts.concat())], &[]);
        let _ = loaded(&[], &[&format!("f={}", parts.concat())]);
    }
}

#[test]
fn the_built_in_text_lies_below_all_else() {
    let sets = ["exporters.debug.verbosity=detailed".to_owned()];
    let loaded =
        now(load(Some("exporters: {debug: {verbosity: basic, x: '${env:H}'}}"), &[], &sets, &texts()));
    let shown = shape(&loaded.unwrap().root);
    assert_eq!(shown, "{exporters: {debug: {verbosity: detailed, x: {k: v}}}}");
    let error = now(load(Some("a: 1\nb: c: d"), &[], &[], &texts())).unwrap_err().to_string();
    assert!(error.contains("--> built-in configuration:2:5\n"), "{error}");
}
