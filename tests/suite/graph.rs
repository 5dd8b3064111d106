//! The drawing of pipelines, in a real browser.

use std::{fs, process::Command, time::Duration};

use crate::kit::{chromium::Chromium, command::run, distros};

const DEADLINE: Duration = Duration::from_secs(20);
/// Measures what is drawn and says what is wrong.
const MEASURE: &str = r#"<pre id="out"></pre><script>
const boxes = [...document.querySelectorAll("svg g")].map(g => ({
  label: g.querySelector("text").textContent,
  box: g.querySelector("rect").getBBox(),
  text: g.querySelector("text").getBBox(),
}));
const svg = document.querySelector("svg").viewBox.baseVal, wrong = [];
for (const [i, {label, box, text}] of boxes.entries()) {
  if (text.width < 1 || text.x < box.x || text.x + text.width > box.x + box.width
      || text.y < box.y || text.y + text.height > box.y + box.height) wrong.push(label + " is not in its box");
  if (box.x < 0 || box.y < 0 || box.x + box.width > svg.width || box.y + box.height > svg.height)
    wrong.push(label + " is cut off");
  for (const other of boxes.slice(0, i)) {
    const b = other.box;
    if (box.x < b.x + b.width && b.x < box.x + box.width && box.y < b.y + b.height && b.y < box.y + box.height)
      wrong.push(label + " lies on " + other.label);
  }
}
document.getElementById("out").textContent = `${boxes.length} boxes, ${document.querySelectorAll("svg path").length} arrows; `
  + (wrong.join("; ") || "fine");
</script>"#;

/// Twelve pipelines, joined by connectors, with some thirty components.
fn configuration() -> String {
    let list = |name: &str, count: usize, body: &str| {
        (0..count).map(|i| format!("{name}/number-{i}: {body}")).collect::<Vec<_>>().join(", ")
    };
    let mut yaml = format!(
        "receivers: {{{}}}\nprocessors: {{{}, {}}}\nexporters: {{{}}}\nconnectors: {{{}}}\nservice:\n  pipelines:\n",
        list("nop", 6, ""),
        list("batch", 6, ""),
        list("memory_limiter", 2, "{check_interval: 1s, limit_mib: 100}"),
        list("debug", 8, ""),
        list("forward", 6, ""),
    );
    for i in 0..6 {
        let more = (i + 1) % 6;
        yaml = format!(
            "{yaml}    traces/in-{i}: {{receivers: [nop/number-{i}, nop/number-{more}], processors: [memory_limiter/number-{}, \
             batch/number-{i}], exporters: [forward/number-{i}, debug/number-{i}]}}\n    traces/out-{i}: {{receivers: \
             [forward/number-{i}], exporters: [debug/number-{more}, debug/number-7]}}\n",
            i % 2
        );
    }
    yaml
}

#[test]
fn a_drawing_of_thirty_components_can_be_read() {
    let Some(chromium) = Chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.yaml");
    fs::write(&config, configuration()).unwrap();
    let mut command = Command::new(&distros::core().binary);
    command.args(["graph", "--format", "svg", "--config"]).arg(&config);
    let svg = run(&mut command, DEADLINE).expect_success().stdout;
    // What a browser refuses as XML it shows as an error.
    let alone = folder.path().join("graph.svg");
    fs::write(&alone, &svg).unwrap();
    let document = chromium.document(&alone);
    assert!(!document.contains("parsererror") && document.matches("<rect ").count() > 30, "{document}");
    assert!(
        !svg.contains("http://") || svg.matches("http://").count() == 1,
        "it needs nothing from elsewhere"
    );
    let page = folder.path().join("page.html");
    fs::write(&page, format!("<!doctype html><meta charset=utf-8>{svg}{MEASURE}")).unwrap();
    let document = chromium.document(&page);
    // 12 pipelines, 6 receivers, 12 processors, 6 connectors, 7 exporters; and all that joins them.
    assert!(document.contains("43 boxes, 54 arrows; fine"), "{document}");
}
