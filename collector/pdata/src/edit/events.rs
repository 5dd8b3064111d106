//! A span's events, being changed while the span is.

use super::{
    message::MessageMut,
    node::Body,
    setters::{EventMut, SpanMut},
};
use crate::{fields::Fields, put, schema::numbers::Span};

impl SpanMut<'_> {
    /// Removes the events of which `keep` says no. It may change those that stay, and the span: what it sees of the span's
    /// events is how they were before.
    pub fn retain_events(&mut self, mut keep: impl FnMut(&mut Self, &mut EventMut<'_>) -> bool) {
        if self.view().events().next().is_none() {
            return;
        }
        let old = self.0.bytes().to_vec();
        let (depth, mut new, mut changed) = (self.0.depth() + 1, Vec::with_capacity(old.len()), false);
        for field in Fields::of(&old).filter(|field| field.number == Span::events) {
            let mut body = Body::Kept(0..field.value.len());
            let keeps = keep(self, &mut EventMut(MessageMut::apart(field.value, &mut body, depth)));
            changed |= !keeps || matches!(body, Body::Own(_));
            if keeps {
                put::bytes(&mut new, Span::events, body.bytes(field.value));
            }
        }
        if changed {
            self.0.clear(Span::events);
            self.0.append(|to| to.extend_from_slice(&new));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Traces;

    #[test]
    fn a_span_and_its_events_change_together() {
        let json = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"s","events":[{"name":"a"},{"name":"b"},{"name":"c"}]},{"name":"none"}]}]}]}"#;
        let mut traces = Traces::from_json(json.as_bytes()).unwrap();
        let before = traces.bytes();
        traces.edit(|tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    for mut span in scope.spans_mut() {
                        span.retain_events(|span, event| {
                            assert_eq!(span.view().events().count(), 3, "{event:?}");
                            true
                        });
                    }
                }
            }
        });
        assert_eq!(traces.bytes(), before);
        traces.edit(|tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    for mut span in scope.spans_mut() {
                        span.retain_events(|span, event| {
                            let name = format!("{}{}", span.view().name(), event.view().name());
                            span.set_name(&name);
                            event.attributes_mut().insert("of", name.as_str());
                            event.view().name() != "b"
                        });
                    }
                }
            }
        });
        let mut out = Vec::new();
        traces.write_json(&mut out);
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(r#""name":"sabc""#) && out.contains(r#"{"name":"none""#), "{out}");
        let events = r#""events":[{"name":"a","attributes":[{"key":"of","value":{"stringValue":"sa"}}]},{"name":"c","attributes":[{"key":"of","value":{"stringValue":"sabc"}}]}]"#;
        assert!(out.contains(events), "{out}");
    }
}
