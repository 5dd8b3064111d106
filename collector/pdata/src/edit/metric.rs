//! Metrics being changed.

use std::cell::RefCell;

use super::{
    attributes::AttributesMut,
    message::MessageMut,
    node::{Body, Node},
    setters::{
        ExponentialHistogramDataPointMut, HistogramDataPointMut, LogRecordMut, NumberDataPointMut, SpanMut,
        SummaryDataPointMut,
    },
};
use crate::{
    Signal,
    fields::Fields,
    level::Level,
    put,
    schema::numbers::{self, Metric, Sum},
    view::{Attributes, MetricData, MetricRef, Temporality, View, find_text},
};

impl<'a> SpanMut<'a> {
    pub(super) fn on_node(source: &'a [u8], node: &'a mut Node) -> Self {
        Self(MessageMut::of(source, &mut node.body))
    }
}

impl<'a> LogRecordMut<'a> {
    pub(super) fn on_node(source: &'a [u8], node: &'a mut Node) -> Self {
        Self(MessageMut::of(source, &mut node.body))
    }
}

/// A metric with its data points, to be changed.
#[derive(Debug)]
pub struct MetricMut<'a> {
    source: &'a [u8],
    node: &'a mut Node,
}

impl<'a> MetricMut<'a> {
    pub(super) fn on_node(source: &'a [u8], node: &'a mut Node) -> Self {
        Self { source, node }
    }

    /// What the metric's bytes lie in, and its node.
    pub(super) fn parts(&mut self) -> (&[u8], &mut Node) {
        (self.source, self.node)
    }

    /// The metric as it came, with its points; `None` once something of it was changed.
    pub fn view(&self) -> Option<MetricRef<'_>> {
        match &self.node.body {
            Body::Kept(range) => Some(View::of(&self.source[range.clone()])),
            Body::Own(_) => None,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        find_text(self.node.body.bytes(self.source), Metric::name)
    }

    /// The unit.
    pub fn unit(&self) -> &str {
        find_text(self.node.body.bytes(self.source), Metric::unit)
    }

    /// The description.
    pub fn description(&self) -> &str {
        find_text(self.node.body.bytes(self.source), Metric::description)
    }

