//! Whether a new collector takes the configuration that it was made for: it is asked itself, by `validate`.
//!
//! The machine that builds is rarely the one that runs. A variable that is not set here is empty, a file that is not here
//! cannot be read, and what follows from either says nothing of the collector: it is told and does not count. Everything
//! else does.

mod unsettled;

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use slimcol_config::parse;

use self::unsettled::Unsettled;
use crate::{
    derive::Configuration,
    error::{Doing as _, Error},
    report,
};

/// How long a collector may look at its configuration. It may have to wait for a web server that is not there.
const DEADLINE: Duration = Duration::from_mins(2);

/// Whether binaries for `target` run on `host`: on the same system and processor, whatever C library.
pub(super) fn is_possible(target: &str, host: &str) -> bool {
    let machine = |triple: &str| triple.split_once('-').map(|(processor, _)| processor.to_owned());
    target == host
        || target.contains("-linux-") && host.contains("-linux-") && machine(target) == machine(host)
}

/// Has the collector at `binary` validate each of `configurations`.
pub(super) fn validate(binary: &Path, configurations: &[Configuration]) -> Result<(), Error> {
    for configuration in configurations {
        if configuration.files.is_empty() {
            let folder = tempfile::tempdir().doing("create a folder in", &std::env::temp_dir())?;
            let file = folder.path().join("config.yaml");
            fs::write(&file, &configuration.text).doing("write", &file)?;
            let name = file.display().to_string();
            let unsettled = parse(&name, &configuration.text).map(|root| Unsettled::find(&root));
            let shown = |text: &str| text.replace(&name, "config.yaml");
            ask(binary, &[&file], &unsettled.unwrap_or_default(), &configuration.name, shown)?;
        } else {
            let files: Vec<&Path> = configuration.files.iter().map(AsRef::as_ref).collect();
            let unsettled = Unsettled::find(&configuration.root);
            ask(binary, &files, &unsettled, &configuration.name, str::to_owned)?;
        }
    }
    Ok(())
}

fn ask(
    binary: &Path,
    files: &[&Path],
    unsettled: &Unsettled,
    name: &str,
    shown: impl Fn(&str) -> String,
) -> Result<(), Error> {
    let Some(said) = run(binary, files)? else { return Ok(()) };
    let refusal = said.split_once("Error: ").map_or(&*said, |(_, refusal)| refusal).trim_end();
    if unsettled.excuses(refusal) {
        let what = unsettled.names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        report::remark(&format!(
            "note: {name} could not be validated to the end: {what} is not there on this machine"
        ));
        return Ok(());
    }
    Err(Error::manifest(format!(
        "the collector `{}` was built, and refuses {name}:\n{}",
        binary.display(),
        shown(refusal)
    )))
}

/// What `validate` says of `files`; nothing if it takes them.
fn run(binary: &Path, files: &[&Path]) -> Result<Option<String>, Error> {
    let mut command = Command::new(binary);
    command.arg("validate");
    for file in files {
        command.arg(format!("--config=file:{}", file.display()));
    }
    let failed = |source| Error::Io { doing: format!("cannot run `{}`", binary.display()), source };
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let mut stderr = child.stderr.take().expect("standard error is piped");
    let (send, said) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        send.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    let Ok(said) = said.recv_timeout(DEADLINE) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(Error::Other(format!(
            "`{} validate` did not end within {} s",
            binary.display(),
            DEADLINE.as_secs()
        )));
    };
    let status = child.wait().map_err(failed)?;
    Ok((!status.success()).then_some(said))
}
