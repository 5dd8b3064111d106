use super::{
    Column,
    Figure::{Counted, Measured},
    Report, Run,
};

const COLUMNS: &[Column] = &[Column::new("items/CPU-s", "speed", 0), Column::new("sent", "sent", 0)];

fn report(runs: &[(&'static str, f64, u64, u64)]) -> Report {
    let mut report = Report::new(COLUMNS);
    for (who, speed, sent, received) in runs {
        report
            .add(who, Run { figures: vec![Measured(*speed), Counted(10)], sent: *sent, received: *received });
    }
    report
}

#[test]
fn the_table_ends_with_the_ratio_of_the_medians() {
    let report = report(&[
        ("ours", 400.0, 10, 10),
        ("peer", 50.0, 10, 10),
        ("ours", 300.0, 10, 10),
        ("peer", 100.0, 10, 10),
        ("ours", 1000.0, 10, 10),
        ("peer", 60.0, 10, 10),
    ]);
    let table = report.table();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "              items/CPU-s  sent");
    assert_eq!(lines[1], "ours                  400    10");
    assert_eq!(
        lines[7..],
        ["ours, median          400", "peer, median           60", "ours / peer         6.67x",]
    );
    assert!(report.lossless());
}

#[test]
fn json_has_the_same_figures() {
    let json = report(&[("ours", 400.0, 10, 10), ("peer", 50.0, 10, 10)]).json();
    assert_eq!(json["runs"][0], serde_json::json!({"collector": "ours", "speed": 400.0, "sent": 10}));
    assert_eq!(json["median"]["peer"]["speed"], 50.0);
    assert_eq!(json["ratio"], serde_json::json!({"speed": 8.0}));
    assert_eq!(json["lossless"], true);
    assert_eq!(report(&[("ours", 1.0, 1, 1)]).json()["ratio"], serde_json::Value::Null);
}

#[test]
fn loss_is_told() {
    let report = report(&[("ours", 1.0, 10, 7), ("peer", 1.0, 10, 12)]);
    assert!(!report.lossless());
    let table = report.table();
    assert!(table.contains("ours: 3 items lost\n"), "{table}");
    assert!(table.contains("peer: 2 items delivered twice or unacknowledged\n"), "{table}");
}
