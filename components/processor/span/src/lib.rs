//! The `span` processor: renames spans after their attributes, takes attributes from their names, and sets their status.
//!
//! ```yaml
//! processors:
//!   span:
//!     name:
//!       to_attributes:
//!         rules: ['^/api/v1/document/(?P<document_id>.*)/update$']
//! ```
//!
//! Only spans that change are opened; the others are copied as they are encoded.

mod config;
mod rule;

use slimcol_actions::{Selection, Spans};
use slimcol_pdata::{Data, Traces, edit::SpanMut};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Next, Payload, Processor, Refused, Signals, Stability,
};

pub use self::config::{Config, NameConfig, StatusConfig, ToAttributesConfig};
use self::rule::{Rule, joined};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Span>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Span {
    chosen: Selection<Spans>,
    name: NameConfig,
    rules: Vec<Rule>,
    /// OTLP's number of the code, and the text.
    status: Option<(i32, String)>,
}

impl Component for Span {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::TRACES,
        mutates: true,
        stability: Stability::Alpha,
        ..Info::new("span", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, _: &Context) -> Result<Self, BoxError> {
        let rules = config.name.to_attributes.iter().flat_map(|to| &to.rules);
        Ok(Self {
            chosen: Selection::new(config.include.as_ref(), config.exclude.as_ref(), Spans::new)?,
            rules: rules.map(|rule| Rule::new(rule)).collect::<Result<_, _>>()?,
            name: config.name,
            status: config.status.map(|status| match status.code.as_str() {
                "Ok" => (1, String::new()),
                "Error" => (2, status.description),
                _ => (0, String::new()),
            }),
        })
    }
}

impl Processor for Span {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        if let Data::Traces(traces) = &mut payload.data {
            self.change(traces);
        }
        next.consume(payload).await
    }
}

impl Span {
    fn change(&self, traces: &mut Traces) {
        traces.edit(|tree| {
            for mut entry in tree.entries_mut() {
                let by_resource =
                    self.chosen.narrow(self.chosen.begin(), |wanted| wanted.resource(entry.resource()));
                if by_resource.nothing() {
                    continue;
                }
                for mut scope in entry.scopes_mut() {
                    let by_scope = self.chosen.narrow(by_resource, |wanted| wanted.scope(scope.scope()));
                    if by_scope.nothing() {
                        continue;
                    }
                    for mut span in scope.spans_mut() {
                        if self.chosen.ends(by_scope, |wanted| wanted.span(span.view())) {
                            self.rename(&mut span);
                            self.extract(&mut span);
                            self.judge(&mut span);
                        }
                    }
                }
            }
        });
    }

    fn rename(&self, span: &mut SpanMut<'_>) {
        let NameConfig { from_attributes, separator, .. } = &self.name;
        if let Some(name) = joined(span.view().attributes(), from_attributes, separator) {
            span.set_name(&name);
        }
    }

    fn extract(&self, span: &mut SpanMut<'_>) {
        let Some(to) = &self.name.to_attributes else { return };
        if span.view().name().is_empty() {
            return;
        }
        for rule in &self.rules {
            let name = span.view().name();
            if !rule.matches(name) {
                continue;
            }
            // Of a copy: the attributes are set while it is looked at.
            let name = name.to_owned();
            let Some(found) = rule.find(&name) else { continue };
            for (group, value) in found.attributes {
                span.attributes_mut().insert(rule.key(group), value);
            }
            if !to.keep_original_name {
                span.set_name(&found.name);
            }
            if to.break_after_match {
                break;
            }
        }
    }

    fn judge(&self, span: &mut SpanMut<'_>) {
        let Some((code, message)) = &self.status else { return };
        let status = span.view().status();
        if status.code() != *code || status.message() != message {
            let mut status = span.status_mut();
            status.set_code(*code);
            status.set_message(message);
        }
    }
}

#[cfg(test)]
mod tests;
