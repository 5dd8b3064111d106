//! The `.rpm`.

use std::{process::Command, time::Duration};

use super::running;
use crate::kit::{command::run, machine::Machine, packages};

fn asked(arguments: &[&str]) -> String {
    let mut rpm = Command::new("rpm");
    rpm.args(arguments).arg(&packages::otlp().rpm);
    run(&mut rpm, Duration::from_mins(1)).expect_success().stdout
}

#[test]
fn rpm_reads_what_was_written() {
    if !packages::has("rpm", "rpm") {
        return;
    }
    assert!(asked(&["--checksig"]).ends_with(".rpm: digests OK\n"));
    let fields = "%{NAME} %{VERSION} %{RELEASE} %{ARCH} %{OS} %{LICENSE}\n%{SUMMARY}\n%{PACKAGER}\n%{PAYLOADCOMPRESSOR}\n";
    assert_eq!(
        asked(&["--query", "--package", "--queryformat", fields]),
        format!(
            "otelcol-otlp 0.1.0 1 {} linux Apache-2.0\nOpenTelemetry Collector that speaks OTLP\n\
             The Slimcol authors <slimcol@example.org>\nxz\n",
            std::env::consts::ARCH
        )
    );
    let files = "[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEFLAGS:fflags} %{FILENAMES}\n]";
    assert_eq!(
        asked(&["--query", "--package", "--queryformat", files]),
        "drwxr-xr-x root:root  /etc/otelcol-otlp\n\
         -rw-r--r-- root:root cn /etc/otelcol-otlp/config.yaml\n\
         -rw-r--r-- root:root cn /etc/otelcol-otlp/otelcol-otlp.conf\n\
         -rwxr-xr-x root:root  /usr/bin/otelcol-otlp\n\
         -rw-r--r-- root:root  /usr/lib/systemd/system/otelcol-otlp.service\n\
         drwxr-xr-x root:root  /usr/share/licenses/otelcol-otlp\n\
         -rw-r--r-- root:root l /usr/share/licenses/otelcol-otlp/NOTICES\n\
         -rw-r--r-- root:root d /usr/share/man/man1/otelcol-otlp.1.gz\n\
         drwxr-x--- otelcol-otlp:otelcol-otlp  /var/lib/otelcol-otlp\n"
    );
    let needed = asked(&["--query", "--package", "--requires"]);
    assert!(needed.lines().any(|line| line == "/usr/sbin/useradd"), "{needed}");
    assert!(!needed.contains(".so"), "{needed}");
}

/// One machine for a whole life, since every step begins where the last one ends.
#[test]
fn from_installing_to_erasing() {
    if !packages::has("rpm", "rpm") {
        return;
    }
    let Some(machine) = Machine::boot() else { return };
    // Fedora enables no service by itself.
    machine.write("/etc/systemd/system-preset/99-default-disable.preset", "disable *\n");
    install(&machine);
    an_upgrade_keeps_what_the_administrator_did(&machine);
    erasing_leaves_changed_configuration_only(&machine);
}

fn install(machine: &Machine) {
    assert_eq!(machine.rpm(&["--install", "--nodeps", packages::otlp().rpm.to_str().unwrap()]), "");
    assert_eq!(state(machine), "disabled inactive");
    assert_eq!(machine.rpm(&["--verify", "--nodeps", "otelcol-otlp"]), "");
    let account = machine.sh("getent passwd otelcol-otlp");
    assert!(account.ends_with(":/var/lib/otelcol-otlp:/sbin/nologin\n"), "{account}");
    assert_eq!(
        machine.sh("stat --format '%U:%G %a' /var/lib/otelcol-otlp"),
        "otelcol-otlp:otelcol-otlp 750\n"
    );
    machine.sh("systemctl enable --now otelcol-otlp");
    running(machine, "otelcol-otlp");
}

fn an_upgrade_keeps_what_the_administrator_did(machine: &Machine) {
    let before = running(machine, "otelcol-otlp");
    machine.sh("echo '# Mine.' >>/etc/otelcol-otlp/config.yaml");
    let said = machine.rpm(&["--upgrade", "--nodeps", packages::next("otlp").rpm.to_str().unwrap()]);
    assert!(said.contains("/etc/otelcol-otlp/config.yaml created as"), "{said}");
    assert!(machine.read("/etc/otelcol-otlp/config.yaml").ends_with("\n# Mine.\n"));
    assert!(machine.read("/etc/otelcol-otlp/config.yaml.rpmnew").ends_with("\n# The next one.\n"));
    assert!(machine.rpm(&["--query", "otelcol-otlp"]).starts_with("otelcol-otlp-0.1.0-2."));
    assert_ne!(running(machine, "otelcol-otlp"), before);
    assert_eq!(state(machine), "enabled active");
    machine.sh("systemctl disable --now otelcol-otlp");
    machine.rpm(&["--upgrade", "--nodeps", "--oldpackage", packages::otlp().rpm.to_str().unwrap()]);
    assert_eq!(state(machine), "disabled inactive");
    machine.sh("systemctl enable --now otelcol-otlp");
    running(machine, "otelcol-otlp");
}

fn erasing_leaves_changed_configuration_only(machine: &Machine) {
    machine.rpm(&["--erase", "otelcol-otlp"]);
    assert_eq!(machine.sh("pgrep otelcol || true"), "");
    let left = "find / -xdev \\( -path /proc -o -path /var/log \\) -prune -o -name '*otelcol*' -print";
    assert_eq!(machine.sh(left), "/etc/otelcol-otlp\n");
    assert_eq!(machine.sh("ls /etc/otelcol-otlp"), "config.yaml.rpmnew\nconfig.yaml.rpmsave\n");
}

/// Whether the service is enabled and whether it runs.
fn state(machine: &Machine) -> String {
    let said =
        machine.sh("systemctl is-enabled otelcol-otlp || true; systemctl is-active otelcol-otlp || true");
    said.lines().collect::<Vec<_>>().join(" ")
}
