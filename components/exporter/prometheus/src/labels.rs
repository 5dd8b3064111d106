//! Where series come from, as labels.

use slimcol_pdata::view::{Attributes, ResourceRef};
use slimcol_prometheus::{Namer, Sorted, identity, is_service};

/// Names and values, sorted by name.
pub(crate) type Labels = Vec<(String, String)>;

/// A resource as Prometheus sees it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) job: Option<String>,
    pub(crate) instance: Option<String>,
    /// The labels of `target_info`; the error says which is none.
    pub(crate) info: Result<Labels, String>,
}

impl Target {
    pub(crate) fn new(resource: ResourceRef<'_>, namer: &Namer) -> Self {
        let attributes = resource.attributes();
        let (job, instance) = identity(attributes);
        let info = info(attributes, namer, [("job", &job), ("instance", &instance)]);
        Self { job, instance, info }
    }
}

fn info(
    attributes: Attributes<'_>,
    namer: &Namer,
    own: [(&str, &Option<String>); 2],
) -> Result<Labels, String> {
    let mut labels = Labels::new();
    for (key, value) in attributes.iter().filter(|(key, _)| !is_service(key)) {
        let name = namer.label(key)?;
        let at = labels.partition_point(|(known, _)| known.as_str() < &*name);
        match labels.get_mut(at).filter(|(known, _)| *known == name) {
            Some((_, values)) => values.extend([";", &value.to_text()]),
            None => labels.insert(at, (name.into_owned(), value.to_text().into_owned())),
        }
    }
    for (name, value) in own {
        let Some(value) = value else { continue };
        let at = labels.partition_point(|(known, _)| known.as_str() < name);
        match labels.get_mut(at).filter(|(known, _)| known == name) {
            Some((_, there)) => there.clone_from(value),
            None => labels.insert(at, (name.to_owned(), value.clone())),
        }
    }
    Ok(labels)
}

/// What labels are made of.
pub(crate) struct Origins<'a> {
    pub(crate) attributes: &'a Sorted<'a>,
    /// Name, version, schema and attributes of the scope, if they are labels.
    pub(crate) scope: Option<(&'a str, &'a str, &'a str, &'a Sorted<'a>)>,
    pub(crate) target: &'a Target,
    pub(crate) constant: &'a [(String, String)],
    /// The label that Prometheus keeps for the type.
    pub(crate) reserved: &'static str,
    pub(crate) metric: &'a str,
}

impl Origins<'_> {
    /// The labels of a series.
    pub(crate) fn labels(&self, namer: &Namer) -> Result<Labels, String> {
        let mut labels = Labels::new();
        for (key, value) in self.attributes {
            labels.push((namer.label(key)?.into_owned(), value.clone().into_owned()));
        }
        if let Some((name, version, schema, attributes)) = self.scope {
            let more =
                attributes.iter().filter(|(key, _)| !matches!(*key, "name" | "version" | "schema_url"));
            for (key, value) in more {
                let key = format!("otel_scope_{key}");
                labels.push((namer.label(&key)?.into_owned(), value.clone().into_owned()));
            }
            let own = [
                ("otel_scope_name", name),
                ("otel_scope_version", version),
                ("otel_scope_schema_url", schema),
            ];
            labels.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        let own = [("job", &self.target.job), ("instance", &self.target.instance)];
        labels.extend(own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
        labels.extend(self.constant.iter().cloned());
        slimcol_order::sort(&mut labels);
        let metric = self.metric;
        if let Some((name, _)) =
            labels.iter().find(|(name, _)| name.starts_with("__") || name == self.reserved)
        {
            return Err(format!("{name:?} is not a valid label name for metric {metric:?}"));
        }
        if labels.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(format!(
                "duplicate label names in constant and variable labels for metric {metric:?}"
            ));
        }
        Ok(labels)
    }
}
