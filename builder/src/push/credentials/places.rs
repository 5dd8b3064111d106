//! The files that may hold credentials.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// A file that may hold credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    /// Whether it is an error if it is missing: somebody named it.
    pub(super) required: bool,
}

/// Every file, the one to look into first first: what a variable names, then podman's, then docker's.
pub(super) fn places(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<Place> {
    let set = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = set("REGISTRY_AUTH_FILE") {
        return vec![Place { path, required: true }];
    }
    let home = set("HOME");
    let below = |folder: &Option<PathBuf>, name: &str| folder.as_ref().map(|folder| folder.join(name));
    let config = set("XDG_CONFIG_HOME").or_else(|| below(&home, ".config"));
    let paths = [
        below(&set("DOCKER_CONFIG"), "config.json"),
        below(&set("XDG_RUNTIME_DIR"), "containers/auth.json"),
        below(&config, "containers/auth.json"),
        below(&home, ".docker/config.json"),
    ];
    let mut places: Vec<Place> = Vec::new();
    for path in paths.into_iter().flatten() {
        if !places.iter().any(|place| same(&place.path, &path)) {
            places.push(Place { path, required: false });
        }
    }
    places
}

fn same(one: &Path, other: &Path) -> bool {
    one.components().eq(other.components())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_comes_first() {
        let places = |set: &[(&str, &str)]| -> Vec<String> {
            let env = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            places(&env)
                .iter()
                .map(|place| format!("{}{}", place.path.display(), if place.required { "!" } else { "" }))
                .collect()
        };
        assert_eq!(places(&[("REGISTRY_AUTH_FILE", "/a"), ("HOME", "/h")]), ["/a!"]);
        assert_eq!(places(&[("HOME", "/h")]), ["/h/.config/containers/auth.json", "/h/.docker/config.json"]);
        assert_eq!(
            places(&[
                ("HOME", "/h"),
                ("DOCKER_CONFIG", "/d"),
                ("XDG_RUNTIME_DIR", "/r"),
                ("XDG_CONFIG_HOME", "/c")
            ]),
            [
                "/d/config.json",
                "/r/containers/auth.json",
                "/c/containers/auth.json",
                "/h/.docker/config.json"
            ]
        );
        assert_eq!(places(&[("HOME", "/h"), ("DOCKER_CONFIG", "/h/.docker/")])[0], "/h/.docker/config.json");
        assert_eq!(places(&[("DOCKER_CONFIG", "")]), [""; 0]);
    }
}
