//! What a metric is, as the tables of scrapers say it.

/// A metric that a scraper can measure.
#[derive(Clone, Copy, Debug)]
pub struct MetricInfo {
    /// The name (`system.cpu.time`), which is its key in users' configuration too.
    pub name: &'static str,
    /// The unit in UCUM (`By`, `s`, `{cpu}`).
    pub unit: &'static str,
    /// The description.
    pub help: &'static str,
    /// What kind of number it is.
    pub kind: Kind,
    /// The attributes of its points, in the order in which they are recorded and shown.
    pub attributes: &'static [Attribute],
    /// Whether it is measured unless users say otherwise.
    pub on: bool,
}

/// An attribute of a metric's points.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// The name.
    pub name: &'static str,
    /// Whether points have it only where users ask for it.
    pub opt_in: bool,
}

/// What kind of number a metric is. Sums are cumulative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A state.
    Gauge,
    /// A sum that grows and shrinks.
    UpDown,
    /// A sum that only grows.
    Counter,
}

impl MetricInfo {
    /// A state.
    pub const fn gauge(
        name: &'static str,
        unit: &'static str,
        help: &'static str,
        attributes: &'static [Attribute],
    ) -> Self {
        Self { name, unit, help, kind: Kind::Gauge, attributes, on: true }
    }

    /// A sum that grows and shrinks.
    pub const fn up_down(
        name: &'static str,
        unit: &'static str,
        help: &'static str,
        attributes: &'static [Attribute],
    ) -> Self {
        Self { kind: Kind::UpDown, ..Self::gauge(name, unit, help, attributes) }
    }

    /// A sum that only grows.
    pub const fn counter(
        name: &'static str,
        unit: &'static str,
        help: &'static str,
        attributes: &'static [Attribute],
    ) -> Self {
        Self { kind: Kind::Counter, ..Self::gauge(name, unit, help, attributes) }
    }

    /// The same, measured only where users ask for it.
    #[must_use]
    pub const fn off(self) -> Self {
        Self { on: false, ..self }
    }
}

impl Attribute {
    /// An attribute that all points have.
    pub const fn new(name: &'static str) -> Self {
        Self { name, opt_in: false }
    }

    /// An attribute that points have where users ask for it.
    pub const fn opt_in(name: &'static str) -> Self {
        Self { name, opt_in: true }
    }
}
