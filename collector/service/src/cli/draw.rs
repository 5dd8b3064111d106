//! The `graph` command: the pipelines of a configuration as a drawing.

mod layout;
mod svg;

use std::fmt::Write;

use slimcol_config::{ComponentId, Config, PipelineSignal, Reference};

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Receiver,
    /// The beginning of a pipeline.
    Pipeline,
    Processor,
    Connector,
    Exporter,
}

#[derive(Debug)]
struct Dot {
    label: String,
    role: Role,
    /// Where in the chain of roles the pipeline is of.
    signal: Option<PipelineSignal>,
}

/// The boxes, and the arrows from one to another.
#[derive(Debug, Default)]
struct Drawing {
    dots: Vec<Dot>,
    arrows: Vec<(usize, usize)>,
}

/// The pipelines of `config` in `format`.
///
/// # Errors
/// There is no such format.
pub(super) fn draw(config: &Config, format: Option<&str>) -> Result<String, String> {
    let drawing = Drawing::of(config);
    match format.unwrap_or("mermaid") {
        "mermaid" => Ok(drawing.mermaid()),
        "svg" => Ok(svg::svg(&drawing)),
        other => Err(format!("unrecognized graph format: {other}")),
    }
}

impl Drawing {
    /// A receiver, an exporter and a connector are one box whatever pipelines name them; a processor is one a pipeline.
    fn of(config: &Config) -> Self {
        let mut drawing = Self::default();
        let connects = |id: &ComponentId| config.connectors.iter().any(|connector| connector.id == *id);
        for pipeline in &config.service.pipelines {
            let signal = Some(pipeline.id.signal);
            let mut last = drawing.add(pipeline.id.to_string(), Role::Pipeline, signal);
            for Reference { id, .. } in &pipeline.receivers {
                let role = if connects(id) { Role::Connector } else { Role::Receiver };
                let from = drawing.shared(id, role);
                drawing.arrows.push((from, last));
            }
            for Reference { id, .. } in &pipeline.processors {
                let next = drawing.add(id.to_string(), Role::Processor, signal);
                drawing.arrows.push((last, next));
                last = next;
            }
            for Reference { id, .. } in &pipeline.exporters {
                let role = if connects(id) { Role::Connector } else { Role::Exporter };
                let onto = drawing.shared(id, role);
                drawing.arrows.push((last, onto));
            }
        }
        drawing
    }

    fn add(&mut self, label: String, role: Role, signal: Option<PipelineSignal>) -> usize {
        self.dots.push(Dot { label, role, signal });
        self.dots.len() - 1
    }

    fn shared(&mut self, id: &ComponentId, role: Role) -> usize {
        let label = id.to_string();
        let there = self.dots.iter().position(|dot| dot.role == role && dot.label == label);
        there.unwrap_or_else(|| self.add(label, role, None))
    }

    fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (i, dot) in self.dots.iter().enumerate() {
            let (open, close) = match dot.role {
                Role::Receiver => ("([", "])"),
                Role::Pipeline => ("(", ")"),
                Role::Processor => ("[", "]"),
                Role::Connector => ("{{", "}}"),
                Role::Exporter => ("[[", "]]"),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "    n{i}{open}\"{}\"{close}", entities(&dot.label));
        }
        for (from, onto) in &self.arrows {
            let _ = writeln!(text, "    n{from} --> n{onto}");
        }
        text
    }
}

/// A label between quotes of Mermaid or in XML: names may have anything but blanks, control characters and symbols.
fn entities(label: &str) -> String {
    let mut text = String::new();
    for c in label.chars() {
        match c {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests;
