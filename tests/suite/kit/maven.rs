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

/// Java with libraries on its class path.
#[derive(Debug)]
pub(crate) struct Java {
    java: PathBuf,
    libraries: PathBuf,
}

impl Java {
    /// Java, to be given a class and its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.java);
        command.arg("-Xmx384m").arg("-cp").arg(self.libraries.join("*"));
        command
    }
}

/// Java with the artifacts (`group:artifact:version`) and all that they need, if the machine has Java and Maven; if not, says so
/// loudly, or panics where `CI` is `true`. `name` is what they are kept under.
pub(crate) fn classpath(name: &str, artifacts: &[&str]) -> Option<Java> {
    let java = programs::find("java", "default-jre-headless")?;
    let mut maven = programs::find("mvn", "maven")?;
    let folder = PathBuf::from(format!("{TESTS}/.venv/maven"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let libraries = folder.join(name);
    if !libraries.exists() {
        let dependency = |artifact: &&str| {
            let [group, artifact, version] = artifact.split(':').collect::<Vec<_>>()[..] else {
                panic!("{artifact} names no artifact");
            };
            format!(
                "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>"
            )
        };
        let pom = format!(
            "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion><groupId>t</groupId>\
             <artifactId>t</artifactId><version>1</version><dependencies>{}</dependencies></project>",
            artifacts.iter().map(dependency).collect::<String>()
        );
        // Only what was fetched whole gets its name.
        let fetched = folder.join(format!("{name}.fetched"));
        let file = folder.join(format!("{name}.xml"));
        fs::write(&file, pom).unwrap();
        maven.args(["--batch-mode", "--quiet", "dependency:copy-dependencies", "-f"]).arg(file);
        maven.arg(format!("-DoutputDirectory={}", fetched.display()));
        run(&mut maven, DEADLINE).expect_success();
        fs::rename(fetched, &libraries).unwrap();
    }
    Some(Java { java: java.get_program().into(), libraries })
}

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