    /// The metadata as it is now.
    pub fn metadata(&self) -> Attributes<'_> {
        Attributes::of(self.node.body.bytes(self.source), Metric::metadata)
    }

    /// The data as it is now, to ask what kind it is of and what it says of itself; of its points it may show none.
    pub fn data(&self) -> MetricData<'_> {
        match &self.node.children {
            None => MetricRef::of(self.node.body.bytes(self.source)).data(),
            Some(data) => data
                .first()
                .map_or(MetricData::Empty, |data| MetricData::of(data.number, data.body.bytes(self.source))),
        }
    }

    /// How many data points there are.
    pub fn points(&self) -> usize {
        self.node.items(Signal::Metrics, Level::Metric, self.source)
    }

    /// Sets the name.
    pub fn set_name(&mut self, name: &str) {
        self.set_text(Metric::name, name);
    }

    /// Sets the unit.
    pub fn set_unit(&mut self, unit: &str) {
        self.set_text(Metric::unit, unit);
    }

    /// Sets the description.
    pub fn set_description(&mut self, description: &str) {
        self.set_text(Metric::description, description);
    }

    fn set_text(&mut self, number: u32, text: &str) {
        let mut header = self.node.header(Level::Metric, self.source);
        header.set(number, |to| put::bytes(to, number, text.as_bytes()));
    }

    /// The metadata, to be changed.
    pub fn metadata_mut(&mut self) -> AttributesMut<'_> {
        AttributesMut::of(self.node.header(Level::Metric, self.source), Metric::metadata)
    }

    /// Makes the metric an empty gauge.
    pub fn set_gauge(&mut self) {
        self.set_data(Metric::gauge);
    }

    /// Makes the metric an empty sum.
    pub fn set_sum(&mut self, temporality: Temporality, is_monotonic: bool) {
        self.set_data(Metric::sum);
        self.set_temporality(temporality);
        self.set_is_monotonic(is_monotonic);
    }

    /// Sets whether a sum only grows; the others do not say.
    pub fn set_is_monotonic(&mut self, is_monotonic: bool) {
        if self.data_number() == Some(Metric::sum)
            && let Some(mut data) = self.data_mut()
        {
            let number = Sum::is_monotonic;
            data.set(number, |to| put::varint_field(to, number, is_monotonic.into()));
        }
    }

    /// Makes a sum a gauge of the same points.
    pub fn turn_to_gauge(&mut self) {
        self.turn(Metric::gauge);
    }

    /// Makes a gauge a sum of the same points.
    pub fn turn_to_sum(&mut self, temporality: Temporality, is_monotonic: bool) {
        self.turn(Metric::sum);
        self.set_temporality(temporality);
        self.set_is_monotonic(is_monotonic);
    }

    /// Gives points that are numbers to data of another type.
    fn turn(&mut self, number: u32) {
        let source = self.source;
        if let Some(data) = self.node.open(Level::Metric, source).first_mut() {
            let points = std::mem::take(data.open(Level::Points, source));
            *data = Node::new(number, Level::Points);
            *data.open(Level::Points, source) = points;
        }
    }

    /// Makes the metric an empty histogram.
    pub fn set_histogram(&mut self, temporality: Temporality) {
        self.set_data(Metric::histogram);
        self.set_temporality(temporality);
    }

    /// Makes the metric an empty exponential histogram.
    pub fn set_exponential_histogram(&mut self, temporality: Temporality) {
        self.set_data(Metric::exponential_histogram);
        self.set_temporality(temporality);
    }

    /// Makes the metric an empty summary.
    pub fn set_summary(&mut self) {
        self.set_data(Metric::summary);
    }

    fn set_data(&mut self, number: u32) {
        let data = self.node.open(Level::Metric, self.source);
        data.clear();
        data.push(Node::new(number, Level::Points));
    }

    /// Sets the temporality of a sum or a histogram of either kind; the others have none.
    pub fn set_temporality(&mut self, temporality: Temporality) {
        let has_one = self.data_number().is_some_and(|number| {
            [Metric::sum, Metric::histogram, Metric::exponential_histogram].contains(&number)
        });
        if has_one && let Some(mut data) = self.data_mut() {
            let number = Sum::aggregation_temporality;
            data.set(number, |to| put::varint_field(to, number, temporality as u64));
        }
    }

    /// The data without its points.
    fn data_mut(&mut self) -> Option<MessageMut<'_>> {
        let data = self.node.open(Level::Metric, self.source).first_mut()?;
        Some(data.header(Level::Points, self.source))
    }

    fn data_number(&mut self) -> Option<u32> {
        self.node.open(Level::Metric, self.source).first().map(|data| data.number)
    }

    /// The data points, to be changed.
    pub fn points_mut(&mut self) -> impl Iterator<Item = PointMut<'_>> {
        let source = self.source;
        self.node.open(Level::Metric, source).iter_mut().flat_map(move |data| {
            let kind = data.number;
            data.open(Level::Points, source).iter_mut().map(move |node| PointMut::of(kind, source, node))
        })
    }

    /// Removes the data points of which `keep` says no. It may change those that stay.
    pub fn retain_points(&mut self, mut keep: impl FnMut(&mut PointMut<'_>) -> bool) {
        let source = self.source;
        for data in self.node.open(Level::Metric, source) {
            let kind = data.number;
            data.open(Level::Points, source).retain_mut(|node| keep(&mut PointMut::of(kind, source, node)));
        }
    }

    /// Adds an empty data point at the end, of the kind of the metric's data. `None` if it has no data.
    pub fn add_point(&mut self) -> Option<PointMut<'_>> {
        let data = self.node.open(Level::Metric, self.source).first_mut()?;
        let kind = data.number;
        let nodes = data.open(Level::Points, self.source);
        Some(PointMut::of(kind, self.source, nodes.push_mut(Node::new(1, Level::Item))))
    }
}

