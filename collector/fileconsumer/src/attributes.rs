//! What is told of a file.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use crate::{batch::Attributes, config::Included};

/// The attributes that were asked for.
pub(crate) fn resolve(included: Included, path: &Path, file: &File) -> io::Result<Attributes> {
    let mut out = Attributes::new();
    let mut add = |key: &str, value: String| drop(out.insert(key.to_owned(), value.into()));
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if included.name {
        add("log.file.name", name(path));
    }
    if included.path {
        add("log.file.path", path.to_string_lossy().into_owned());
    }
    if included.name_resolved || included.path_resolved {
        let resolved = fs::canonicalize(path)?;
        if included.name_resolved {
            add("log.file.name_resolved", name(&resolved));
        }
        if included.path_resolved {
            add("log.file.path_resolved", resolved.to_string_lossy().into_owned());
        }
    }
    if included.owner_name || included.owner_group_name || included.permissions {
        let about = file.metadata()?;
        if included.permissions {
            add("log.file.permissions", format!("{:03o}", about.mode() & 0o777));
        }
        let owner = included.owner_name.then(|| named("/etc/passwd", about.uid()));
        if let Some(owner) = owner.flatten() {
            add("log.file.owner.name", owner);
        }
        let group = included.owner_group_name.then(|| named("/etc/group", about.gid()));
        if let Some(group) = group.flatten() {
            add("log.file.owner.group.name", group);
        }
    }
    Ok(out)
}

/// The name of a user or group in the system's list, whose lines are `name:x:number:…`.
fn named(list: &str, id: u32) -> Option<String> {
    let list = fs::read_to_string(list).ok()?;
    let id = id.to_string();
    let line = list.lines().find(|line| line.split(':').nth(2) == Some(&id))?;
    Some(line.split(':').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_asked_for_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().canonicalize().unwrap().join("real.log");
        let link = dir.path().join("link.log");
        fs::write(&real, "x").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        let file = File::open(&link).unwrap();
        let told = |included| json!(resolve(included, &link, &file).unwrap());
        let none = Included::default();
        assert_eq!(told(none), json!({}));
        assert_eq!(told(Included { name: true, ..none }), json!({"log.file.name": "link.log"}));
        assert_eq!(told(Included { path: true, ..none }), json!({"log.file.path": link}));
        let resolved = Included { name_resolved: true, path_resolved: true, ..none };
        let expected = json!({"log.file.name_resolved": "real.log", "log.file.path_resolved": real});
        assert_eq!(told(resolved), expected);
        assert_eq!(told(Included { permissions: true, ..none }), json!({"log.file.permissions": "640"}));
        let owner = told(Included { owner_name: true, owner_group_name: true, ..none });
        let name = |list| named(list, fs::metadata(list).unwrap().uid()).unwrap();
        if file.metadata().unwrap().uid() == 0 {
            assert_eq!(owner["log.file.owner.name"], json!(name("/etc/passwd")));
        }
        assert_eq!(named("/etc/passwd", u32::MAX - 7), None);
    }
}
