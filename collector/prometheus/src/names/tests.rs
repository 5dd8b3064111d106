use proptest::prelude::*;

use super::*;

fn namer(translation: Translation, namespace: &str) -> Namer {
    Namer { translation, namespace: namespace.to_owned(), labels: Labels::Preserving }
}

#[test]
fn metrics_have_the_names_of_prometheus() {
    use {Kind::*, Translation::*};
    for (translation, namespace, name, unit, kind, expected) in [
        (WithoutSuffixes, "", "simple_metric", "", Gauge, "simple_metric"),
        (WithoutSuffixes, "", "metric@with#special$chars", "", Gauge, "metric_with_special_chars"),
        (WithoutSuffixes, "", "123metric", "", Gauge, "_123metric"),
        (WithoutSuffixes, "test_namespace", "simple_metric", "", Gauge, "test_namespace_simple_metric"),
        (WithoutSuffixes, "", "metric@@##$$name", "", Gauge, "metric_name"),
        (WithoutSuffixes, "test@namespace!!??", "metric", "", Gauge, "test_namespace_metric"),
        (Full, "", "requests", "", Counter, "requests_total"),
        (Full, "", "cpu_usage", "1", Gauge, "cpu_usage_ratio"),
        (Full, "", "items", "1", Counter, "items_total"),
        (Full, "", "response_time", "ms", Gauge, "response_time_milliseconds"),
        (Full, "", "memory_usage", "By", Gauge, "memory_usage_bytes"),
        (Full, "", "requests", "1/s", Gauge, "requests_per_second"),
        (Full, "", "throughput", "By/s", Gauge, "throughput_bytes_per_second"),
        (Full, "", "custom_metric", "custom_unit", Gauge, "custom_metric_custom_unit"),
        (Full, "", "custom_metric", "{custom}", Gauge, "custom_metric"),
        (Full, "", "custom_metric", "By/{custom}", Gauge, "custom_metric_bytes"),
        (Full, "", "requests_total", "", Counter, "requests_total"),
        (Full, "", "cpu_usage_ratio", "1", Gauge, "cpu_usage_ratio"),
        (Full, "", "response_time_seconds", "s", Gauge, "response_time_seconds"),
        (OnlySuffixes, "", "requests_total", "", Counter, "requests_total"),
        (OnlySuffixes, "", "cpu_usage_ratio", "1", Gauge, "cpu_usage_ratio"),
        (OnlySuffixes, "", "response_time_seconds", "s", Gauge, "response_time_seconds"),
        (OnlySuffixes, "", "cpu_seconds_total", "s", Counter, "cpu_seconds_total"),
        (Full, "", "otelcol_process_cpu_seconds", "s", Counter, "otelcol_process_cpu_seconds_total"),
        (Full, "app", "requests", "1/s", Counter, "app_requests_per_second_total"),
        (Full, "app", "123_requests", "", Counter, "app_123_requests_total"),
        (WithoutSuffixes, "", "___", "", Gauge, "___"),
        (None, "", "___", "", Gauge, "___"),
        (
            Full,
            "",
            "metric__with__multiple__underscores",
            "unit__multiple__underscores",
            Gauge,
            "metric_with_multiple_underscores_unit_multiple_underscores",
        ),
        (
            Full,
            "",
            "custom_metric",
            "unit@with#special/chars",
            Gauge,
            "custom_metric_unit_with_special_per_chars",
        ),
        (None, "", "métric_with_ñ_chars", "", Gauge, "métric_with_ñ_chars"),
        (None, "test_namespace", "métric_with_ñ_chars", "", Gauge, "test_namespace_métric_with_ñ_chars"),
        (OnlySuffixes, "", "requêsts", "", Counter, "requêsts_total"),
        (OnlySuffixes, "", "cpu_usagé", "1", Gauge, "cpu_usagé_ratio"),
        (OnlySuffixes, "", "respønse_time", "ms", Gauge, "respønse_time_milliseconds"),
        (OnlySuffixes, "", "requêsts", "1/s", Gauge, "requêsts_per_second"),
        (OnlySuffixes, "ñamespace", "requêsts", "1/s", Counter, "ñamespace_requêsts_per_second_total"),
        (OnlySuffixes, "", "@#$%", "", Counter, "@#$%_total"),
        (OnlySuffixes, "test@namespace", "metric", "", Counter, "test@namespace_metric_total"),
        (Full, "", "request_duration", "s", Histogram, "request_duration_seconds"),
        (Full, "", "response_time", "ms", Summary, "response_time_milliseconds"),
        (Full, "", "active_connections", "", UpDown, "active_connections"),
        (Full, "", "uptime", "d", Gauge, "uptime_days"),
        (Full, "", "m", " % ", Gauge, "m_percent"),
        (Full, "", "m", "/", Gauge, "m"),
        (Full, "", "m", "µs/@", Gauge, "m_s"),
    ] {
        let made = namer(translation, namespace).metric(name, unit, kind);
        assert_eq!(made.as_deref(), Ok(expected), "{translation:?} {namespace} {name} {unit}");
    }
}

