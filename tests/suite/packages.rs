//! The packages on a machine with systemd: installed, upgraded, removed, purged.

mod archive;
mod deb;
mod rpm;

use std::fs;

use crate::kit::{distros::root, machine::Machine, packages};

/// The health check's answer, asked for with what every machine has.
const HEALTHY: &str = "bash -c 'exec 3<>/dev/tcp/127.0.0.1/13133; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3' | grep -o 'HTTP/1.. 200'";

#[test]
fn the_same_manifest_gives_the_same_packages_anywhere() {
    let first = packages::otlp();
    let folder = tempfile::tempdir().unwrap();
    let second = packages::make(&root().join("manifests/otlp.yaml"), folder.path());
    let files = |it: &packages::Packages| [&it.deb, &it.rpm, &it.archive].map(|file| fs::read(file).unwrap());
    assert!(files(first) == files(&second));
}

/// Waits until the service answers, and gives its process's number on the machine.
fn running(machine: &Machine, service: &str) -> u32 {
    machine.eventually(HEALTHY);
    assert_eq!(machine.sh(&format!("systemctl is-active {service}")), "active\n");
    machine.sh(&format!("systemctl show --property MainPID --value {service}")).trim().parse().unwrap()
}
