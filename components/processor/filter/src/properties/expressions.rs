//! Metrics chosen by expressions over their points: `Label("foo") == "bar"`.

use slimcol_expr::{Condition, Environment, Held, Value};
use slimcol_pdata::{
    edit::MetricMut,
    view::{Attributes, MetricData, ValueRef},
};

/// Expressions, of which one has to hold of one of a metric's points.
#[derive(Debug)]
pub(crate) struct Expressions(Vec<Condition>);

/// What expressions know of a point.
#[derive(Debug)]
struct Point<'p> {
    name: &'p str,
    kind: &'static str,
    attributes: Attributes<'p>,
}

impl Environment for Point<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "MetricName" => Some(self.name.into()),
            "MetricType" => Some(self.kind.into()),
            _ => None,
        }
    }

    fn call<'a>(&'a self, name: &str, args: &[Value<'a>]) -> Option<Result<Value<'a>, String>> {
        let has = match name {
            "HasLabel" => true,
            "Label" => false,
            _ => return None,
        };
        let [Value::Text(key)] = args else {
            return Some(Err(format!("{name} takes the name of an attribute")));
        };
        let found = self.attributes.get(key);
        Some(Ok(if has {
            Value::Bool(found.is_some())
        } else {
            // What is no text is none.
            Value::Text(Held::Borrowed(found.and_then(ValueRef::as_str).unwrap_or_default()))
        }))
    }
}

impl Expressions {
    pub(crate) fn new(texts: &[String]) -> Result<Self, String> {
        let compile = |text: &String| Condition::compile(text).map_err(|error| error.to_string());
        texts.iter().map(compile).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the metric stays, where those that match are let through, or the others.
    pub(crate) fn keep(&self, metric: &mut MetricMut<'_>, included: bool) -> Result<bool, String> {
        Ok(self.is_empty() || self.match_any(metric)? == included)
    }

    fn match_any(&self, metric: &mut MetricMut<'_>) -> Result<bool, String> {
        let kind = match metric.data() {
            MetricData::Empty => return Ok(false),
            data => data.name(),
        };
        let (head, points) = metric.split();
        for point in points {
            let point = Point { name: head.name(), kind, attributes: point.attributes() };
            for expression in &self.0 {
                if expression.holds(&point).map_err(|error| error.to_string())? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
