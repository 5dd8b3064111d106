//! Everything that is on a page, without what Prometheus would not take.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use slimcol_prometheus::Kind;
use slimcol_service::Log;
use tokio::time::Instant;

use crate::{
    labels::{Labels, Target},
    point::{Point, Value},
    store::Series,
};

/// What a family is to Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Counter,
    Gauge,
    Histogram,
    Summary,
}

impl Type {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Counter => Self::Counter,
            Kind::Gauge | Kind::UpDown => Self::Gauge,
            Kind::Histogram => Self::Histogram,
            Kind::Summary => Self::Summary,
        }
    }

    /// As a page has it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
        }
    }
}

/// Series of one name.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) kind: Type,
    pub(crate) rows: Vec<Row>,
}

/// One series.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) labels: Arc<Labels>,
    pub(crate) cell: Cell,
}

/// What a series shows.
#[derive(Debug)]
pub(crate) enum Cell {
    /// What is always there.
    One,
    Point(Arc<Series>),
}

impl Row {
    pub(crate) fn point(&self) -> Option<&Point> {
        match &self.cell {
            Cell::One => None,
            Cell::Point(series) => Some(&series.point),
        }
    }
}

/// What each name was first: what comes later under the same name has to agree.
#[derive(Debug)]
pub(crate) struct Names {
    known: Mutex<HashMap<String, Named>>,
    expiration: Duration,
    namespace: String,
    log: Log,
}

#[derive(Debug)]
struct Named {
    kind: Type,
    help: String,
    seen: Instant,
}

impl Names {
    /// `namespace` stands before `target_info`.
    pub(crate) fn new(namespace: String, expiration: Duration, log: Log) -> Self {
        Self { known: Mutex::default(), expiration, namespace, log }
    }

    /// Forgets the names that nothing had for long.
    pub(crate) fn expire(&self, now: Instant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, named| now.saturating_duration_since(named.seen) <= self.expiration);
    }

    /// The families of all series, sorted.
    pub(crate) fn gather(&self, all: Vec<Arc<Series>>, now: Instant) -> Vec<Family> {
        let mut families = BTreeMap::new();
        let fail = |name: &str, why: &str| {
            self.log.error(&format!("failed to convert metric {name}: {why}"), &[]);
        };
        match self.targets(&all) {
            Ok(Some(family)) => drop(families.insert(family.name.clone(), family)),
            Ok(None) => {}
            Err(why) => fail("target_info", &why),
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for series in all {
            match self.place(&mut known, &series, now) {
                Ok((name, help, kind, labels)) => {
                    let new = || Family { name: name.to_owned(), help, kind, rows: Vec::new() };
                    let family = families.entry(name.to_owned()).or_insert_with(new);
                    family.rows.push(Row { labels, cell: Cell::Point(series.clone()) });
                }
                Err(why) => fail(&series.head.raw, &why),
            }
        }
        drop(known);
        let mut families: Vec<Family> = families.into_values().collect();
        for family in &mut families {
            self.order(family);
        }
        self.part(&mut families);
        families
    }

    /// Name, description, type and labels that a series has on the page.
    fn place<'s>(
        &self,
        known: &mut HashMap<String, Named>,
        series: &'s Series,
        now: Instant,
    ) -> Result<(&'s str, String, Type, Arc<Labels>), String> {
        let head = &series.head;
        let name = head.name.as_deref().map_err(Clone::clone)?;
        let kind = Type::of(head.kind);
        let help = match known.get_mut(name) {
            Some(named) if named.kind != kind => {
                let (there, new) = (named.kind.word().to_uppercase(), kind.word().to_uppercase());
                return Err(format!(
                    "instrument type conflict, using existing type definition. instrument: {name}, existing: {there}, \
                     dropped: {new}"
                ));
            }
            Some(named) => {
                named.seen = now;
                if named.help != head.help {
                    let fields = [
                        ("instrument", name.into()),
                        ("existing", (&named.help).into()),
                        ("dropped", (&head.help).into()),
                    ];
                    self.log.info("Instrument description conflict, using existing", &fields);
                }
                named.help.clone()
            }
            None => {
                let help = head.help.clone();
                known.insert(name.to_owned(), Named { kind, help: help.clone(), seen: now });
                help
            }
        };
        if let Value::Exponential(histogram) = &series.point.value
            && histogram.scale < -4
        {
            let scale = histogram.scale;
            return Err(format!(
                "cannot convert exponential to native histogram: scale must be >= -4, was {scale}"
            ));
        }
        Ok((name, help, kind, series.labels.clone()?))
    }

    /// `target_info`: what is known of where the series come from.
    fn targets(&self, all: &[Arc<Series>]) -> Result<Option<Family>, String> {
        let mut seen: BTreeMap<(&str, &str), &Target> = BTreeMap::new();
        for series in all {
            if let (Some(job), Some(instance)) = (&series.target.job, &series.target.instance)
                && !job.is_empty()
                && !instance.is_empty()
            {
                seen.entry((job, instance)).or_insert(&series.target);
            }
        }
        if seen.is_empty() {
            return Ok(None);
        }
        let rows =
            seen.values().map(|target| Ok(Row { labels: Arc::new(target.info.clone()?), cell: Cell::One }));
        let name = match self.namespace.as_str() {
            "" => "target_info".to_owned(),
            namespace => format!("{namespace}_target_info"),
        };
        let (help, rows) = ("Target metadata".to_owned(), rows.collect::<Result<_, String>>()?);
        Ok(Some(Family { name, help, kind: Type::Gauge, rows }))
    }

    /// Sorts a family's series and leaves out what is there twice.
    fn order(&self, family: &mut Family) {
        fn values(row: &Row) -> impl Iterator<Item = &String> {
            row.labels.iter().map(|(_, value)| value)
        }
        slimcol_order::sort_by(&mut family.rows, |one, other| {
            let len = one.labels.len().cmp(&other.labels.len());
            len.then_with(|| values(one).cmp(values(other)))
        });
        let mut seen: HashSet<Arc<Labels>> = HashSet::with_capacity(family.rows.len());
        family.rows.retain(|row| {
            let new = seen.insert(row.labels.clone());
            if !new {
                let name = &family.name;
                let labels = row.labels.iter().map(|(key, value)| format!("{key}={value:?}"));
                let labels = labels.collect::<Vec<_>>().join(",");
                self.log.error(
                    &format!(
                        "error gathering metrics: collected metric {name:?} {{{labels}}} was collected before with the same \
                         name and label values"
                    ),
                    &[],
                );
            }
            new
        });
    }

    /// Leaves out the families whose names are those of another's lines.
    fn part(&self, families: &mut Vec<Family>) {
        let lines = |family: &Family| match family.kind {
            Type::Histogram => vec!["_bucket", "_count", "_sum"],
            Type::Summary => vec!["_count", "_sum"],
            _ => Vec::new(),
        };
        let taken: HashMap<String, (String, Type)> = families
            .iter()
            .flat_map(|family| {
                let whose = (family.name.clone(), family.kind);
                lines(family).into_iter().map(move |suffix| (format!("{}{suffix}", whose.0), whose.clone()))
            })
            .collect();
        families.retain(|family| match taken.get(&family.name) {
            Some((other, kind)) => {
                let (name, kind) = (&family.name, kind.word());
                self.log.error(
                    &format!(
                        "error gathering metrics: collected metric named {name:?} collides with previously collected {kind} \
                         named {other:?}"
                    ),
                    &[],
                );
                false
            }
            None => true,
        });
    }
}
