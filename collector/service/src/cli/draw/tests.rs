//! Drawings of configurations large and small.

use super::*;

fn config(yaml: &str) -> Config {
    let (config, findings) = Config::read(slimcol_config::parse("test.yaml", yaml).unwrap());
    assert!(findings.issues.is_empty());
    config
}

const JOINED: &str = "
receivers: {otlp: , nop: }
processors: {batch: }
exporters: {otlp_grpc/a&b: , debug: }
connectors: {forward: }
service:
  pipelines:
    traces: {receivers: [otlp, nop], processors: [batch], exporters: [forward, debug]}
    traces/2: {receivers: [forward], exporters: [otlp_grpc/a&b]}
";

#[test]
fn connectors_join_pipelines() {
    let expected = "flowchart LR
    n0(\"traces\")
    n1([\"otlp\"])
    n2([\"nop\"])
    n3[\"batch\"]
    n4{{\"forward\"}}
    n5[[\"debug\"]]
    n6(\"traces/2\")
    n7[[\"otlp_grpc/a&amp;b\"]]
    n1 --> n0
    n2 --> n0
    n0 --> n3
    n3 --> n4
    n3 --> n5
    n4 --> n6
    n6 --> n7
";
    assert_eq!(draw(&config(JOINED), None).unwrap(), expected);
    assert_eq!(draw(&config(JOINED), Some("x")).unwrap_err(), "unrecognized graph format: x");
}

/// Ten pipelines, of which every second feeds the next one, and shared ends.
fn many() -> String {
    let mut yaml = String::from("receivers: {otlp: , nop: }\nprocessors: {batch: , memory_limiter: }\n");
    yaml += "exporters: {file/0: , file/2: , file/4: , file/6: , file/8: , debug: , nop: , otlp_grpc/somewhere-far-away: }\nconnectors: {";
    yaml += &(0..10).map(|i| format!("forward/{i}: ")).collect::<Vec<_>>().join(",");
    yaml += "}\nservice:\n  pipelines:\n";
    for i in 0..10 {
        let from = if i % 2 == 1 { format!("forward/{}", i - 1) } else { "otlp, nop".into() };
        let onto = if i % 2 == 0 {
            format!("forward/{i}, debug, file/{i}")
        } else {
            "otlp_grpc/somewhere-far-away, nop".into()
        };
        let line = format!(
            "    traces/{i}: {{receivers: [{from}], processors: [memory_limiter, batch], exporters: [{onto}]}}\n"
        );
        yaml += &line;
    }
    yaml
}

#[test]
fn no_box_lies_on_another_or_on_an_arrow() {
    for yaml in [JOINED, &many(), "receivers: {a: }\nexporters: {b: }\nservice: {pipelines: {}}"] {
        let drawing = Drawing::of(&config(yaml));
        let layout::Layout { spots, width, height, ways } = layout::place(&drawing);
        for (i, a) in spots.iter().enumerate() {
            assert!(a.x + a.width <= width && a.y + layout::HEIGHT <= height, "{a:?}");
            for b in spots[..i].iter().filter(|b| a.dot.is_some() || b.dot.is_some()) {
                // What passes is a line in the middle of its spot, with some air.
                let span = |s: &layout::Spot| match s.dot {
                    Some(_) => (s.y, s.y + layout::HEIGHT),
                    None => (s.y + layout::HEIGHT / 2 - 6, s.y + layout::HEIGHT / 2 + 6),
                };
                let (one, other) = (span(a), span(b));
                let apart =
                    a.x + a.width < b.x || b.x + b.width < a.x || one.1 <= other.0 || other.1 <= one.0;
                assert!(apart, "{a:?} {b:?}");
            }
        }
        for pair in ways.iter().flat_map(|way| way.windows(2)) {
            assert!(spots[pair[0]].x + spots[pair[0]].width < spots[pair[1]].x, "an arrow goes back");
        }
    }
}

#[test]
fn labels_fit_and_are_escaped() {
    let drawing = svg::svg(&Drawing::of(&config(JOINED)));
    assert!(drawing.contains(">otlp_grpc/a&amp;b</text>"), "{drawing}");
    assert_eq!(drawing.matches("<text ").count(), 8);
    assert_eq!(drawing.matches("<path ").count(), 7);
    let drawing = Drawing::of(&config(&many()));
    for spot in &layout::place(&drawing).spots {
        if let Some(dot) = spot.dot {
            assert!(drawing.dots[dot].label.len() * 8 < spot.width);
        }
    }
}
