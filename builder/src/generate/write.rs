//! Writing a workspace to the disk: all of it or nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Pin, Workspace, lock};
use crate::{
    cargo,
    error::{Doing as _, Error},
    interrupt, replace,
    report::Step,
};

/// The generated workspace's folder below the output path.
pub(crate) const FOLDER: &str = "_build";
/// What cargo reads when it runs in a workspace.
const CARGO_CONFIG: &str = ".cargo/config.toml";

/// Writes `workspace` below `output` in place of the one that is there, for a build for `targets`, and gives the folder.
/// Without `network`, what is not on this machine is missing. Until everything is in it, its lock file is settled and the
/// caller agrees, it is a folder of another name; on an error the old one stays.
pub(crate) fn write(
    workspace: &Workspace,
    output: &Path,
    targets: &[String],
    network: bool,
    agree: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    let new = replace::folder_beside(output)?;
    for (path, content) in workspace.files.iter() {
        interrupt::check()?;
        write_file(&new.path().join(path), content)?;
    }
    if let Some(config) = &workspace.cargo_config {
        write_file(&new.path().join(CARGO_CONFIG), config.as_bytes())?;
    }
    settle(workspace, new.path(), targets, network)?;
    agree(new.path())?;
    let folder = output.join(FOLDER);
    let old = replace::folder_beside(output)?;
    if folder.exists() {
        let aside = old.path().join(FOLDER);
        fs::rename(&folder, &aside).doing("replace", &folder)?;
    }
    let new = new.keep();
    fs::rename(&new, &folder).doing("replace", &folder)?;
    Ok(folder)
}

/// Files have one fixed time: their content's digest is in a package's name or place, so that to cargo an equal file in
/// another folder is the same and a new content is never an old file.
fn write_file(path: &Path, content: &[u8]) -> Result<(), Error> {
    const YEAR_2000: Duration = Duration::from_hours(262_968);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).doing("create", parent)?;
    }
    fs::write(path, content).doing("write", path)?;
    let file = fs::File::options().write(true).open(path).doing("write", path)?;
    file.set_modified(SystemTime::UNIX_EPOCH + YEAR_2000).doing("set the time of", path)
}

/// Takes what is not used out of the lock file and puts the generated package in, then fetches what a build for `targets`
/// needs, if the network may be used. Every other version stays as it is: `generate-lockfile` would take the newest ones.
fn settle(workspace: &Workspace, folder: &Path, targets: &[String], network: bool) -> Result<(), Error> {
    let _step = Step::begin("fetching crates");
    let manifest = folder.join("Cargo.toml");
    let config = folder.join(CARGO_CONFIG);
    let run = |args: &[&str], offline: bool, doing: &str| {
        let mut command = cargo::command();
        command.args(args).args(offline.then_some("--offline"));
        if config.is_file() {
            command.arg("--config").arg(&config);
        }
        // Where cargo runs decides which configuration files it reads: the workspace's, as when it compiles.
        command.arg("--quiet").arg("--manifest-path").arg(&manifest).current_dir(folder);
        cargo::resolve(&mut command, doing)
    };
    let update = |offline| run(&["update", "--workspace"], offline, "agree on the crates' versions");
    match update(true) {
        Err(_) if network => update(false)?,
        done => done?,
    };
    for Pin { name, version } in &workspace.pins {
        // The other versions of a crate, which cargo cannot take this one for, stay.
        for (of, it) in lock::versions(folder, name)?.iter().map(|it| (format!("{name}@{it}"), it)) {
            if lock::are_compatible(it, version) && it != version {
                let version = version.to_string();
                let doing = format!("take version {version} of crate `{name}`");
                run(&["update", &of, "--precise", &version], !network, &doing)?;
            }
        }
    }
    for target in targets {
        run(&["fetch", "--locked", "--target", target], !network, "fetch the crates")?;
    }
    Ok(())
}
