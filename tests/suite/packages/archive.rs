//! The `.tar.gz`, installed as its README says.

use super::running;
use crate::kit::{machine::Machine, packages};

#[test]
fn its_readme_installs_a_service() {
    let Some(machine) = Machine::boot() else { return };
    let archive = machine.receive(&packages::core().archive);
    machine
        .sh(&format!("mkdir /root/it; tar --extract --no-same-owner --file {archive} --directory /root/it"));
    assert_eq!(machine.sh("/root/it/otelcol --version"), "otelcol version 0.1.0\n");
    let readme = machine.read("/root/it/README.md");
    let commands = readme.split("```\n").nth(1).unwrap();
    machine.sh(&format!("cd /root/it\n{commands}"));
    running(&machine, "otelcol");
    assert_eq!(machine.sh("stat --format '%U:%G %a' /var/lib/otelcol"), "otel:otel 750\n");
}
