//! Statuses as JSON, as Go's extension writes it.

use std::{fmt::Write, time::Instant};

use slimcol_service::{Utc, json_string};

use crate::{aggregate::Aggregate, verdict::Verdict};

/// How something is; with all that it consists of if asked to be `verbose`.
pub(crate) fn document(
    of: &Aggregate,
    started: Utc,
    verdict: Verdict,
    now: Instant,
    verbose: bool,
) -> String {
    let mut to = format!("{{\"start_time\":\"{started}\",");
    rest(&mut to, of, verdict, now, verbose);
    to
}

fn rest(to: &mut String, of: &Aggregate, verdict: Verdict, now: Instant, verbose: bool) {
    let event = &of.event;
    let (healthy, status) = (verdict.healthy(event, now), event.status.as_str());
    // Writing to a `String` cannot fail.
    let _ = write!(to, "\"healthy\":{healthy},\"status\":\"{status}\"");
    if let Some(error) = &event.error {
        to.push_str(",\"error\":");
        json_string(to, error);
    }
    let _ = write!(to, ",\"status_time\":\"{}\",\"attributes\":{{}}", Utc::from(event.at));
    if verbose && !of.parts.is_empty() {
        to.push_str(",\"components\":");
        for (i, (name, part)) in of.parts.iter().enumerate() {
            to.push(if i == 0 { '{' } else { ',' });
            json_string(to, name);
            to.push_str(":{");
            rest(to, part, verdict, now, verbose);
        }
        to.push('}');
    }
    to.push('}');
}
