//! What functions say of arguments that they cannot take.

use slimcol_ottleval::Kind;

use crate::samples::{after, value_of};

/// Expressions, and why they have no value.
const CONVERTERS: &[(&str, &str)] = &[
    (
        "ParseKeyValue(\"a\", \"\", \"&\")",
        "compile: couldn't create function: delimiter cannot be set to an empty string (at 1:1)",
    ),
    (
        "ParseKeyValue(\"a\", \"=\", \"\")",
        "compile: couldn't create function: pair delimiter cannot be set to an empty string (at 1:1)",
    ),
    (
        "Len(attributes[\"total\"])",
        "run: Len: unsupported target type int64. target arg must be of type string, []any, pcommon.Map, pcommon.Slice or a \
         list of telemetry",
    ),
    ("IsValidLuhn(nil)", "run: invalid input: <nil>"),
    ("Log(nil)", "run: invalid input: <nil>"),
    ("ParseInt(\"1\", 1 - 6)", "run: invalid base value: -5 for ParseInt function, base cannot be negative"),
    ("ParseInt(\"1\", 1)", "run: strconv.ParseInt: parsing \"1\": invalid base 1"),
    ("ParseInt(\"1\", 37)", "run: strconv.ParseInt: parsing \"1\": invalid base 37"),
    ("ParseSeverity(1, {\"error\": [1]})", "run: severity mapping criteria items must be map[string]any"),
    (
        "ParseSeverity(1, {\"error\": [{\"equals\": 1}]})",
        "run: invalid severity mapping criteria: equals must be a list",
    ),
    (
        "ParseSeverity(\"x\", {\"error\": [{\"equals\": [1]}]})",
        "run: invalid severity mapping criteria: equals values must be strings",
    ),
    (
        "ParseSeverity(1, {\"error\": [{\"range\": 5}]})",
        "run: invalid severity mapping criteria: range must be a map or a known placeholder string",
    ),
    (
        "ParseSeverity(1, {\"error\": [{\"range\": {\"min\": \"a\", \"max\": 5}}]})",
        "run: invalid severity mapping criteria: min must be an int64",
    ),
    ("Now() - 1", "run: time.Time or time.Duration must be subtracted from time.Time; found 1 instead"),
    (
        "Duration(\"1s\") + 1",
        "run: time.Duration must be added to time.Duration or time.Time; found 1 instead",
    ),
];

/// Statements, and why they do nothing.
const EDITORS: &[(&str, &str)] = &[
    ("append(severity_number, \"a\")", "run: expects int64 but got pcommon.Slice"),
    ("set(attributes[\"a\"], nope)", "compile: segment \"nope\" from path \"nope\" is not a valid path"),
];

#[test]
fn arguments_are_refused_with_their_reasons() {
    let converters = CONVERTERS.iter().map(|(source, want)| (*source, *want, value_of(Kind::Log, source)));
    let editors = EDITORS.iter().map(|(source, want)| (*source, *want, after(Kind::Log, source, "body")));
    let wrong: Vec<_> = converters
        .chain(editors)
        .filter(|(_, want, got)| !got.starts_with(want))
        .map(|(source, want, got)| format!("{source}: {got}, not {want}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