/// A metric that is part of no telemetry yet.
#[derive(Debug)]
pub struct OwnMetric(pub(super) Node);

impl Default for OwnMetric {
    fn default() -> Self {
        Self(Node::new(2, Level::Metric))
    }
}

impl OwnMetric {
    /// The metric, to be changed.
    pub fn edit(&mut self) -> MetricMut<'_> {
        MetricMut::on_node(&[], &mut self.0)
    }
}

impl MetricMut<'_> {
    /// The same for a shorter time.
    pub fn again(&mut self) -> MetricMut<'_> {
        MetricMut { source: self.source, node: self.node }
    }

    /// Whether `test` says so of the attributes of one of the points.
    pub fn any_point(&self, test: impl FnMut(Attributes<'_>) -> bool) -> bool {
        let test = RefCell::new(test);
        let test = |attributes: Attributes<'_>| (test.borrow_mut())(attributes);
        let number = |kind| match kind {
            Metric::histogram => numbers::HistogramDataPoint::attributes,
            Metric::exponential_histogram => numbers::ExponentialHistogramDataPoint::attributes,
            Metric::summary => numbers::SummaryDataPoint::attributes,
            _ => numbers::NumberDataPoint::attributes,
        };
        let among = |kind: u32, data: &[u8]| {
            let mut points = Fields::of(data).filter(|field| Level::Points.repeats(field.number));
            points.any(|point| test(Attributes::of(point.value, number(kind))))
        };
        let Some(data) = &self.node.children else {
            let mut data = Fields::of(self.node.body.bytes(self.source));
            return data.any(|data| Level::Metric.repeats(data.number) && among(data.number, data.value));
        };
        data.iter().any(|data| match &data.children {
            None => among(data.number, data.body.bytes(self.source)),
            Some(points) => points
                .iter()
                .any(|point| test(Attributes::of(point.body.bytes(self.source), number(data.number)))),
        })
    }

    /// A copy that stands alone.
    pub fn copied(&self) -> OwnMetric {
        OwnMetric(self.node.copied(self.source))
    }
}

/// A data point, to be changed.
#[derive(Debug)]
pub enum PointMut<'a> {
    /// Of a gauge or a sum.
    Number(NumberDataPointMut<'a>),
    /// Of a histogram with explicit bounds.
    Histogram(HistogramDataPointMut<'a>),
    /// Of a histogram with exponential bounds.
    ExponentialHistogram(ExponentialHistogramDataPointMut<'a>),
    /// Of a summary.
    Summary(SummaryDataPointMut<'a>),
}

impl<'a> PointMut<'a> {
    pub(super) fn of(kind: u32, source: &'a [u8], node: &'a mut Node) -> Self {
        let message = MessageMut::of(source, &mut node.body);
        match kind {
            Metric::histogram => Self::Histogram(HistogramDataPointMut(message)),
            Metric::exponential_histogram => {
                Self::ExponentialHistogram(ExponentialHistogramDataPointMut(message))
            }
            Metric::summary => Self::Summary(SummaryDataPointMut(message)),
            _ => Self::Number(NumberDataPointMut(message)),
        }
    }

    /// The point's attributes as they are now.
    pub fn attributes(&self) -> Attributes<'_> {
        match self {
            Self::Number(point) => point.view().attributes(),
            Self::Histogram(point) => point.view().attributes(),
            Self::ExponentialHistogram(point) => point.view().attributes(),
            Self::Summary(point) => point.view().attributes(),
        }
    }

    /// The point's attributes, to be changed.
    pub fn attributes_mut(&mut self) -> AttributesMut<'_> {
        match self {
            Self::Number(point) => point.attributes_mut(),
            Self::Histogram(point) => point.attributes_mut(),
            Self::ExponentialHistogram(point) => point.attributes_mut(),
            Self::Summary(point) => point.attributes_mut(),
        }
    }
}
