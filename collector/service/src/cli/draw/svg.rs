//! A drawing as SVG that needs nothing else, readable on light and dark ground.

use std::fmt::Write;

use slimcol_config::PipelineSignal;

use super::{Drawing, Role, entities, layout};

/// By role, then by signal.
const STYLE: &str = "\
    rect{stroke-width:1.5}\
    text{font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;text-anchor:middle;dominant-baseline:central;fill:#1b1b1b}\
    path{fill:none;stroke:#888;stroke-width:1.5}\
    .receiver{fill:#e3f2e1;stroke:#4d8f46}.pipeline{fill:#fff;stroke:#999;stroke-dasharray:4 3}\
    .processor{fill:#eef0f7;stroke:#7d86a8}.connector{fill:#f6e8fb;stroke:#9a5fb0}.exporter{fill:#fdebdc;stroke:#c77a35}\
    .traces{stroke:#2a6fb5}.metrics{stroke:#b5622a}.logs{stroke:#4d8f46}.profiles{stroke:#9a5fb0}";

/// The drawing as a document.
pub(super) fn svg(drawing: &Drawing) -> String {
    let layout = layout::place(drawing);
    let (width, height) = (layout.width, layout.height);
    let middle = |i: usize| layout.spots[i].y + layout::HEIGHT / 2;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>{STYLE}</style>\n\
         <defs><marker id=\"end\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><polygon points=\"0,0 8,4 0,8\" fill=\"#888\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for way in &layout.ways {
        let signal = way.iter().find_map(|i| layout.spots[*i].dot.and_then(|dot| drawing.dots[dot].signal));
        let _ = write!(text, "<path class=\"{}\" d=\"", signal.map_or("", PipelineSignal::as_str));
        for (n, pair) in way.windows(2).enumerate() {
            let (from, onto) = (&layout.spots[pair[0]], &layout.spots[pair[1]]);
            let (x, to, bend) = (from.x + from.width, onto.x, (onto.x - from.x - from.width) / 2);
            let (y, onto) = (middle(pair[0]), middle(pair[1]));
            if n == 0 {
                let _ = write!(text, "M{x} {y}");
            } else {
                // Through the column, between its boxes.
                let _ = write!(text, "H{x}");
            }
            let _ = write!(text, "C{} {y} {} {onto} {to} {onto}", x + bend, to - bend);
        }
        text += "\" marker-end=\"url(#end)\"/>\n";
    }
    for spot in &layout.spots {
        let Some(dot) = spot.dot.map(|dot| &drawing.dots[dot]) else { continue };
        let class = match dot.role {
            Role::Receiver => "receiver",
            Role::Pipeline => "pipeline",
            Role::Processor => "processor",
            Role::Connector => "connector",
            Role::Exporter => "exporter",
        };
        let corner =
            if matches!(dot.role, Role::Processor | Role::Exporter) { 4 } else { layout::HEIGHT / 2 };
        let label = entities(&dot.label);
        let (x, y) = (spot.x + spot.width / 2, spot.y + layout::HEIGHT / 2);
        let _ = writeln!(
            text,
            "<g><title>{class} {label}</title><rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
             rx=\"{corner}\"/><text x=\"{x}\" y=\"{y}\">{label}</text></g>",
            spot.x,
            spot.y,
            spot.width,
            layout::HEIGHT
        );
    }
    text + "</svg>\n"
}
