//! How large a binary may be.

use std::{fmt, str::FromStr};

use super::{Report, measure, thousands};
use crate::{
    distro::{Binary, Written},
    error::Error,
    report::megabytes,
};

/// How many components and crates are named when a binary is too big.
const NAMED: usize = 5;

/// A number of bytes as it was written (`4MB`, `3900 KiB`, `4000000`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// The number.
    pub(crate) bytes: u64,
    written: String,
}

/// What sizes are counted in.
const UNITS: [(&str, u64); 7] = [
    ("", 1),
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let wrong = || format!("`{text}` is not a size: write a number and `kB`, `MB`, `KiB` or `MiB`");
        let factor = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()));
        let (_, factor) = factor.ok_or_else(wrong)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction =
            if number.contains('.') && fraction.is_empty() { return Err(wrong()) } else { fraction };
        let digits = |text: &str| text.replace('_', "").parse::<u64>().map_err(|_| wrong());
        let mut bytes = digits(whole)?.checked_mul(*factor).ok_or_else(wrong)?;
        if !fraction.is_empty() {
            // What is less than a byte is nothing.
            let scale = u32::try_from(fraction.len()).ok().and_then(|length| 10_u64.checked_pow(length));
            let part = digits(fraction)?.checked_mul(*factor).ok_or_else(wrong)?;
            bytes += part / scale.ok_or_else(wrong)?;
        }
        if bytes == 0 {
            return Err(format!("`{text}` is nothing: no binary is that small"));
        }
        Ok(Self { bytes, written: text.to_owned() })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Refuses a binary that is larger than what the command line says, or else the manifest, and says who is to blame.
pub(crate) fn check(written: &Written, binary: &Binary) -> Result<(), Error> {
    let plan = &written.prepared.plan;
    let Some(too_big) = exceeded(&plan.name, binary.data.len() as u64, limit(written)) else { return Ok(()) };
    // Where it cannot be told what is in the binary, it is too big all the same.
    let offenders = measure(written, binary).map_or_else(|error| error.chain(), |report| offenders(&report));
    Err(Error::TooBig(format!("{too_big}; it was not put in place\n{offenders}")))
}

/// What there is to say of a distribution's binary of `bytes`, if it is larger than `limit`.
pub(crate) fn exceeded(name: &str, bytes: u64, limit: Option<&Size>) -> Option<String> {
    let limit = limit.filter(|limit| bytes > limit.bytes)?;
    let (over, megabytes, thousands) = (thousands(bytes - limit.bytes), megabytes(bytes), thousands(bytes));
    Some(format!("`{name}` has {thousands} bytes ({megabytes}), {over} more than its limit of {limit}"))
}

/// The limit that is in force.
pub(crate) fn limit(written: &Written) -> Option<&Size> {
    let prepared = &written.prepared;
    prepared.request.max_size.as_ref().or(prepared.manifest.dist.max_size.as_ref())
}

/// Who is to blame.
fn offenders(report: &Report) -> String {
    let line = |bytes: u64, what: &str| format!("  {:>11}  {what}\n", thousands(bytes));
    let components = report.components.iter().filter(|component| component.bytes() > 0).take(NAMED);
    let components: String = components.map(|component| line(component.bytes(), &component.id)).collect();
    let crates = report.crates.iter().take(NAMED);
    let crates: String =
        crates.map(|share| line(share.bytes(), &format!("{} ({})", share.label(), share.holder))).collect();
    format!(
        "with a component would go:\n{components}the largest crates are:\n{crates}`slimcol size` shows all of it, and \
         `slimcol why CRATE` which components want a crate"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_or_binary() {
        for (text, bytes) in [
            ("4MB", 4_000_000),
            ("4 mb", 4_000_000),
            ("3.95MB", 3_950_000),
            ("3900 KiB", 3_993_600),
            ("3.8 MiB", 3_984_588),
            ("4000000", 4_000_000),
            ("4_000_000 B", 4_000_000),
            ("0.5 kB", 500),
        ] {
            let size: Size = text.parse().unwrap();
            assert_eq!((size.bytes, &*size.to_string()), (bytes, text));
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "MB", "4 M", "4.MB", "-4MB", "four", "1..2 MB", "99999999999999 GB", "1e6"] {
            let error = text.parse::<Size>().unwrap_err();
            assert!(error.contains("is not a size: write a number and `kB`"), "{text}: {error}");
        }
        assert_eq!("0".parse::<Size>().unwrap_err(), "`0` is nothing: no binary is that small");
    }
}
