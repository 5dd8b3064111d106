//! What a series that was never seen is: its labels after the rules, its resource, scope, family and point.

use std::hash::BuildHasher;

use slimcol_exposition::{Kind, parse_number, parts};
use slimcol_pdata::put;
use slimcol_prometheus::{Canonical, is_label, is_metric, ucum};
use slimcol_relabel::{Labels, process};

use crate::{
    cache::{Cache, Family, Many, Parts, Resource, Role, Scope, ScopeKey, Shape},
    metas::Meta,
    names,
    subject::Subject,
};

/// What keeps hostile targets from filling the memory: bytes remembered of one target.
const MOST_BYTES: usize = 1 << 30;

/// How many buckets or quantiles a point has at most: each finds its place among the others.
const MOST_BOUNDS: usize = 1 << 13;

/// Labels that say of whom a series is, and are said by the resource.
const NOT_USEFUL: [&str; 5] = ["__name__", "instance", "__scheme__", "__metrics_path__", "job"];
/// What the labels of scopes begin with.
const SCOPE: &str = "otel_scope_";

impl Cache {
    /// Remembers a series that is on the page of `subject` behind a `TYPE` line of `kind`; `native`: with a native histogram.
    /// The error fails the scrape.
    pub(crate) fn resolve(
        &mut self,
        subject: &Subject,
        key: &[u8],
        kind: Kind,
        native: bool,
    ) -> Result<u32, String> {
        let mut labels = written(key, kind)?;
        subject.add_target_labels(&mut labels);
        if !process(&subject.terms.metric_relabel, &mut labels) || labels.is_empty() {
            return Ok(self.add(key, 0, Role::Dropped));
        }
        check(&labels, subject)?;
        let identity = self.identity(&labels);
        for (name, value) in subject.terms.external.iter() {
            labels.set(name, value);
        }
        if self.bytes_kept() > MOST_BYTES {
            return Err(format!("more than {MOST_BYTES} bytes of series"));
        }
        let or_target =
            |own: &str, name| if own.is_empty() { subject.labels.get(name) } else { own }.to_owned();
        let (job, instance) =
            (or_target(labels.get("job"), "job"), or_target(labels.get("instance"), "instance"));
        if job.is_empty() || instance.is_empty() {
            return Err("job or instance cannot be found from labels".into());
        }
        let resource = self.resource(&job, &instance, subject);
        let name = labels.get("__name__").to_owned();
        if name == "target_info" {
            let series = self.add(key, identity, Role::Info);
            let all = labels.iter().filter(|(name, _)| !matches!(*name, "job" | "instance" | "__name__"));
            let attributes = all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            self.resources[resource as usize].infos.push((series, attributes));
            return Ok(series);
        }
        let scope = self.scope(resource, &labels, subject);
        let family = self.family(scope, &name, native, subject);
        let shape = self.families[family as usize].shape;
        let of = self.point(family, &attributes(&labels, shape));
        let number = crate::cache::length(self.series.len());
        let role = self.take_part(of, number, &name, &labels, native);
        if role == Role::Misfit {
            let fields = [("metric_name", (&name).into()), ("labels", labels.to_string().into())];
            subject.log.warn("failed to add datapoint", &fields);
        }
        Ok(self.add(key, identity, role))
    }

    fn identity(&self, labels: &Labels) -> u64 {
        self.hasher().hash_one(labels)
    }

    /// The resource of a job's instance, made if it is new.
    pub(crate) fn resource(&mut self, job: &str, instance: &str, subject: &Subject) -> u32 {
        let origin = (job.into(), instance.into());
        if let Some(resource) = self.by_origin.get(&origin) {
            return *resource;
        }
        let number = crate::cache::length(self.resources.len());
        let attributes = subject.resource(job, instance);
        self.resources.push(Resource { attributes, infos: Vec::new(), scopes: Vec::new() });
        self.by_origin.insert(origin, number);
        number
    }

    /// The scope that the labels name, or the subject's, made if it is new.
    pub(crate) fn scope(&mut self, resource: u32, labels: &Labels, subject: &Subject) -> u32 {
        let mut encoded = Vec::new();
        let mut schema_url = "";
        let (mut name, mut version, mut attributes) = ("", "", Vec::new());
        let mut any = false;
        for (label, value) in labels.iter().filter(|(label, _)| label.starts_with(SCOPE)) {
            any = true;
            match &label[SCOPE.len()..] {
                "name" => name = value,
                "version" => version = value,
                "schema_url" => schema_url = value,
                attribute => attributes.push((attribute, value)),
            }
        }
        if !any {
            (name, version) = (subject.scope.0, &subject.scope.1);
        }
        text(&mut encoded, 1, name);
        text(&mut encoded, 2, version);
        for (name, value) in attributes {
            attribute(&mut encoded, 3, name, value);
        }
        let key: ScopeKey = (resource, encoded.into(), schema_url.into());
        if let Some(scope) = self.by_scope.get(&key) {
            return *scope;
        }
        let number = crate::cache::length(self.scopes.len());
        let (encoded, schema_url) = (key.1.clone(), key.2.clone());
        self.by_scope.insert(key, number);
        self.scopes.push(Scope { encoded, schema_url, families: Vec::new() });
        self.resources[resource as usize].scopes.push(number);
        number
    }

