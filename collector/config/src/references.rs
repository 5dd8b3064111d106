//! Whether what a configuration refers to is there.

use crate::{
    ComponentId, Config, Issue, PipelineSignal, Place, Reference, Wanted, config::Configured, nearest,
};

/// What is missing, ambiguous or there twice.
pub(crate) fn check(config: &Config) -> Vec<Issue> {
    let mut issues: Vec<Issue> = nothing_to_run(config).into_iter().collect();
    if issues.is_empty() {
        issues.extend(ambiguous(config));
        extensions(config, &mut issues);
        pipelines(config, &mut issues);
    }
    issues.extend(pipelines_themselves(config));
    issues
}

/// The extensions that the component wants, which do not run.
pub(crate) fn unmet(config: &Config, of: &Configured, wanted: &[Wanted]) -> Vec<Issue> {
    let Configured { id, section, .. } = of;
    let service = &config.service;
    let named = |list: &[Reference]| list.iter().any(|reference| reference.id == *id);
    let runs = match *section {
        "receivers" => service.pipelines.iter().any(|pipeline| named(&pipeline.receivers)),
        "processors" => service.pipelines.iter().any(|pipeline| named(&pipeline.processors)),
        "extensions" => named(&service.extensions),
        // Of connectors too: what is not an exporter of any pipeline gets nothing.
        _ => service.pipelines.iter().any(|pipeline| named(&pipeline.exporters)),
    };
    let running: Vec<String> = service.extensions.iter().map(|extension| extension.id.to_string()).collect();
    let missing = wanted.iter().filter(|wanted| runs && !running.contains(&wanted.extension));
    let issue = |wanted: &Wanted| {
        let Wanted { extension, path, place, message } = wanted;
        let issue = Issue::new(format!("{section}::{id}::{}: {message}", path.replace('.', "::")));
        let issue = issue.at(place.clone());
        if config.extensions.iter().any(|configured| configured.id.to_string() == *extension) {
            return issue.help(format!("`service::extensions` does not list `{extension}`"));
        }
        issue.meant(nearest(extension, running.iter().map(String::as_str)))
    };
    missing.map(issue).collect()
}

fn nothing_to_run(config: &Config) -> Option<Issue> {
    let Config { receivers, processors, exporters, connectors, extensions, .. } = config;
    let message = if [receivers, processors, exporters, connectors, extensions].iter().all(|c| c.is_empty()) {
        "empty configuration file"
    } else if receivers.is_empty() {
        "no receiver configuration specified in config"
    } else if exporters.is_empty() {
        "no exporter configuration specified in config"
    } else {
        return None;
    };
    Some(Issue::new(message).at(config.place()))
}

/// A connector is receiver and exporter, so that its id must not be that of one.
fn ambiguous(config: &Config) -> impl Iterator<Item = Issue> {
    config.connectors.iter().filter_map(|Configured { id, place, .. }| {
        let has = |list: &[Configured]| list.iter().any(|c| c.id == *id);
        let other = match (has(&config.exporters), has(&config.receivers)) {
            (true, _) => "exporter",
            (_, true) => "receiver",
            _ => return None,
        };
        let message = format!(
            "connectors::{id}: ambiguous ID: Found both \"{id}\" {other} and \"{id}\" connector. Change one of the \
             components' IDs to eliminate ambiguity (e.g. rename \"{id}\" connector to \"{id}/connector\")"
        );
        Some(Issue::new(message).at(place.clone()))
    })
}

fn extensions(config: &Config, issues: &mut Vec<Issue>) {
    for reference in &config.service.extensions {
        missing("service::extensions", "extension", reference, &[&config.extensions], issues);
    }
}

fn pipelines(config: &Config, issues: &mut Vec<Issue>) {
    let Config { receivers, processors, exporters, connectors, .. } = config;
    for pipeline in &config.service.pipelines {
        let path = format!("service::pipelines::{}", pipeline.id);
        for reference in &pipeline.receivers {
            missing(&path, "receiver", reference, &[receivers, connectors], issues);
        }
        for reference in &pipeline.processors {
            missing(&path, "processor", reference, &[processors], issues);
        }
        for reference in &pipeline.exporters {
            missing(&path, "exporter", reference, &[exporters, connectors], issues);
        }
    }
}

fn missing(path: &str, what: &str, reference: &Reference, lists: &[&[Configured]], issues: &mut Vec<Issue>) {
    let Reference { id, place } = reference;
    let configured = || lists.iter().copied().flatten().map(|c| &c.id);
    if configured().any(|c| c == id) {
        return;
    }
    let names: Vec<String> = configured().map(ComponentId::to_string).collect();
    let meant = nearest(&id.to_string(), names.iter().map(String::as_str));
    let message = format!("{path}: references {what} \"{id}\" which is not configured");
    issues.push(Issue::new(message).at(place.clone()).meant(meant));
}

fn pipelines_themselves(config: &Config) -> Vec<Issue> {
    let service = &config.service;
    let issue =
        |message: String, place: Option<Place>| Issue::new(format!("service::pipelines{message}")).at(place);
    if service.pipelines.is_empty() {
        let place = service.pipelines_place.clone().or_else(|| config.place());
        return vec![issue(": service must have at least one pipeline".into(), place)];
    }
    let mut issues = Vec::new();
    for pipeline in &service.pipelines {
        let (id, place) = (&pipeline.id, Some(pipeline.place.clone()));
        if id.signal == PipelineSignal::Profiles {
            let message = format!(
                ": pipeline \"{id}\": profiling signal support is at alpha level, gated under the \
                 \"service.profilesSupport\" feature gate"
            );
            issues.push(issue(message, place.clone()));
        }
        if pipeline.receivers.is_empty() {
            issues.push(issue(format!("::{id}: must have at least one receiver"), place));
        } else if pipeline.exporters.is_empty() {
            issues.push(issue(format!("::{id}: must have at least one exporter"), place));
        }
        for (i, processor) in pipeline.processors.iter().enumerate() {
            if pipeline.processors[..i].iter().any(|p| p.id == processor.id) {
                let message = format!("::{id}: references processor \"{}\" multiple times", processor.id);
                issues.push(issue(message, Some(processor.place.clone())));
            }
        }
    }
    issues
}
