//! The `.rpm`.

use std::{process::Command, time::Duration};

use crate::kit::{command::run, packages};

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
