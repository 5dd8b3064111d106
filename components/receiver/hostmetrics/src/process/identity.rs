//! Who a process is.

use std::{fs, path::Path};

use slimcol_scraper::Scraped;
use slimcol_service::go_error;

use super::{
    COMMAND, COMMAND_LINE, GROUP, PATH,
    config::Config,
    files::{base, command},
    missing,
};
use crate::reader::Reader;

/// The kernel cuts longer names.
const LONGEST_NAME: usize = 15;

/// What of a process's resource costs something to find out, as far as it is wanted.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) group: Option<String>,
    /// The first part of the command, and all of it.
    pub(super) command: Option<(String, String)>,
}

/// Where the program is; empty where that cannot be told, as of threads of the kernel.
pub(super) fn path(pid: i32, folder: &Path, config: &Config, scraped: &mut Scraped) -> String {
    if !config.resources.wants(PATH) {
        return String::new();
    }
    let link = folder.join("exe");
    match fs::read_link(&link) {
        Ok(target) => target.to_string_lossy().into_owned(),
        Err(error) => {
            let error = format!("readlink {}: {}", link.display(), go_error(&error));
            let error = format!("error reading process executable for pid {pid}: {error}");
            missing(scraped, config.mute.exe, 1, error);
            String::new()
        }
    }
}

/// Who it is, if that is somebody who is to be measured. A name that the kernel cut is looked for in the command.
pub(super) fn identity(
    pid: i32,
    folder: &Path,
    name: &str,
    (config, reader): (&Config, &mut Reader),
    scraped: &mut Scraped,
) -> Option<Identity> {
    let wants = |attribute| config.resources.wants(attribute);
    let mut name = name.to_owned();
    let is_cut = name.len() >= LONGEST_NAME;
    if !is_cut && !config.names.admit(&name) {
        return None;
    }
    let mut whole = None;
    if is_cut || wants(COMMAND) || wants(COMMAND_LINE) {
        match reader.read(&folder.join("cmdline")) {
            Ok(text) => whole = Some(command(&text)),
            Err(error) => {
                let error = format!("error reading command for process {name:?} (pid {pid}): {error}");
                missing(scraped, false, 0, error);
            }
        }
    }
    if is_cut {
        let longer = whole.as_ref().map_or("", |(first, _)| base(first));
        if longer.starts_with(&name) {
            longer.clone_into(&mut name);
        }
        if !config.names.admit(&name) {
            return None;
        }
    }
    let mut group = None;
    if wants(GROUP) {
        let text = reader.read(&folder.join("cgroup"));
        group = Some(match text {
            Ok(text) => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
            Err(error) => {
                let error = format!("error reading process cgroup for pid {pid}: {error}");
                missing(scraped, config.mute.cgroup, 0, error);
                String::new()
            }
        });
    }
    Some(Identity { name, group, command: whole })
}
