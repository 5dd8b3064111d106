//! The `.deb`.

use std::{process::Command, time::Duration};

use super::running;
use crate::kit::{command::run, machine::Machine, packages};

#[test]
fn lintian_has_nothing_to_say() {
    if !packages::has("lintian", "lintian") {
        return;
    }
    for package in [packages::core(), packages::otlp()] {
        let mut lintian = Command::new("lintian");
        lintian.args(["--allow-root", "--display-experimental", "--pedantic", "--display-info"]);
        // It reads words into machine code, others in every build.
        lintian.args(["--suppress-tags", "spelling-error-in-binary"]).arg(&package.deb);
        let ended = run(&mut lintian, Duration::from_mins(3)).expect_success();
        assert_eq!(ended.stdout, "", "{:?}", package.deb);
    }
}

/// One machine for a whole life, since every step begins where the last one ends.
#[test]
fn from_installing_to_purging() {
    let Some(machine) = Machine::boot() else { return };
    let (first, next) =
        (machine.receive(&packages::core().deb), machine.receive(&packages::next("core").deb));
    install(&machine, &first);
    the_service_is_caged(&machine);
    a_reload_reads_the_configuration_anew(&machine);
    an_upgrade_keeps_what_the_administrator_did(&machine, &next);
    an_upgrade_restarts_what_runs(&machine, &first, &next);
    removing_keeps_configuration_and_purging_nothing(&machine, &next);
}

fn install(machine: &Machine, package: &str) {
    let said = machine.sh(&format!("dpkg --install {package}"));
    assert!(!said.contains("warning") && !said.contains("error"), "{said}");
    running(machine, "otelcol");
    assert_eq!(machine.sh("systemctl is-enabled otelcol"), "enabled\n");
    assert_eq!(machine.sh("dpkg --verify otelcol"), "");
    let account = machine.sh("getent passwd otel");
    assert!(account.ends_with(":/var/lib/otelcol:/usr/sbin/nologin\n"), "{account}");
    assert_eq!(machine.sh("stat --format '%U:%G %a' /var/lib/otelcol"), "otel:otel 750\n");
    let as_user =
        |command: &str| machine.sh(&format!("setpriv --reuid otel --regid otel --clear-groups {command}"));
    assert_eq!(as_user("otelcol --version"), "otelcol version 0.1.0\n");
    assert_eq!(as_user("otelcol validate --config /etc/otelcol/config.yaml"), "");
}

/// What the unit says, and that the kernel holds the process to it.
fn the_service_is_caged(machine: &Machine) {
    const UNIT: &str = "/usr/lib/systemd/system/otelcol.service";
    assert_eq!(machine.sh(&format!("systemd-analyze verify --man=no {UNIT}")), "");
    // On systemd's scale of ten, a service without a cage has 9.6.
    machine.sh(&format!("systemd-analyze security --offline=true --threshold=20 {UNIT} >/dev/null"));
    let process = running(machine, "otelcol");
    let status = machine.read(&format!("/proc/{process}/status"));
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name} in {status}")).split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(field("Uid"), machine.sh("id --user otel").trim());
    assert_eq!((&*field("NoNewPrivs"), &*field("Seccomp")), ("1", "2"));
    assert_eq!((&*field("CapBnd"), &*field("CapEff")), ("0000000000000000", "0000000000000000"));
    let inside =
        |script: &str| machine.try_sh(&format!("nsenter --target {process} --mount sh -c '{script}'")).stdout;
    // A log agent can read logs. Nobody there can write to anything but the service's own folder, not even root.
    assert_eq!(inside("head -c 3 /var/log/dpkg.log"), "202");
    assert_eq!(inside("touch /var/lib/otelcol/it && rm /var/lib/otelcol/it"), "");
    // It watches the host, and so sees the homes too.
    for elsewhere in ["/etc/otelcol/it", "/usr/it", "/var/log/it", "/srv/it", "/home/it", "/root/it"] {
        let said = inside(&format!("touch {elsewhere}"));
        assert!(said.ends_with("Read-only file system\n"), "{said}");
    }
}

fn a_reload_reads_the_configuration_anew(machine: &Machine) {
    let before = running(machine, "otelcol");
    machine.sh("systemctl reload otelcol");
    machine.eventually(
        "journalctl --unit otelcol --output cat | grep 'Partial receiver reload completed successfully'",
    );
    assert_eq!(running(machine, "otelcol"), before);
}

fn an_upgrade_keeps_what_the_administrator_did(machine: &Machine, next: &str) {
    machine.sh("systemctl disable --now otelcol");
    machine.sh("echo '# Mine.' >>/etc/otelcol/config.yaml");
    let said = machine.sh(&format!("dpkg --force-confdef --force-confold --install {next}"));
    assert!(said.contains("Configuration file '/etc/otelcol/config.yaml'"), "{said}");
    assert!(machine.read("/etc/otelcol/config.yaml").ends_with("\n# Mine.\n"));
    assert!(machine.read("/etc/otelcol/config.yaml.dpkg-dist").ends_with("\n# The next one.\n"));
    assert_eq!(machine.sh("systemctl is-enabled otelcol || true"), "disabled\n");
    assert_eq!(machine.sh("systemctl is-active otelcol || true"), "inactive\n");
    assert_eq!(machine.sh("dpkg-query --show --showformat '${Version}' otelcol"), "0.1.0-2");
}

fn an_upgrade_restarts_what_runs(machine: &Machine, first: &str, next: &str) {
    machine.sh(&format!("dpkg --force-confold --force-downgrade --install {first}"));
    machine.sh("systemctl enable --now otelcol");
    let before = running(machine, "otelcol");
    machine.sh(&format!("dpkg --force-confold --install {next}"));
    assert_ne!(running(machine, "otelcol"), before);
    assert_eq!(machine.sh("systemctl is-enabled otelcol"), "enabled\n");
}

fn removing_keeps_configuration_and_purging_nothing(machine: &Machine, next: &str) {
    machine.sh("touch /var/lib/otelcol/data");
    machine.sh("dpkg --remove otelcol");
    assert_eq!(machine.sh("systemctl is-active otelcol || true"), "inactive\n");
    assert_eq!(machine.sh("pgrep otelcol || true"), "");
    machine.sh("test -e /var/lib/otelcol/data -a ! -e /usr/bin/otelcol");
    assert!(machine.read("/etc/otelcol/config.yaml").ends_with("\n# Mine.\n"));
    machine.sh(&format!("dpkg --force-confold --install {next}"));
    running(machine, "otelcol");
    machine.sh("dpkg --purge otelcol");
    assert_eq!(machine.sh("getent passwd otel || getent group otel || true"), "");
    assert_eq!(machine.sh("systemctl is-active otelcol || true"), "inactive\n");
    // What dpkg logs, and the packages that this test put there, are not the package's.
    let left = "find / -xdev \\( -path /root -o -path /proc -o -path /var/log \\) -prune -o -name '*otelcol*' -print";
    assert_eq!(machine.sh(left), "");
}
