//! A data point's exemplars, being changed while the point is.

use super::{message::MessageMut, metric::PointMut, node::Body, setters::ExemplarMut};
use crate::{
    fields::Fields,
    put,
    schema::numbers::{ExponentialHistogramDataPoint, HistogramDataPoint, NumberDataPoint},
};

impl PointMut<'_> {
    /// Calls `change` on each exemplar with the point, in order; what it sees of the point's exemplars is how they were
    /// before. Summaries have none.
    pub fn each_exemplar(&mut self, change: &mut dyn FnMut(&mut Self, &mut ExemplarMut<'_>)) {
        let (number, message) = self.exemplars();
        if !Fields::of(message.bytes()).any(|field| field.number == number) {
            return;
        }
        let (old, depth) = (message.bytes().to_vec(), message.depth() + 1);
        let (mut new, mut changed) = (Vec::with_capacity(old.len()), false);
        for field in Fields::of(&old).filter(|field| field.number == number) {
            let mut body = Body::Kept(0..field.value.len());
            change(self, &mut ExemplarMut(MessageMut::apart(field.value, &mut body, depth)));
            changed |= matches!(body, Body::Own(_));
            put::bytes(&mut new, number, body.bytes(field.value));
        }
        if changed {
            let (_, mut message) = self.exemplars();
            message.clear(number);
            message.append(|to| to.extend_from_slice(&new));
        }
    }

    /// The number of the field that exemplars are in, 0 where there is none, and the point.
    fn exemplars(&mut self) -> (u32, MessageMut<'_>) {
        match self {
            Self::Number(point) => (NumberDataPoint::exemplars, point.0.again()),
            Self::Histogram(point) => (HistogramDataPoint::exemplars, point.0.again()),
            Self::ExponentialHistogram(point) => (ExponentialHistogramDataPoint::exemplars, point.0.again()),
            Self::Summary(point) => (0, point.0.again()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Metrics, edit::PointMut, view::Number};

    const KINDS: [&str; 4] = ["sum", "histogram", "exponentialHistogram", "summary"];

    fn changed(kind: &str, change: bool) -> String {
        let json = format!(
            r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{{"{kind}":{{"dataPoints":[{{"flags":1,
               "exemplars":[{{"asDouble":0.5}},{{"asInt":"7"}}]}}]}}}}]}}]}}]}}"#
        );
        let json = if kind == "summary" { json.replace("exemplars", "unknown") } else { json };
        let mut metrics = Metrics::from_json(json.as_bytes()).unwrap();
        let before = metrics.bytes();
        metrics.edit(|tree| {
            let mut entry = tree.entries_mut().next().unwrap();
            let mut scope = entry.scopes_mut().next().unwrap();
            let mut metric = scope.metrics_mut().next().unwrap();
            for mut point in metric.points_mut() {
                point.each_exemplar(&mut |point, exemplar| {
                    if !change {
                        return;
                    }
                    exemplar.filtered_attributes_mut().insert("k", "v");
                    if let Number::Int(value) = exemplar.view().value() {
                        exemplar.set_value(Number::Int(value + 1));
                    }
                    if let PointMut::Number(point) = point {
                        assert_eq!(point.view().exemplars().count(), 2);
                        point.set_flags(point.view().flags() + 1);
                    }
                });
            }
        });
        if !change {
            assert_eq!(metrics.bytes(), before);
        }
        let mut out = Vec::new();
        metrics.write_json(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_point_and_its_exemplars_change_together() {
        for kind in KINDS {
            changed(kind, false);
            let out = changed(kind, true);
            let kv = r#""filteredAttributes":[{"key":"k","value":{"stringValue":"v"}}]"#;
            let count = if kind == "summary" { 0 } else { 2 };
            assert_eq!(out.matches(kv).count(), count, "{kind}: {out}");
            assert_eq!(out.contains(r#""asInt":"8""#), count > 0, "{kind}: {out}");
            assert_eq!(out.contains(r#""flags":3"#), kind == "sum", "{kind}: {out}");
        }
    }
}
