use slimcol_config::{Node, parse};

use super::*;
use crate::derive::yaml;

/// The tree in one line, whatever the order of its keys.
fn shape(node: &Node) -> String {
    if let Some(items) = node.items() {
        return format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", "));
    }
    if node.is_map() {
        let mut pairs: Vec<String> =
            node.entries().iter().map(|e| format!("{}: {}", e.key(), shape(e.value()))).collect();
        pairs.sort();
        return format!("{{{}}}", pairs.join(", "));
    }
    node.as_str().map_or_else(|| node.scalar_text().unwrap_or("null".into()), |text| format!("{text:?}"))
}

fn rendered(values: &str) -> (Node, String) {
    let mut findings = Findings::default();
    let config = render(&parse("values.yaml", values).unwrap(), Nulls::Delete, &mut findings);
    let said = match findings.into_result() {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    };
    (config, said)
}

#[test]
fn values_render_as_the_chart_renders_them() {
    for (values, expected) in [
        (
            include_str!("../../../tests/data/helm/cluster-values.yaml"),
            include_str!("../../../tests/data/helm/cluster-rendered.yaml"),
        ),
        (
            include_str!("../../../tests/data/helm/agent-values.yaml"),
            include_str!("../../../tests/data/helm/agent-rendered.yaml"),
        ),
        (
            include_str!("../../../tests/data/helm/gateway-values.yaml"),
            include_str!("../../../tests/data/helm/gateway-rendered.yaml"),
        ),
        (
            include_str!("../../../tests/data/helm/alternate-values.yaml"),
            include_str!("../../../tests/data/helm/alternate-rendered.yaml"),
        ),
    ] {
        let (config, said) = rendered(values);
        assert_eq!(said, "");
        let text = yaml::write(&config);
        let again = parse("written.yaml", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(shape(&again), shape(&parse("rendered.yaml", expected).unwrap()), "{text}");
    }
}

#[test]
fn what_is_in_the_configuration_stands_where_the_user_caused_it() {
    let values = "mode: daemonset
presets:
  hostMetrics:
    enabled: true
config:
  receivers:
    otlp:
      protocols: {grpc: {}}
";
    let (config, _) = rendered(values);
    let place =
        |section: &str, name: &str| config.get(section).unwrap().entry(name).unwrap().place().to_string();
    assert_eq!(place("receivers", "otlp"), "values.yaml:7:5");
    assert_eq!(place("receivers", "hostmetrics"), "values.yaml:3:3");
    assert_eq!(place("receivers", "jaeger"), "values.yaml:5:1");
    let (config, _) = rendered("image: {tag: x}\nmode: deployment\n");
    assert_eq!(
        config.get("receivers").unwrap().entry("jaeger").unwrap().place().to_string(),
        "values.yaml:1:1"
    );
}

#[test]
fn values_of_a_dependency_keep_what_nulls_would_delete() {
    let values = parse("v", "{mode: deployment, config: {receivers: {jaeger: null, x: null}}}").unwrap();
    let receivers = |nulls| {
        let config = render(&values, nulls, &mut Findings::default());
        let names: Vec<_> =
            config.get("receivers").unwrap().entries().iter().map(|e| e.key().to_owned()).collect();
        names.join(" ")
    };
    assert_eq!(receivers(Nulls::Delete), "otlp prometheus zipkin x");
    assert_eq!(receivers(Nulls::Lost), "jaeger otlp prometheus zipkin x");
}

#[test]
fn what_the_chart_refuses_or_would_not_notice_is_told() {
    for (values, expected) in [
        ("config: {}", "`mode` must be set, or the chart renders nothing\n --> values.yaml:1:1"),
        ("mode: deamonset", "`mode` must be set, or the chart renders nothing\n --> values.yaml:1:7"),
        (
            "mode: daemonset\npresets:\n  hostMetric: {enabled: true}",
            "the chart has no preset `hostMetric`\n --> values.yaml:3:3",
        ),
        (
            "mode: daemonset\npresets:\n  hostMetrics: {enable: true}",
            "the preset `hostMetrics` has no key `enable`\n --> values.yaml:3:17",
        ),
        (
            "mode: daemonset\npresets:\n  logsCollection: {enabled: true}\n  annotationDiscovery: {logs: {enabled: true}}",
            "the chart refuses `annotationDiscovery.logs` together with `logsCollection`\n --> values.yaml:4:3",
        ),
        (
            "mode: deployment\nreplicaCount: 2\npresets:\n  clusterMetrics: {enabled: true, disableLeaderElection: true}",
            "the chart refuses `clusterMetrics` with several replicas and no leader election\n --> values.yaml:4:3",
        ),
        (
            "mode: deployment\ninternalTelemetryViaOTLP: {traces: {enabled: true}}",
            "`internalTelemetryViaOTLP.traces` has no endpoint\n --> values.yaml:2:28",
        ),
    ] {
        let (_, said) = rendered(values);
        assert!(said.starts_with(expected), "{said}");
    }
}
