//! Java programs from Maven's central repository, kept below `tests/.venv`.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
    time::Duration,
};

use super::{command::run, programs};

/// A hundred megabytes over a slow line.
const DEADLINE: Duration = Duration::from_mins(10);
const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// The jar that `group:artifact:version:jar:classifier` names, and the command that runs Java, if the machine has Java and Maven;
/// if not, says so loudly, or panics where `CI` is `true`.
pub(crate) fn jar(coordinates: &str) -> Option<(Command, PathBuf)> {
    let java = programs::find("java", "default-jre-headless")?;
    let mut maven = programs::find("mvn", "maven")?;
    let [_, artifact, version, _, classifier] = coordinates.split(':').collect::<Vec<_>>()[..] else {
        panic!("{coordinates} names no jar");
    };
    let folder = PathBuf::from(format!("{TESTS}/.venv/maven"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let jar = folder.join(format!("{artifact}-{version}-{classifier}.jar"));
    if !jar.exists() {
        // Only what was fetched whole gets its name.
        let fetched = folder.join("fetched");
        maven.args(["--batch-mode", "--quiet", "dependency:copy"]).current_dir(&folder);
        maven
            .arg(format!("-Dartifact={coordinates}"))
            .arg(format!("-DoutputDirectory={}", fetched.display()));
        run(&mut maven, DEADLINE).expect_success();
        fs::rename(fetched.join(jar.file_name().unwrap()), &jar).unwrap();
    }
    Some((java, jar))
}
