//! What the paths of Kubernetes' log files say.

use std::sync::{Mutex, PoisonError};

use slimcol_pattern::{Regex, Size, compile};

use crate::{Entry, Map, Shared, Text, Value};

const PATTERN: &str = concat!(
    r"^.*(\/|\\)(?P<namespace>[^_]+)_(?P<pod_name>[^_]+)_(?P<uid>[a-f0-9\-]+)(\/|\\)(?P<container_name>[^\._]+)",
    r"(\/|\\)(?P<restart_count>\d+)\.log(\.\d{8}-\d{6})?$"
);
/// Groups, and the attributes that they are.
const NAMES: [(&str, &str); 5] = [
    ("container_name", "k8s.container.name"),
    ("namespace", "k8s.namespace.name"),
    ("pod_name", "k8s.pod.name"),
    ("restart_count", "k8s.container.restart_count"),
    ("uid", "k8s.pod.uid"),
];

/// Tells the pod of a path.
#[derive(Debug)]
pub(super) struct Paths {
    pattern: Regex,
    /// The path that was looked at last: a file's lines come in a row, and share their resource.
    last: Mutex<Option<(Text, Shared)>>,
}

impl Paths {
    pub(super) fn new() -> Result<Self, String> {
        Ok(Self { pattern: compile(PATTERN, Size::Config)?, last: Mutex::default() })
    }

    /// Puts what a path says on the entry's resource.
    pub(super) fn tell(&self, path: &Text, entry: &mut Entry) -> Result<(), String> {
        let pod = self.pod(path)?;
        if entry.resource.is_empty() {
            entry.resource = pod;
        } else {
            entry.resource.extend(pod.into_map());
        }
        Ok(())
    }

    fn pod(&self, path: &Text) -> Result<Shared, String> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pod)) = last.as_ref().filter(|(of, _)| of == path) {
            return Ok(pod.clone());
        }
        let groups = self.pattern.captures(path.as_bytes()).ok_or("failed to detect a valid log path")?;
        let part = |group| {
            let found = groups.name(group).and_then(|found| path.get(found.start()..found.end()));
            Value::Text(found.unwrap_or_default().into())
        };
        let pairs = NAMES.map(|(group, name)| (Text::from_static(name), part(group)));
        let pod = Shared::new(Map::from_pairs(pairs.into()));
        *last = Some((path.clone(), pod.clone()));
        Ok(pod)
    }
}