    /// The family that a metric of this name is of, made if it is new, by the Go receiver's rules.
    fn family(&mut self, scope: u32, name: &str, native: bool, subject: &Subject) -> u32 {
        if let Some(family) = self.by_name.get(&(scope, native, name.into())) {
            return *family;
        }
        let mut wanted = name.to_owned();
        if self.meta(name).is_none() {
            names::without_suffix(name).clone_into(&mut wanted);
            let counter = self.meta(&wanted).is_some_and(|meta| meta.kind == Kind::Counter);
            if counter && name.ends_with("_created") {
                wanted.push_str("_total");
            }
        }
        if let Some(family) = self.by_name.get(&(scope, native, wanted.into()))
            && includes(&self.families[*family as usize], name)
        {
            return *family;
        }
        let (meta_name, mut meta, family_name) = self.metadata(name);
        if native {
            meta.kind = Kind::Histogram;
        }
        let shape = shape(meta.kind, native);
        let head = head(&family_name, &meta, shape, subject.terms.trim_metric_suffixes);
        let number = crate::cache::length(self.families.len());
        self.by_name.insert((scope, native, family_name.as_str().into()), number);
        let (name, meta) = (family_name.into(), meta_name.into());
        self.families.push(Family { name, meta, shape, head: head.into(), points: Vec::new() });
        self.scopes[scope as usize].families.push(number);
        number
    }

    /// The name of the metadata that is for a metric, the metadata, and the family's name.
    fn metadata(&mut self, name: &str) -> (String, Meta, String) {
        if let Some(meta) = names::internal(name) {
            return (name.to_owned(), meta, name.to_owned());
        }
        if let Some(meta) = self.meta(name) {
            return (name.to_owned(), meta.clone(), name.to_owned());
        }
        let short = names::without_suffix(name);
        if let Some(meta) = self.meta(short) {
            let family = match meta.kind {
                Kind::Counter if name.ends_with("_created") => format!("{short}_total"),
                Kind::Counter => name.to_owned(),
                _ => short.to_owned(),
            };
            return (short.to_owned(), meta.clone(), family);
        }
        // What is said of these later changes what the family is.
        self.missed.insert(name.into());
        self.missed.insert(short.into());
        (name.to_owned(), Meta::default(), name.to_owned())
    }

    fn meta(&self, name: &str) -> Option<&Meta> {
        self.metas.get(name)
    }

    /// Gives the series its place in the point.
    fn take_part(&mut self, point: u32, series: u32, name: &str, labels: &Labels, native: bool) -> Role {
        let point = &mut self.points[point as usize];
        let family = &self.families[point.family as usize];
        let is_created = name.strip_suffix("_created").is_some_and(|front| front == &*family.meta);
        let is_counted = matches!(family.shape, Shape::Sum { .. } | Shape::Exponential);
        let place = match &mut point.parts {
            Parts::Native { created, .. } if is_created => created,
            Parts::Native { value, .. } if native => value,
            Parts::Native { .. } => return Role::Misfit,
            Parts::Number { created, .. } if is_created && is_counted => created,
            Parts::Number { value, .. } => value,
            Parts::Many(many) if name.ends_with("_sum") => &mut many.sum,
            Parts::Many(many) if name.ends_with("_count") => &mut many.count,
            Parts::Many(many) if is_created => &mut many.created,
            Parts::Many(many) => return bound(many, series, labels, family.shape),
        };
        *place = series;
        if native { Role::Native } else { Role::Part }
    }
}

/// The labels of a series as it is written; numbers in `le` and `quantile` have one form.
fn written(key: &[u8], kind: Kind) -> Result<Labels, String> {
    let number = match kind {
        Kind::Histogram => "le",
        Kind::Summary => "quantile",
        _ => "",
    };
    let mut pairs = Vec::new();
    parts(key, |name, value| {
        let value = match parse_number(value.as_bytes()) {
            Ok(bound) if name == number => Canonical(bound).to_string(),
            _ => value.to_owned(),
        };
        pairs.push((name.to_owned(), value));
    });
    Labels::unique(pairs).map_err(|name| format!("invalid sample: non-unique label names: {name:?}"))
}