#[test]
fn units_have_words() {
    for (unit, expected) in [
        ("", ""),
        ("1", ""),
        ("ms", "milliseconds"),
        ("By/s", "bytes_per_second"),
        ("1/s", "per_second"),
        ("{custom}", ""),
        ("unit@with#special/chars", "unit_with_special_per_chars"),
        ("@a@", "a"),
    ] {
        assert_eq!(Namer::default().unit(unit), expected, "{unit}");
    }
}

#[test]
fn labels_have_the_names_of_prometheus() {
    let plain = Namer::default();
    let collapsing = Namer { labels: Labels::Collapsing, ..Namer::default() };
    let utf8 = namer(Translation::None, "");
    for (name, expected, collapsed) in [
        ("label:with:colons", "label_with_colons", "label_with_colons"),
        ("LabelWithCapitalLetters", "LabelWithCapitalLetters", "LabelWithCapitalLetters"),
        ("label!with&special$chars)", "label_with_special_chars_", "label_with_special_chars_"),
        ("label.with.dots", "label_with_dots", "label_with_dots"),
        ("123label", "key_123label", "key_123label"),
        ("_label", "_label", "key_label"),
        ("__label__", "__label__", "__label__"),
        ("a..b", "a__b", "a_b"),
        ("a__b", "a__b", "a_b"),
        ("__a..b__", "__a__b__", "__a_b__"),
        ("..a", "__a", "key_a"),
    ] {
        assert_eq!(plain.label(name).as_deref(), Ok(expected));
        assert_eq!(collapsing.label(name).as_deref(), Ok(collapsed));
        assert_eq!(utf8.label(name).as_deref(), Ok(name));
    }
}

#[test]
fn nothing_is_no_name() {
    let full = Namer::default();
    for (outcome, expected) in [
        (full.metric("", "", Kind::Gauge), "normalization for metric \"\" resulted in empty name"),
        (full.metric("@#$%", "", Kind::Gauge), "normalization for metric \"@#$%\" resulted in empty name"),
        (
            namer(Translation::WithoutSuffixes, "").metric("@_#_$_%", "", Kind::Gauge),
            "normalization for metric \"@_#_$_%\" resulted in invalid name \"_____\"",
        ),
        (full.label("").map(Cow::into_owned), "label name is empty"),
        (
            full.label("ようこそ").map(Cow::into_owned),
            "normalization for label name \"ようこそ\" resulted in invalid name \"____\"",
        ),
        (
            namer(Translation::None, "").label("__").map(Cow::into_owned),
            "label name \"__\" contains only underscores",
        ),
    ] {
        assert_eq!(outcome, Err(expected.to_owned()));
    }
}

proptest! {
    #[test]
    fn names_are_of_fine_characters(name in ".*", unit in ".*", counter in any::<bool>()) {
        let kind = if counter { Kind::Counter } else { Kind::Gauge };
        if let Ok(made) = Namer::default().metric(&name, &unit, kind) {
            prop_assert!(crate::is_metric(&made), "{}", made);
        }
        let _ = namer(Translation::OnlySuffixes, "é").metric(&name, &unit, kind);
        if let Ok(made) = Namer::default().label(&name) {
            prop_assert!(crate::is_label(&made), "{}", made);
        }
    }
}
