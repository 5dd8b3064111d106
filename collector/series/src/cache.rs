//! What is remembered of a target: its series by the bytes that they were written with, and what became of each.
//!
//! A series that comes again costs a comparison with what came after its predecessor the last time, or else a look at a table;
//! its labels are neither read nor made again. What its points say of themselves is kept as it is sent.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};

use slimcol_exposition::Kind;

use crate::{
    index::Index,
    metas::{Lead, Metas},
};

/// No series, no point.
pub(crate) const NONE: u32 = u32::MAX;

/// A target's memory.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    hasher: RandomState,
    /// The bytes of all series and of all points' attributes.
    bytes: Vec<u8>,
    pub(crate) series: Vec<Series>,
    by_key: Index,
    pub(crate) points: Vec<Point>,
    by_attributes: Index,
    /// Of points whose attributes are like those of none before.
    by_text: Index,
    pub(crate) families: Vec<Family>,
    pub(crate) by_name: HashMap<(u32, bool, Box<str>), u32>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) by_scope: HashMap<ScopeKey, u32>,
    pub(crate) resources: Vec<Resource>,
    /// By job and instance.
    pub(crate) by_origin: HashMap<(Box<str>, Box<str>), u32>,
    pub(crate) metas: Metas,
    pub(crate) leads: Vec<Lead>,
    /// Names of families that were asked for and were not there.
    pub(crate) missed: HashSet<Box<str>>,
    /// The series that pages begin with.
    pub(crate) first: u32,
    /// How many scrapes there were.
    pub(crate) round: u32,
}

/// A scope's resource, itself as it is sent, and its schema.
pub(crate) type ScopeKey = (u32, Box<[u8]>, Box<str>);

/// A stretch of the bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

/// A series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series {
    key: Span,
    /// Of its labels as they are sent.
    pub(crate) identity: u64,
    pub(crate) role: Role,
    /// The series that follows it on the page.
    pub(crate) next: u32,
    /// What stands before it.
    pub(crate) lead: u32,
    /// It was there in the last scrape that succeeded.
    pub(crate) known: bool,
    /// It was there in the last scrape, so that its end must be told.
    pub(crate) tracked: bool,
}

/// What a series is to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing: a rule dropped it.
    Dropped,
    /// Nothing: it has no place in its family.
    Misfit,
    /// Its labels are those of a resource.
    Info,
    /// The value, a bucket, a quantile, sum or count, or when it all began.
    Part,
    /// A native histogram.
    Native,
}

/// Series that make one data point.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    attributes: Span,
    pub(crate) family: u32,
    pub(crate) parts: Parts,
}

/// The series of a point.
#[derive(Clone, Debug)]
pub(crate) enum Parts {
    /// A number.
    Number { value: u32, created: u32 },
    /// A native histogram.
    Native { value: u32, created: u32 },
    /// A histogram or a summary.
    Many(Box<Many>),
}

/// The series of a histogram or a summary.
#[derive(Clone, Debug)]
pub(crate) struct Many {
    pub(crate) sum: u32,
    pub(crate) count: u32,
    pub(crate) created: u32,
    /// Bounds or quantiles, sorted.
    pub(crate) bounds: Vec<(f64, u32)>,
}

impl Default for Many {
    fn default() -> Self {
        Self { sum: NONE, count: NONE, created: NONE, bounds: Vec::new() }
    }
}

/// How a family is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Gauge,
    Sum {
        monotonic: bool,
    },
    Histogram,
    Exponential,
    Summary,
    /// As a gauge, since there is nothing better.
    Other,
}

/// Metrics of one name.
#[derive(Debug)]
pub(crate) struct Family {
    /// What it is found by, and called.
    pub(crate) name: Box<str>,
    /// The name that its metadata stands under.
    pub(crate) meta: Box<str>,
    pub(crate) shape: Shape,
    /// Name, description, unit and type, as they are sent.
    pub(crate) head: Box<[u8]>,
    pub(crate) points: Vec<u32>,
}

/// An instrumentation scope of a resource.
#[derive(Debug)]
pub(crate) struct Scope {
    /// As it is sent.
    pub(crate) encoded: Box<[u8]>,
    pub(crate) schema_url: Box<str>,
    pub(crate) families: Vec<u32>,
}

/// A resource.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Names and values.
    pub(crate) attributes: Vec<(String, String)>,
    /// What each `target_info` series adds.
    pub(crate) infos: Vec<(u32, Vec<(String, String)>)>,
    pub(crate) scopes: Vec<u32>,
}

impl Cache {
    /// What knows only what pages say of families.
    pub(crate) fn with_metas(metas: Metas, round: u32) -> Self {
        Self { metas, round, first: NONE, ..Self::default() }
    }

    pub(crate) fn key(&self, series: u32) -> &[u8] {
        self.series.get(series as usize).map_or(&[], |series| self.stretch(series.key))
    }

    pub(crate) fn attributes(&self, point: &Point) -> &[u8] {
        self.stretch(point.attributes)
    }

