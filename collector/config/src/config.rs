//! The structure of a collector's configuration: which components there are, and what runs. What is in a component's
//! section only its factory knows.

use crate::{
    ComponentId, Entry, Field, Findings, Issue, Node, Place, Problems, Section, Service, Settings, Wanted,
    nearest, references,
};

/// A configuration, taken apart but for the components' own settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The `receivers` section, in the order written, as the following.
    pub receivers: Vec<Configured>,
    /// The `processors` section.
    pub processors: Vec<Configured>,
    /// The `exporters` section.
    pub exporters: Vec<Configured>,
    /// The `connectors` section.
    pub connectors: Vec<Configured>,
    /// The `extensions` section.
    pub extensions: Vec<Configured>,
    /// The `service` section.
    pub service: Service,
    pub(crate) node: Node,
}

/// A component that is configured, used or not.
#[derive(Clone, Debug)]
pub struct Configured {
    /// Its id.
    pub id: ComponentId,
    /// The section that it stands in (`receivers`).
    pub section: &'static str,
    /// Where its id stands.
    pub place: Place,
    pub(crate) node: Node,
}

impl Configured {
    /// The component's settings, to be read; finish the section to get what is wrong with them.
    pub fn settings(&self) -> Section<'_> {
        let label = format!("'{}' error reading configuration for {:?}: ", self.section, self.id.to_string());
        Section::new(Some(&self.node), label)
    }

    /// Collects what validating the component finds.
    pub fn problems(&self) -> Problems<'_> {
        let path = format!("{}::{}", self.section, self.id);
        Problems::new(Some(&self.node), Some(self.place.clone()), &path)
    }

    /// Says that no factory makes this type, and which is likely meant of those there are.
    pub fn unknown_type(&self, valid: &[&str]) -> Issue {
        let Self { id, section, .. } = self;
        if id.kind == "logging" {
            let message = "the logging exporter has been deprecated, use the debug exporter instead";
            return Issue::new(format!("'{section}' {message}")).at(self.place.clone());
        }
        let valid_values = valid.join(" ");
        let (kind, id) = (&id.kind, id.to_string());
        let message =
            format!("'{section}' unknown type: {kind:?} for id: {id:?} (valid values: [{valid_values}])");
        Issue::new(message).at(self.place.clone()).meant(nearest(kind, valid.iter().copied()))
    }
}

impl Config {
    /// Takes the tree apart. What is wrong is in the findings, and then the configuration lacks it.
    pub fn read(root: Node) -> (Self, Findings) {
        let mut section = Section::new(Some(&root), "");
        let receivers = components(&mut section, "receivers");
        let processors = components(&mut section, "processors");
        let exporters = components(&mut section, "exporters");
        let connectors = components(&mut section, "connectors");
        let extensions = components(&mut section, "extensions");
        let service = section.section("service");
        let findings = section.finish();
        (Self { receivers, processors, exporters, connectors, extensions, service, node: root }, findings)
    }

    /// The `service` section with all its defaults, as it is printed.
    pub fn shown_service(&self) -> Vec<Field> {
        let mut section = Section::new(self.node.get("service"), "").recorded();
        Service::read(&mut section);
        section.take_fields()
    }

    /// What the `service` section can hold.
    pub fn described_service() -> Vec<Field> {
        let mut section = Section::new(None, "").described();
        Service::read(&mut section);
        section.take_fields()
    }

    /// What is wrong with the configuration as a whole: nothing to run, references to what is not there, and the
    /// `service` section. The components' own validation is the service's.
    pub fn validate(&self) -> Vec<Issue> {
        let mut issues = references::check(self);
        let service = self.node.entry("service");
        let node = service.map(Entry::value);
        let mut problems = Problems::new(node, service.map(|e| e.place.clone()), "service");
        self.service.validate(&mut problems);
        issues.extend(problems.finish());
        issues
    }

    /// What a component wants of extensions that do not run, if it runs itself.
    pub fn unmet(&self, of: &Configured, wanted: &[Wanted]) -> Vec<Issue> {
        references::unmet(self, of, wanted)
    }

    /// The place to point at when something is missing altogether.
    pub(crate) fn place(&self) -> Option<Place> {
        self.node.entries().first().map(|e| e.place.clone())
    }
}

fn components(root: &mut Section<'_>, section: &'static str) -> Vec<Configured> {
    let Some(node) = root.node(section).filter(|n| !n.is_null()) else { return Vec::new() };
    if !node.is_map() {
        root.error(section, format!("expected a map or struct, got {:?}", node.go_kind()));
    }
    let mut found: Vec<Configured> = Vec::with_capacity(node.entries().len());
    for Entry { key, place, value } in node.entries() {
        let message = match key.parse::<ComponentId>() {
            Err(message) => message,
            Ok(id) if found.iter().any(|c| c.id == id) => {
                format!("duplicate name {key:?} after unmarshaling {id}")
            }
            Ok(_) if !value.is_map() && !value.is_null() => format!(
                "'[{key}]' expected type 'map[string]interface {{}}', got unconvertible type '{}'",
                value.go_type()
            ),
            Ok(id) => {
                found.push(Configured { id, section, place: place.clone(), node: value.clone() });
                continue;
            }
        };
        root.report(Issue::new(format!("'{section}' {message}")).at(place.clone()));
    }
    found
}

#[cfg(test)]
mod tests;
