//! What a metric says of itself, being changed apart from its points.

use super::{
    attributes::AttributesMut,
    message::MessageMut,
    metric::{MetricMut, PointMut},
};
use crate::{
    level::Level,
    put,
    schema::numbers::{Metric, Sum},
    view::{Attributes, MetricData, Temporality, find_text},
};

/// A metric without its data points, to be changed.
#[derive(Debug)]
pub struct MetricHeadMut<'a> {
    header: MessageMut<'a>,
    /// The field that the data is in, and the data without its points.
    data: Option<(u32, MessageMut<'a>)>,
    points: usize,
}

impl MetricMut<'_> {
    /// What the metric says of itself and, apart from it, its points.
    pub fn split(&mut self) -> (MetricHeadMut<'_>, impl Iterator<Item = PointMut<'_>>) {
        let (source, node) = self.parts();
        let (header, data) = node.split(Level::Metric, source);
        let mut head = MetricHeadMut { header, data: None, points: 0 };
        let mut all = Vec::with_capacity(data.len());
        for data in data {
            let kind = data.number;
            let (message, nodes) = data.split(Level::Points, source);
            head.points += nodes.len();
            head.data.get_or_insert((kind, message));
            all.push((kind, nodes));
        }
        let points = all.into_iter();
        let points = points.flat_map(move |(kind, nodes)| {
            nodes.iter_mut().map(move |node| PointMut::of(kind, source, node))
        });
        (head, points)
    }
}

impl MetricMut<'_> {
    /// Removes the data points of which `keep` says no, which sees and may change what the metric says of itself besides. How
    /// many stay.
    pub fn retain_split(
        &mut self,
        mut keep: impl FnMut(&mut MetricHeadMut<'_>, &mut PointMut<'_>) -> bool,
    ) -> usize {
        let (source, node) = self.parts();
        let (header, data) = node.split(Level::Metric, source);
        let mut head = MetricHeadMut { header, data: None, points: 0 };
        let mut left = 0;
        for data in data {
            let kind = data.number;
            let (message, nodes) = data.split(Level::Points, source);
            head.points = nodes.len();
            head.data = Some((kind, message));
            nodes.retain_mut(|node| keep(&mut head, &mut PointMut::of(kind, source, node)));
            left += nodes.len();
        }
        left
    }
}

impl MetricHeadMut<'_> {
    /// The name.
    pub fn name(&self) -> &str {
        find_text(self.header.bytes(), Metric::name)
    }

    /// The unit.
    pub fn unit(&self) -> &str {
        find_text(self.header.bytes(), Metric::unit)
    }

    /// The description.
    pub fn description(&self) -> &str {
        find_text(self.header.bytes(), Metric::description)
    }

    /// The metadata as it is now.
    pub fn metadata(&self) -> Attributes<'_> {
        Attributes::of(self.header.bytes(), Metric::metadata)
    }

    /// The data as it is now, without its points.
    pub fn data(&self) -> MetricData<'_> {
        self.data.as_ref().map_or(MetricData::Empty, |(kind, data)| MetricData::of(*kind, data.bytes()))
    }

    /// How many data points there were when the metric was split.
    pub fn points(&self) -> usize {
        self.points
    }

    /// Sets the name.
    pub fn set_name(&mut self, name: &str) {
        self.header.set(Metric::name, |to| put::bytes(to, Metric::name, name.as_bytes()));
    }

    /// Sets the unit.
    pub fn set_unit(&mut self, unit: &str) {
        self.header.set(Metric::unit, |to| put::bytes(to, Metric::unit, unit.as_bytes()));
    }

    /// Sets the description.
    pub fn set_description(&mut self, description: &str) {
        let number = Metric::description;
        self.header.set(number, |to| put::bytes(to, number, description.as_bytes()));
    }

    /// The metadata, to be changed.
    pub fn metadata_mut(&mut self) -> AttributesMut<'_> {
        AttributesMut::of(self.header.again(), Metric::metadata)
    }

    /// Sets the temporality of a sum or a histogram of either kind; the others have none.
    pub fn set_temporality(&mut self, temporality: Temporality) {
        if let Some((Metric::sum | Metric::histogram | Metric::exponential_histogram, data)) = &mut self.data
        {
            let number = Sum::aggregation_temporality;
            data.set(number, |to| put::varint_field(to, number, temporality as u64));
        }
    }

    /// Sets whether a sum only grows; the others do not say.
    pub fn set_is_monotonic(&mut self, is_monotonic: bool) {
        if let Some((Metric::sum, data)) = &mut self.data {
            let number = Sum::is_monotonic;
            data.set(number, |to| put::varint_field(to, number, is_monotonic.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Metrics,
        edit::PointMut,
        view::{MetricData, Number, Temporality},
    };

    #[test]
    fn head_and_points_change_together() {
        let json = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","unit":"s","sum":
            {"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":"1"},{"asInt":"2"}]}}]}]}]}"#;
        let mut metrics = Metrics::from_json(json.as_bytes()).unwrap();
        metrics.edit(|tree| {
            let mut entry = tree.entries_mut().next().unwrap();
            let mut scope = entry.scopes_mut().next().unwrap();
            let mut metric = scope.metrics_mut().next().unwrap();
            assert_eq!(metric.points(), 2);
            let (mut head, points) = metric.split();
            assert!(matches!(head.data(), MetricData::Sum(_)));
            assert_eq!((head.name(), head.unit(), head.description(), head.points()), ("m", "s", "", 2));
            for point in points {
                let PointMut::Number(mut point) = point else { panic!("sums have numbers") };
                let Number::Int(value) = point.view().value() else { panic!("they are whole") };
                point.set_value(Number::Int(value + 1));
                head.set_name(&format!("{}{value}", head.name()));
                head.set_description("d");
                head.set_unit("h");
                head.metadata_mut().insert("k", value);
                head.set_temporality(Temporality::Delta);
                head.set_is_monotonic(false);
            }
            assert_eq!(metric.name(), "m12");
        });
        let mut out = Vec::new();
        metrics.write_json(&mut out);
        let want = r#"{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[{"name":"m12","description":"d","unit":"h","sum":{"dataPoints":[{"asInt":"2"},{"asInt":"3"}],"aggregationTemporality":1},"metadata":[{"key":"k","value":{"intValue":"2"}}]}]}]}]}"#;
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