/// Refuses labels that are wrong or too much.
fn check(labels: &Labels, subject: &Subject) -> Result<(), String> {
    let name = labels.get("__name__");
    if name.is_empty() {
        return Err("missing metric name (__name__ label)".into());
    }
    let legacy = subject.terms.legacy_names;
    if legacy && !(is_metric(name) && labels.iter().all(|(name, _)| is_label(name))) {
        return Err(format!("invalid metric name or label names: {labels}"));
    }
    let limits = &subject.terms.limits;
    let (metric, count) = (short(name), labels.len());
    if limits.labels > 0 && count > limits.labels {
        let limit = limits.labels;
        return Err(format!(
            "label_limit exceeded (metric: {metric}, number of labels: {count}, limit: {limit})"
        ));
    }
    for (name, value) in labels.iter() {
        let (label, length) = (short(name), name.len());
        if limits.label_name_length > 0 && length > limits.label_name_length {
            let limit = limits.label_name_length;
            return Err(format!(
                "label_name_length_limit exceeded (metric: {metric}, label name: {label}, length: {length}, limit: {limit})"
            ));
        }
        let length = value.len();
        if limits.label_value_length > 0 && length > limits.label_value_length {
            let (limit, value) = (limits.label_value_length, short(value));
            return Err(format!(
                "label_value_length_limit exceeded (metric: {metric}, label name: {label}, value: {value:?}, length: \
                 {length}, limit: {limit})"
            ));
        }
    }
    Ok(())
}

/// The first fifty characters.
fn short(text: &str) -> &str {
    text.char_indices().nth(50).map_or(text, |(end, _)| &text[..end])
}

/// Whether a family has a metric of this name.
fn includes(family: &Family, name: &str) -> bool {
    match family.shape {
        Shape::Sum { .. } => names::without_suffix(name) == &*family.meta,
        Shape::Gauge => name == &*family.name,
        _ => names::without_suffix(name) == &*family.name,
    }
}

fn shape(kind: Kind, native: bool) -> Shape {
    match kind {
        Kind::Counter => Shape::Sum { monotonic: true },
        Kind::Gauge | Kind::Unknown => Shape::Gauge,
        Kind::Histogram if native => Shape::Exponential,
        Kind::Histogram => Shape::Histogram,
        Kind::Summary => Shape::Summary,
        Kind::Info | Kind::Stateset => Shape::Sum { monotonic: false },
        Kind::GaugeHistogram => Shape::Other,
    }
}

/// What stands before a metric's data.
pub(crate) fn head(name: &str, meta: &Meta, shape: Shape, trim: bool) -> Vec<u8> {
    let mut to = Vec::new();
    let name = if trim {
        names::trimmed(name, matches!(shape, Shape::Sum { .. }), &meta.unit)
    } else {
        name.to_owned()
    };
    text(&mut to, 1, &name);
    text(&mut to, 2, &meta.help);
    text(&mut to, 3, &ucum(&meta.unit));
    attribute(&mut to, 12, "prometheus.type", meta.kind.as_str());
    to
}

/// The labels that are a point's own, as its attributes.
pub(crate) fn attributes(labels: &Labels, shape: Shape) -> Vec<u8> {
    let (field, bound) = match shape {
        Shape::Histogram => (9, "le"),
        Shape::Exponential => (1, "le"),
        Shape::Summary => (7, "quantile"),
        _ => (7, ""),
    };
    let mut to = Vec::new();
    for (name, value) in labels.iter() {
        if name != bound && !NOT_USEFUL.contains(&name) && !name.starts_with(SCOPE) {
            attribute(&mut to, field, name, value);
        }
    }
    to
}

/// Gives a bucket or a quantile its place.
fn bound(many: &mut Many, series: u32, labels: &Labels, shape: Shape) -> Role {
    let label = if shape == Shape::Histogram { "le" } else { "quantile" };
    let Ok(bound) = parse_number(labels.get(label).as_bytes()) else { return Role::Misfit };
    if many.bounds.len() >= MOST_BOUNDS {
        return Role::Misfit;
    }
    match many.bounds.binary_search_by(|(other, _)| other.total_cmp(&bound)) {
        Ok(at) => many.bounds[at].1 = series,
        Err(at) => many.bounds.insert(at, (bound, series)),
    }
    Role::Part
}

/// Appends a text field, unless it is empty.
pub(crate) fn text(to: &mut Vec<u8>, field: u32, value: &str) {
    if !value.is_empty() {
        put::bytes(to, field, value.as_bytes());
    }
}

/// Appends an attribute with a text for its value.
pub(crate) fn attribute(to: &mut Vec<u8>, field: u32, name: &str, value: &str) {
    let inner = put::bytes_len(1, value.len());
    put::head(to, field, put::bytes_len(1, name.len()) + put::bytes_len(2, inner));
    put::bytes(to, 1, name.as_bytes());
    put::head(to, 2, inner);
    put::bytes(to, 1, value.as_bytes());
}
