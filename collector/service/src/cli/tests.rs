//! Command lines against what the Go collector answers to them.

use super::*;
use crate::fakes::{BUILD, Bed, COMPONENTS};

/// Exit code, stdout and stderr.
fn answer(args: &[&str]) -> (u8, String, String) {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&BUILD, COMPONENTS, &args, &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

const GATES: &str = "[confmap.enableMergeAppendOption exporter.file.nativeCompression ottl.contexts.enableOTelColContext \
    ottl.functions.enableLambda ottl.set.allowNil pdata.useProtoPooling \
    pkg.confighttp.PrioritizeNewKeepalive pkg.exporterhelper.queueBatchEnabled receiverhelper.newReceiverMetrics \
    service.AllowNoPipelines service.partialReload service.partialReloadReceivers service.profilesSupport \
    telemetry.newPipelineTelemetry]";

#[test]
fn refusals() {
    let no_config = "at least one config flag must be provided";
    let unknown = |word: &str| {
        format!("unknown command \"{word}\" for \"otelcol-fake\"\nRun 'otelcol-fake --help' for usage.")
    };
    let gate = format!(
        "invalid argument \"nope\" for \"--feature-gates\" flag: no such feature gate \"nope\". valid gates: {GATES}"
    );
    for (args, text) in [
        (&[][..], no_config),
        (&["validate"], no_config),
        (&["--"], no_config),
        (&["--version=false"], no_config),
        (&["bogus"], &unknown("bogus")),
        (&["a", "b"], &unknown("a")),
        (&["--", "x"], &unknown("x")),
        (&["--bogus"], "unknown flag: --bogus"),
        (&["-x"], "unknown shorthand flag: 'x' in -x"),
        (&["-vfoo"], "unknown shorthand flag: 'f' in -foo"),
        (&["validate", "extra"], "accepts 0 arg(s), received 1"),
        (&["components", "--config", "x"], "unknown flag: --config"),
        (&["--endpoint=localhost:1"], "unknown flag: --endpoint"),
        (&["validate", "--endpoint=localhost:1"], "unknown flag: --endpoint"),
        (&["healthcheck", "--endpoint"], "flag needs an argument: --endpoint"),
        (&["healthcheck", "--endpoint", "x"], "x: needs an IP address or localhost, a port, and no TLS"),
        (&["--config"], "flag needs an argument: --config"),
        (&["--config=a", "--set"], "flag needs an argument: --set"),
        (&["--set=foo"], "invalid argument \"foo\" for \"--set\" flag: missing equal sign"),
        (&["--feature-gates", "nope"], &gate),
        (
            &["--shutdown-timeout", "5"],
            "invalid argument \"5\" for \"--shutdown-timeout\" flag: time: missing unit in duration",
        ),
        (
            &["--shutdown-timeout=-1s"],
            "invalid argument \"-1s\" for \"--shutdown-timeout\" flag: must not be negative",
        ),
        (&["validate", "--shutdown-timeout", "5s"], "unknown flag: --shutdown-timeout"),
        (
            &["--version=foo"],
            "invalid argument \"foo\" for \"-v, --version\" flag: strconv.ParseBool: parsing \"foo\": invalid syntax",
        ),
        (&["--=x"], "bad flag syntax: --=x"),
        (&["--config", "zz:foo"], "unsupported scheme on URI \"zz:foo\""),
    ] {
        assert_eq!(answer(args), (1, String::new(), format!("Error: {text}\n")), "{args:?}");
    }
}

#[test]
fn answers() {
    let version = "otelcol-fake version 1.2.3\n";
    for args in [&["--version"][..], &["-v"], &["-v=true"], &["-v", "x"], &["--version", "bogus"]] {
        assert_eq!(answer(args), (0, version.into(), String::new()), "{args:?}");
    }
    for (args, start) in [
        (&["--help"][..], "Usage:\n  otelcol-fake [flags]\n"),
        (&["-h"], "Usage:\n  otelcol-fake [flags]\n"),
        (&["-vh"], "Usage:\n  otelcol-fake [flags]\n"),
        (&["help"], "Usage:\n  otelcol-fake [flags]\n"),
        (&["help", "validate"], "Validates the config without running the collector\n"),
        (&["validate", "--help"], "Validates the config without running the collector\n"),
        (&["components", "-h"], "Outputs available components in this collector distribution"),
        (&["healthcheck", "--help"], "Asks a running collector's health_check extension"),
        (&["help", "help"], "Help provides help for any command in the application.\n"),
    ] {
        let (code, out, err) = answer(args);
        assert!(out.starts_with(start), "{args:?}: {out}");
        assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
    }
    let (code, out, err) = answer(&["help", "bogus"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.starts_with("Unknown help topic [`bogus`]\nUsage:\n"), "{err}");
}

#[test]
fn components_are_listed_by_kind_and_name() {
    let (code, out, _) = answer(&["components"]);
    assert_eq!(code, 0);
    let signals = "      stability:\n        logs: Development\n        metrics: Development\n        traces: Development\n";
    let fake = "    - name: fake\n      module: slimcol-fake 0.1.0\n";
    let expected = format!(
        "buildinfo:\n    command: otelcol-fake\n    description: for tests\n    version: 1.2.3\n\
         receivers:\n{fake}{signals}processors:\n{fake}{signals}exporters:\n{fake}{signals}    \
         - name: traces_only\n      module: slimcol-fake 0.1.0\n      stability:\n        logs: Undefined\n        \
         metrics: Undefined\n        traces: Development\n\
         connectors:\n{fake}      stability:\n        logs-to-logs: Development\n        logs-to-metrics: Undefined\n        \
         logs-to-traces: Undefined\n        metrics-to-logs: Undefined\n        metrics-to-metrics: Undefined\n        \
         metrics-to-traces: Undefined\n        traces-to-logs: Development\n        traces-to-metrics: Undefined\n        \
         traces-to-traces: Development\n\
         extensions:\n{fake}      stability:\n        extension: Development\n\
         providers:\n    - scheme: file\n      module: slimcol-fake 0.1.0\n"
    );
    assert_eq!(out, expected);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(run(&BUILD, &[], &["components".to_owned()], &mut out, &mut err), 0);
    assert!(String::from_utf8(out).unwrap().ends_with("connectors: []\nextensions: []\nproviders: []\n"));
}

const GOOD: &str = "
receivers: {fake: }
processors: {fake: {at: run}}
exporters: {fake: }
service:
  pipelines: {traces: {receivers: [fake], processors: [fake], exporters: [fake]}}
";

#[test]
fn validate_says_nothing_of_what_is_fine() {
    let bed = Bed::new(GOOD);
    for args in [
        &["validate", "--config", &bed.config()][..],
        &["--config", &bed.config(), "validate"],
        &["validate", &format!("--config=file:{}", bed.config()), "--set", "processors.fake.at=data"],
    ] {
        assert_eq!(answer(args), (0, String::new(), String::new()), "{args:?}");
    }
    assert_eq!(bed.log(), [""; 0]);
}

#[test]
fn without_config_the_built_in_one_applies_and_only_then() {
    let answer = |config, args: &[&str]| {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let build = Build { config: Some(config), ..BUILD };
        let code = run(&build, COMPONENTS, &args, &mut out, &mut err);
        (code, String::from_utf8(out).unwrap() + &String::from_utf8(err).unwrap())
    };
    assert_eq!(answer(GOOD, &["validate"]), (0, String::new()));
    assert_eq!(answer(GOOD, &["validate", "--set", "processors.fake.at=data"]), (0, String::new()));
    let (code, said) = answer(GOOD, &["validate", "--set", "processors.fake.nope=1"]);
    assert!(code == 1 && said.contains("has invalid keys: nope"), "{said}");
    let (code, said) = answer("receivers: {fak: }", &["validate"]);
    assert!(code == 1 && said.contains("--> built-in configuration:1:13"), "{said}");
    let bed = Bed::new(GOOD);
    assert_eq!(answer("receivers: {fak: }", &["validate", "--config", &bed.config()]), (0, String::new()));
    let (_, said) = answer(GOOD, &["--help"]);
    assert!(said.ends_with("\nWithout --config the configuration that is built in applies.\n"), "{said}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let bed = Bed::new(
        "
receivers: {fake: {nope: 1}, fak: }
exporters: {fake: {sned: true}}
service:
  pipelines: {traces: {receivers: [fake], exporters: [fake]}}
",
    );
    let (code, out, err) = answer(&["validate", "--config", &bed.config()]);
    assert_eq!((code, out.as_str()), (1, ""));
    let heading = "Error: failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):\n\n";
    assert!(err.starts_with(heading), "{err}");
    for text in [
        "has invalid keys: nope",
        "'receivers' unknown type: \"fak\" for id: \"fak\" (valid values: [fake old_fake])",
        "did you mean `fake`?",
        "has invalid keys: sned",
        "did you mean `send`?",
        "config.yaml:2:",
    ] {
        assert!(err.contains(text), "{text} in {err}");
    }
}

#[test]
fn validation_names_every_component_used_or_not() {
    let yaml = GOOD.replace("{at: run}", "{at: run}, fake/unused: {at: never}, fake/too: {at: x}");
    let bed = Bed::new(&yaml);
    let config = bed.config();
    let (code, _, err) = answer(&["validate", "--config", &config]);
    assert_eq!(code, 1);
    assert!(err.starts_with("Error: processors::fake/unused: no such moment: \"never\"\n"), "{err}");
    assert!(err.contains("processors::fake/too: no such moment: \"x\""), "{err}");
    let (code, _, err) = answer(&["--config", &config]);
    assert_eq!(code, 1);
    assert!(err.starts_with("Error: invalid configuration: processors::fake/unused: "), "{err}");
}

#[test]
fn what_cannot_be_made_is_the_error_and_the_code() {
    let bed = Bed::new(&GOOD.replace("{at: run}", "{fail: no luck, at: new}"));
    let (code, out, err) = answer(&["--config", &bed.config()]);
    assert_eq!((code, out.as_str()), (1, ""));
    let text = "failed to create \"fake\" processor, in pipeline \"traces\": no luck";
    assert!(err.starts_with(&format!("Error: failed to build pipelines: {text}\n")), "{err}");
    // Where the component stands, not where a pipeline names it.
    assert!(err.contains("config.yaml:3:14\n"), "{err}");
    for (section, place) in [("receivers", "2:13"), ("exporters", "4:13"), ("extensions", "9:14")] {
        let whole = format!("{section}: {{fake: {{fail: no luck, at: new}}}}");
        let yaml = if section == "extensions" {
            format!("{GOOD}{whole}\n").replace("service:\n", "service:\n  extensions: [fake]\n")
        } else {
            GOOD.replace(&format!("{section}: {{fake: }}"), &whole)
        };
        let (code, _, err) = answer(&["--config", &Bed::new(&yaml).config()]);
        assert_eq!(code, 1);
        assert!(err.contains("no luck\n") && err.contains(&format!("config.yaml:{place}\n")), "{err}");
    }
}

#[test]
fn a_gate_without_effect_is_named() {
    let bed = Bed::new(&GOOD.replace("{at: run}", "{fail: no luck, at: new}"));
    let gates = "--feature-gates=service.partialReload,-telemetry.newPipelineTelemetry";
    answer(&["--config", &bed.config(), gates]);
    let log = bed.raw_log();
    assert_eq!(
        log.matches("Feature gate has no effect in this build\t{\"gate\": \"service.partialReload\"}")
            .count(),
        1,
        "{log}"
    );
    assert!(!log.contains("newPipelineTelemetry"), "{log}");
}
