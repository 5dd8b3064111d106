use super::*;
use crate::{Duration, from_yaml};

#[test]
fn everything_has_gos_default() {
    let telemetry = from_yaml::<Telemetry>("").unwrap();
    let Logs { level, encoding, sampling, output_paths, error_output_paths, .. } = telemetry.logs;
    assert_eq!((level, encoding.as_str()), (LogLevel::Info, "console"));
    assert_eq!(sampling, Sampling { enabled: true, tick: Duration::secs(10), initial: 10, thereafter: 100 });
    assert_eq!((output_paths, error_output_paths), (vec!["stderr".to_owned()], vec!["stderr".to_owned()]));
    assert_eq!(telemetry.metrics.level, MetricsLevel::Normal);
    assert!(telemetry.metrics.readers.is_none() && telemetry.resource.attributes.is_empty());
}

#[test]
fn every_key_loads() {
    let text = "logs:
  level: WARN
  encoding: json
  development: true
  disable_caller: true
  disable_stacktrace: true
  disable_zap_resource: true
  sampling: {enabled: false, tick: 5s, initial: 1, thereafter: 2}
  output_paths: [stdout, /tmp/x.log]
  error_output_paths: [stderr]
  initial_fields: {foo: bar, n: 5}
  processors: [{batch: {exporter: {otlp: {protocol: http/protobuf, endpoint: http://x:1}}}}]
metrics:
  level: Detailed
  readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}]
  views: [{selector: {instrument_name: x}, stream: {aggregation: {drop: {}}}}]
traces:
  level: none
  propagators: [tracecontext, b3]
  processors: [{simple: {exporter: {console: {}}}}]
  sampler: {always_on: {}}
  limits: {}
resource:
  schema_url: https://x
  attributes: [{name: a, value: b}, {name: n, value: 5, type: int}]
  detectors: {attributes: {}}
";
    let telemetry = from_yaml::<Telemetry>(text).unwrap();
    assert_eq!(telemetry.logs.level, LogLevel::Warn);
    assert_eq!(telemetry.logs.initial_fields.len(), 2);
    assert_eq!(telemetry.metrics.level, MetricsLevel::Detailed);
    let attributes = [("a".to_owned(), Some("b".to_owned())), ("n".to_owned(), Some("5".to_owned()))];
    assert_eq!(telemetry.resource.attributes, attributes);
    assert!(!telemetry.resource.legacy);
}

#[test]
fn inline_resource_attributes_still_load() {
    let telemetry = from_yaml::<Telemetry>("resource: {foo: bar, service.instance.id: null}").unwrap();
    let attributes = [("foo".to_owned(), Some("bar".to_owned())), ("service.instance.id".to_owned(), None)];
    assert_eq!(telemetry.resource.attributes, attributes);
    assert!(telemetry.resource.legacy);
}

#[test]
fn what_is_wrong_is_told_in_gos_words() {
    for (text, expected) in [
        ("logs: {level: foo}", "'logs.level' unrecognized level: \"foo\""),
        ("logs: {encoding: 5}", "'logs.encoding' expected type 'string', got unconvertible type 'int'"),
        ("logs: {foo: 1}", "'logs' has invalid keys: foo"),
        ("metrics: {level: foo}", "'metrics.level' unknown metrics level \"foo\""),
        ("metrics: {address: ':8888'}", "'metrics' has invalid keys: address"),
        ("traces: {level: foo}", "'traces.level' unknown metrics level \"foo\""),
        (
            "metrics: {readers: []}",
            "collector telemetry metrics reader should exist when metric level is not none",
        ),
        ("metrics: {level: none, readers: []}", ""),
        (
            "metrics: {views: []}",
            "service::telemetry::metrics::views can only be set when service::telemetry::metrics::level is detailed",
        ),
        (
            "resource: {a: b, attributes: [{name: x, value: y}]}",
            "resource: resource::attributes cannot be used together with legacy inline resource attributes",
        ),
        (
            "resource: {attributes_list: 'a=b'}",
            "resource: resource::attributes_list is not currently supported, please use resource::attributes",
        ),
        (
            "resource: {a: 1}",
            "service::telemetry::resource: legacy resource attribute \"a\" must be string or null",
        ),
        ("metrics: {readers: x}", "'metrics.readers' source data must be an array or slice, got string"),
        ("metricz: {}", "has invalid keys: metricz"),
    ] {
        assert_eq!(from_yaml::<Telemetry>(text).err().unwrap_or_default(), expected, "{text}");
    }
}

#[test]
fn readers_and_views_are_read() {
    let read = |metrics: &str| from_yaml::<Telemetry>(&format!("metrics: {metrics}")).map(|t| t.metrics);
    let default = read("{}").unwrap();
    let [Reader::Prometheus(page)] = default.read_by() else { panic!("{default:?}") };
    assert_eq!((page.host.as_str(), page.port, page.without_units), ("localhost", 8888, true));

    let metrics = read(
        "{readers: [{pull: {exporter: {prometheus: {port: 1, without_units: false}}}}, \
         {periodic: {interval: 10, exporter: {otlp: {protocol: grpc, endpoint: 'a:1', insecure: true, \
         headers: [{name: x, value: y}]}}}}, {periodic: {exporter: {console: {}}}}]}",
    )
    .unwrap();
    let [Reader::Prometheus(page), Reader::Periodic(push), Reader::Periodic(console)] = metrics.read_by()
    else {
        panic!("{metrics:?}")
    };
    assert_eq!((page.port, page.without_units, page.without_type_suffix), (1, false, true));
    let otlp = push.otlp.as_ref().unwrap();
    assert!(otlp.grpc && otlp.insecure && otlp.headers.0.len() == 1);
    assert_eq!((push.interval.as_millis(), push.timeout.as_secs()), (10, 30));
    assert!(console.otlp.is_none());

    for (yaml, message) in [
        ("{readers: [{}]}", "must have one of `pull` and `periodic`"),
        ("{readers: [{pull: {exporter: {}}}]}", "no valid metric exporter"),
        ("{readers: [{periodic: {exporter: {otlp: {protocol: x}}}}]}", "unsupported protocol \"x\""),
        (
            "{readers: [{periodic: {exporter: {otlp: {temporality_preference: delta}}}}]}",
            "only cumulative is supported",
        ),
        (
            "{level: detailed, views: [{stream: {aggregation: {explicit_bucket_histogram: {}}}}]}",
            "has invalid keys: explicit_bucket_histogram",
        ),
        (
            "{level: detailed, views: [{selector: {unit: By}}]}",
            "views select by instrument_name and meter_name only",
        ),
    ] {
        let error = read(yaml).unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[test]
fn span_processors_are_read() {
    let read = |list: &str| from_yaml::<Telemetry>(&format!("traces: {{processors: [{list}]}}"));
    let telemetry = read(
        "{batch: {exporter: {otlp: {protocol: grpc, endpoint: 'a:1', timeout: 1500}}}}, {simple: {exporter: {console: {}}}}, \
         {batch: {schedule_delay: 10, export_timeout: 20, max_queue_size: 30, max_export_batch_size: 40, \
         exporter: {console: {}}}}",
    );
    let telemetry = telemetry.unwrap();
    let numbers =
        |one: &TelemetryProcessor| (one.delay.as_millis(), one.timeout.as_millis(), one.most, one.batch);
    let all: Vec<_> = telemetry.traces.sent_by().iter().map(numbers).collect();
    assert_eq!(all, [(5000, 30_000, 2048, 512), (0, 30_000, 2048, 1), (10, 20, 30, 30)]);
    let otlp = telemetry.traces.sent_by()[0].otlp.as_ref().unwrap();
    assert_eq!((otlp.grpc, otlp.endpoint.as_str(), otlp.timeout.as_millis()), (true, "a:1", 1500));
    // Of logs they are the same, but for the time that they wait.
    let logs =
        from_yaml::<Telemetry>("logs: {processors: [{batch: {exporter: {console: {}}}}]}").unwrap().logs;
    let all: Vec<_> = logs.sent_by().iter().map(numbers).collect();
    assert_eq!(all, [(1000, 30_000, 2048, 512)]);
    for (processor, message) in [
        ("{}", "unsupported log processor type, must be one of simple or batch"),
        ("{simple: {exporter: {}}}", "no valid log exporter"),
        ("{simple: {x: 1, exporter: {console: {}}}}", "'logs.processors[0].simple' has invalid keys: x"),
    ] {
        let error = from_yaml::<Telemetry>(&format!("logs: {{processors: [{processor}]}}")).unwrap_err();
        assert!(error.contains(message), "{processor}: {error}");
    }
    for (list, message) in [
        ("{}", "unsupported span processor type, must be one of simple or batch"),
        (
            "{simple: {exporter: {console: {}}}, batch: {exporter: {console: {}}}}",
            "must not specify multiple span processor type",
        ),
        ("{simple: {exporter: {}}}", "no valid span exporter"),
        ("{simple: {exporter: {console: {}, otlp: {}}}}", "must not specify multiple exporters"),
        ("{simple: {exporter: {otlp: {protocol: http/json}}}}", "unsupported protocol \"http/json\""),
        ("{batch: {schedule_delay: -4, exporter: {console: {}}}}", "invalid schedule delay -4"),
        ("{batch: {export_timeout: -2, exporter: {console: {}}}}", "invalid export timeout -2"),
        ("{batch: {max_queue_size: -3, exporter: {console: {}}}}", "invalid queue size -3"),
        ("{batch: {max_export_batch_size: -1, exporter: {console: {}}}}", "invalid batch size -1"),
        (
            "{batch: {delay: 1, exporter: {console: {}}}}",
            "'traces.processors[0].batch' has invalid keys: delay",
        ),
    ] {
        let error = read(list).unwrap_err();
        assert!(error.contains(message), "{list}: {error}");
    }
}
