//! The completion script for bash, in a real bash.

use std::{fs, process::Command, time::Duration};

use crate::kit::{command::run, distros};

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn bash_completes_commands_flags_and_values() {
    let binary = &distros::core().binary;
    let script = run(Command::new(binary).args(["completion", "bash"]), DEADLINE).expect_success().stdout;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("otelcol.bash"), script).unwrap();
    for (words, expected) in [
        ("otelcol val", "validate"),
        ("otelcol print-config --mo", "--mode"),
        ("otelcol print-config --mode un", "unredacted"),
        // What bash makes of `--format=j`.
        ("otelcol print-config --format = j", "json"),
        ("otelcol graph --format s", "svg"),
        ("otelcol featuregate service.prof", "service.profilesSupport"),
        ("otelcol validate --config x", ""),
        ("otelcol --vers", "--version"),
    ] {
        let ask = "source otelcol.bash; COMP_WORDS=($WORDS); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); \
                   __otelcol_complete; echo \"${COMPREPLY[*]}\"; complete -p otelcol";
        let mut command = Command::new("bash");
        command.args(["-c", ask]).current_dir(folder.path()).env("WORDS", words);
        let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let said = run(command.env("PATH", path), DEADLINE).expect_success().stdout;
        assert_eq!(
            said,
            format!("{expected}\ncomplete -o default -F __otelcol_complete otelcol\n"),
            "{words}"
        );
    }
}
