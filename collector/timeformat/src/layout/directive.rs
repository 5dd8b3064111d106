//! strptime's directives in Go's terms.

/// A piece of Go's layout, and the directive that it stands for, if for any.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) directive: Option<&'a str>,
}

/// A directive, what times are written with for it, and what they are read with.
type Row = (&'static str, &'static str, &'static [&'static str]);

const DATE: &[&str] = &["1", "/", "2", "/", "2006"];
const CLOCK: &[&str] = &["15", ":", "4", ":", "5"];

const DIRECTIVES: &[Row] = &[
    ("%Y", "2006", &["2006"]),
    ("%y", "06", &["06"]),
    ("%m", "01", &["1"]),
    ("%o", "_1", &["1"]),
    ("%q", "1", &["1"]),
    ("%b", "Jan", &["Jan"]),
    ("%h", "Jan", &["Jan"]),
    ("%B", "January", &["January"]),
    ("%d", "02", &["2"]),
    ("%e", "_2", &["2"]),
    ("%g", "2", &["2"]),
    ("%a", "Mon", &["Mon"]),
    ("%A", "Monday", &["Monday"]),
    ("%H", "15", &["15"]),
    ("%l", "3", &["3"]),
    ("%I", "03", &["3"]),
    ("%p", "PM", &["PM"]),
    ("%P", "pm", &["pm"]),
    ("%M", "04", &["4"]),
    ("%S", "05", &["5"]),
    ("%L", "999", &["999"]),
    ("%f", "999999", &["999999"]),
    ("%s", "999999999", &["999999999"]),
    ("%Z", "MST", &["MST"]),
    ("%z", "Z0700", &["Z0700"]),
    ("%w", "-070000", &["-070000"]),
    ("%i", "-07", &["-07"]),
    ("%j", "-07:00", &["-07:00"]),
    ("%k", "-07:00:00", &["-07:00:00"]),
    ("%D", "01/02/2006", DATE),
    ("%x", "01/02/2006", DATE),
    ("%F", "2006-01-02", &["2006", "-", "1", "-", "2"]),
    ("%T", "15:04:05", CLOCK),
    ("%X", "15:04:05", CLOCK),
    ("%r", "03:04:05 pm", &["3", ":", "4", ":", "5", " ", "pm"]),
    ("%R", "15:04", &["15", ":", "4"]),
    ("%n", "\n", &["\n"]),
    ("%t", "\t", &["\t"]),
    ("%%", "%", &["%"]),
    (
        "%c",
        "Mon Jan 02 15:04:05 2006",
        &["Mon", " ", "Jan", " ", "2", " ", "15", ":", "4", ":", "5", " ", "2006"],
    ),
];

/// Text and directives in turn. A percent sign at the end of a line is text.
fn pieces(layout: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = layout;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = rest.match_indices('%').find_map(|(at, _)| {
            let next = rest[at + 1..].chars().next().filter(|c| *c != '\n')?;
            Some((at, at + 1 + next.len_utf8()))
        });
        let (start, end) = found.unwrap_or((rest.len(), rest.len()));
        let piece = (&rest[..start], (start < end).then(|| &rest[start..end]));
        rest = &rest[end..];
        Some(piece)
    })
}

fn row(directive: &str) -> Option<&'static Row> {
    DIRECTIVES.iter().find(|(name, ..)| *name == directive)
}

fn unsupported(layout: &str) -> Option<String> {
    let unknown = |directive: &&str| row(directive).is_none();
    let say = |directive| format!("unsupported ctimefmt.toNative() directive: {directive}");
    let errors: Vec<_> =
        pieces(layout).filter_map(|(_, directive)| directive).filter(unknown).map(say).collect();
    (!errors.is_empty()).then(|| format!("[{}]", errors.join(" ")))
}

/// Says what cannot be read.
pub(super) fn validate(layout: &str) -> Result<(), String> {
    if layout.contains(|c: char| c.is_ascii_digit()) {
        return Err("format string should not contain decimals".into());
    }
    let fraction = |at: usize| matches!(layout.as_bytes().get(at + 1), Some(b'L' | b'f' | b's'));
    let bad = layout.match_indices('%').filter(|(at, _)| fraction(*at)).find_map(|(at, _)| {
        let before = layout[..at].chars().next_back().filter(|c| !matches!(c, '.' | ','))?;
        Some(&layout[at - before.len_utf8()..at + 2])
    });
    if let Some(part) = bad {
        return Err(format!(
            "invalid fractional seconds directive: '{part}'. must be preceded with '.' or ','"
        ));
    }
    unsupported(layout).map_or(Ok(()), |errors| Err(format!("invalid strptime format: {errors}")))
}

/// What a valid layout is read with.
pub(super) fn parts(layout: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (text, directive) in pieces(layout) {
        parts.push(Part { text, directive: None });
        let found = directive.and_then(row).map_or(&[][..], |(.., read)| read);
        parts.extend(found.iter().map(|text| Part { text, directive }));
    }
    parts
}

/// Go's layout that times are written with.
pub(crate) fn native(layout: &str) -> Result<String, String> {
    if let Some(errors) = unsupported(layout) {
        return Err(format!("convert to go time format: {errors}"));
    }
    let written = |(text, directive): (&str, Option<&str>)| {
        text.to_owned() + directive.and_then(row).map_or("", |(_, written, _)| written)
    };
    Ok(pieces(layout).map(written).collect())
}
