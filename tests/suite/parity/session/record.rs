//! Writing outcomes into the files of cases, with `SLIMCOL_BLESS`.

use std::fs;

use super::case::{Case, OUTCOME, Outcome, Session};

/// Writes what ours does where that is on purpose another thing than what Go does.
pub(super) fn ours(session: &Session, outcomes: &[Outcome]) {
    write(session, outcomes, |case| (case.differs || case.gos.is_none()).then_some(""));
}

/// Writes what a live Go collector does.
pub(super) fn gos(session: &Session, outcomes: &[Outcome]) {
    write(session, outcomes, |case| case.gos.as_ref().map(|_| if case.differs { "go-" } else { "" }));
}

/// Replaces the outcomes of cases by those whose keys have the prefix, if any.
fn write(session: &Session, outcomes: &[Outcome], prefix: impl Fn(&Case) -> Option<&'static str>) {
    let text = fs::read_to_string(&session.path).unwrap();
    let mut parts = text.split("\n## ");
    let mut written = parts.next().unwrap().to_owned();
    for ((part, case), outcome) in parts.zip(&session.cases).zip(outcomes) {
        let part = match prefix(case) {
            Some(prefix) => replaced(part, prefix, outcome),
            None => part.to_owned(),
        };
        written = format!("{written}\n## {part}");
    }
    fs::write(&session.path, written).unwrap();
}

fn replaced(part: &str, prefix: &str, outcome: &Outcome) -> String {
    let mut kept = String::new();
    let mut dropping = false;
    let mut done = false;
    for (i, line) in part.lines().enumerate() {
        if i > 0 && !line.starts_with("  ") {
            let key = line.split(':').next().unwrap_or_default();
            dropping = key.strip_prefix(prefix).is_some_and(|key| OUTCOME.contains(&key));
            // Where the first of them was, or else before the source.
            if !done && (dropping || key == "source") {
                done = true;
                for (key, value) in outcome {
                    let value = value.replace('\n', "\n  ");
                    let value =
                        if value.contains('\n') { format!("\n  {value}") } else { format!(" {value}") };
                    kept = format!("{kept}{prefix}{key}:{}\n", value.trim_end());
                }
            }
        }
        if !dropping {
            kept = format!("{kept}{line}\n");
        }
    }
    if part.ends_with('\n') { kept } else { kept.trim_end_matches('\n').to_owned() }
}