    fn stretch(&self, span: Span) -> &[u8] {
        &self.bytes[span.start as usize..span.end as usize]
    }

    fn keep(&mut self, bytes: &[u8]) -> Span {
        let start = length(self.bytes.len());
        self.bytes.extend_from_slice(bytes);
        Span { start, end: length(self.bytes.len()) }
    }

    /// The series that was written like this.
    pub(crate) fn find(&self, key: &[u8]) -> Option<u32> {
        self.by_key.find(self.hasher.hash_one(key), |series| self.key(series) == key)
    }

    /// Remembers what stands before a series, of which families it tells, and the kind that it says.
    #[inline(never)]
    pub(crate) fn keep_lead(&mut self, series: u32, text: &[u8], metas: &[u32], kind: Option<Kind>) {
        let lead = Lead { text: text.into(), metas: metas.into(), kind, seen: self.round };
        let place = &mut self.series[series as usize].lead;
        if let Some(known) = self.leads.get_mut(*place as usize) {
            *known = lead;
        } else {
            *place = length(self.leads.len());
            self.leads.push(lead);
        }
    }

    /// Remembers a series.
    pub(crate) fn add(&mut self, key: &[u8], identity: u64, role: Role) -> u32 {
        let number = length(self.series.len());
        let hash = self.hasher.hash_one(key);
        let key = self.keep(key);
        self.series.push(Series {
            key,
            identity,
            role,
            next: NONE,
            lead: NONE,
            known: false,
            tracked: false,
        });
        let (series, bytes, hasher) = (&self.series, &self.bytes, &self.hasher);
        self.by_key.insert(hash, number, |number| {
            let key = series[number as usize].key;
            hasher.hash_one(&bytes[key.start as usize..key.end as usize])
        });
        number
    }

    /// The point of a family with these attributes, made if it is new.
    pub(crate) fn point(&mut self, family: u32, attributes: &[u8]) -> u32 {
        let hash = self.hasher.hash_one((family, attributes));
        let found = self.by_attributes.find(hash, |point| {
            let point = &self.points[point as usize];
            point.family == family && self.stretch(point.attributes) == attributes
        });
        if let Some(point) = found {
            return point;
        }
        let number = length(self.points.len());
        let attributes = self.attributes_of(attributes, number);
        let parts = match self.families[family as usize].shape {
            Shape::Histogram | Shape::Summary => Parts::Many(Box::default()),
            Shape::Exponential => Parts::Native { value: NONE, created: NONE },
            _ => Parts::Number { value: NONE, created: NONE },
        };
        self.points.push(Point { attributes, family, parts });
        self.families[family as usize].points.push(number);
        let (points, bytes, hasher) = (&self.points, &self.bytes, &self.hasher);
        self.by_attributes.insert(hash, number, |number| {
            let Point { attributes: Span { start, end }, family, .. } = points[number as usize];
            hasher.hash_one((family, &bytes[start as usize..end as usize]))
        });
        number
    }

    /// Where attributes are kept, which points of many families have in common; `number` is of the point that is to have them.
    fn attributes_of(&mut self, attributes: &[u8], number: u32) -> Span {
        let hash = self.hasher.hash_one(attributes);
        let same = |point: u32| self.attributes(&self.points[point as usize]) == attributes;
        if let Some(point) = self.by_text.find(hash, same) {
            return self.points[point as usize].attributes;
        }
        let kept = self.keep(attributes);
        let (points, bytes, hasher) = (&self.points, &self.bytes, &self.hasher);
        self.by_text.insert(hash, number, |point| {
            let Span { start, end } = points[point as usize].attributes;
            hasher.hash_one(&bytes[start as usize..end as usize])
        });
        kept
    }

    /// Gives back the room that growing took in advance.
    pub(crate) fn shrink(&mut self) {
        self.leads.shrink_to_fit();
        self.bytes.shrink_to_fit();
        self.series.shrink_to_fit();
        self.points.shrink_to_fit();
        self.families.shrink_to_fit();
        for family in &mut self.families {
            family.points.shrink_to_fit();
        }
        for point in &mut self.points {
            if let Parts::Many(many) = &mut point.parts {
                many.bounds.shrink_to_fit();
            }
        }
    }

    /// Whether most of what is remembered is of series that are no more.
    pub(crate) fn is_stale(&self) -> bool {
        let known = self.series.iter().filter(|series| series.known || series.tracked).count();
        self.series.len() > known * 2 + 64
    }
}

/// A page, and so all that is remembered of one, is smaller than 4 GiB.
pub(crate) fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(NONE)
}

impl Cache {
    pub(crate) fn hasher(&self) -> &RandomState {
        &self.hasher
    }

    pub(crate) fn bytes_kept(&self) -> usize {
        self.bytes.len()
    }

    /// What comes after this one: it knows what pages say of families, and hashes in the same way.
    pub(crate) fn successor(&mut self) -> Self {
        let metas = std::mem::take(&mut self.metas);
        let mut next = Self::with_metas(metas, self.round);
        next.hasher = self.hasher.clone();
        next
    }
}
