//! A tour as a script.

use std::{collections::BTreeMap, fmt::Write as _};

use super::Step;

/// What no command prints: it begins a line that says which step begins.
const MARK: char = '\u{1e}';

/// Stops the last command once it has printed a text, and expects it to end well. It has a network of its own, in which no port
/// is taken; perl, which every Debian has, turns its loopback interface on (`SIOCSIFFLAGS` with `IFF_UP`).
const UNTIL: &str = r#"
readonly LOOPBACK='socket(S, 2, 2, 0) and ioctl(S, 0x8914, pack("a16s", "lo", 1)) or die $!'
until_printed() {
  local text=$1 log process
  log=$(mktemp)
  unshare --net bash -c "perl -e '$LOOPBACK'; exec $2" >"$log" 2>&1 &
  process=$!
  for _ in $(seq 600); do
    if grep -qF -- "$text" "$log"; then
      kill -TERM "$process"
      wait "$process" && return
      cat "$log"
      return 1
    fi
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log"
  kill -KILL "$process" 2>/dev/null
  return 1
}
"#;

/// The script: one shell for all, as a reader has one.
pub(super) fn of(steps: &[Step]) -> String {
    let mut script = format!("set -euo pipefail\nexec 2>&1 </dev/null\n{UNTIL}");
    for (number, step) in steps.iter().enumerate() {
        // Writing to a String cannot fail.
        _ = writeln!(script, "printf '\\036{number}\\n'");
        match step {
            Step::File(path, text) => {
                _ = writeln!(script, "cat > '{path}' <<'END OF THE FILE'\n{text}END OF THE FILE");
            }
            Step::Run(commands) => script.push_str(commands),
            Step::Until(commands, text) => {
                let (before, last) =
                    commands.trim_end().rsplit_once('\n').unwrap_or(("", commands.trim_end()));
                _ = writeln!(script, "{before}\nuntil_printed {} {}", quoted(text), quoted(last));
            }
            Step::Prints(command, _) => _ = writeln!(script, "{{ {command}\n}} || true"),
        }
    }
    script
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What each step printed.
pub(super) fn parts(printed: &str) -> BTreeMap<usize, String> {
    let parts = printed.split(MARK).skip(1).filter_map(|part| {
        let (number, text) = part.split_once('\n')?;
        Some((number.parse().ok()?, text.to_owned()))
    });
    parts.collect()
}
