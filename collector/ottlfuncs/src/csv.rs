//! Rows of comma-separated values: `ParseCSV`.

use std::borrow::Cow;

use slimcol_ottleval::{
    Fault, Unique,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    value::Value,
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};
use slimcol_textformat::csv;

pub(super) const FUNCTIONS: &[Function] = &[converter!(
    "ParseCSV",
    [
        takes("target", Takes::Text),
        takes("header", Takes::Text),
        may_take("delimiter", Takes::LiteralText),
        may_take("header_delimiter", Takes::LiteralText),
        may_take("mode", Takes::LiteralText)
    ],
    dialect,
    parse
)];

/// The character that argument `at` is, if it is given.
fn delimiter(call: &Call, at: usize, name: &str) -> Result<Option<char>, String> {
    let Some(text) = call.literal_text(at) else { return Ok(None) };
    let mut letters = text.chars();
    let first = letters.next().filter(|_| letters.next().is_none());
    let first = first.ok_or_else(|| format!("invalid arguments: {name} must be a single character"))?;
    Ok(Some(first))
}

fn delimiters(call: &Call) -> Result<(char, char), String> {
    let own = delimiter(call, 2, "delimiter")?.unwrap_or(',');
    Ok((own, delimiter(call, 3, "header_delimiter")?.unwrap_or(own)))
}

fn dialect(call: &Call) -> Result<Ready, String> {
    delimiters(call)?;
    match call.literal_text(4) {
        None | Some("strict" | "lazyQuotes" | "ignoreQuotes") => Ok(Ready::Nothing),
        Some(mode) => Err(format!("unknown mode: {mode}")),
    }
}

fn parse(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let getting = |what, fault| Fault::new(format!("error getting value for {what} in ParseCSV: {fault}"));
    let text = args.text(0).map_err(|fault| getting("target", fault))?;
    let header = args.text(1).map_err(|fault| getting("header", fault))?;
    if header.is_empty() {
        return Err(Fault::new("headers must not be an empty string"));
    }
    let (delimiter, of_header) = delimiters(args.call).map_err(Fault::new)?;
    let fields = match args.call.literal_text(4) {
        Some("ignoreQuotes") => text.split(delimiter).map(Cow::Borrowed).collect(),
        mode => csv::read(&text, delimiter, mode == Some("lazyQuotes")).map_err(Fault::new)?,
    };
    let names = header.split(of_header);
    let expected = names.clone().count();
    if expected != fields.len() {
        let found = fields.len();
        return Err(Fault::new(format!(
            "map csv headers: wrong number of fields: expected {expected}, found {found}"
        )));
    }
    let mut pairs = Unique::default();
    for (name, field) in names.zip(&fields) {
        pairs.put(name, ValueRef::Str(field));
    }
    Ok(OwnValue::map(pairs.into_pairs()).into())
}

#[cfg(test)]
mod tests {
    use slimcol_ottleval::Kind;

    use crate::samples::value_of;

    /// The cases of the Go collector's `func_parse_csv_test.go`, and more.
    #[test]
    fn rows_become_maps() {
        for (source, expected) in [
            (r#""v1,v2,v3", "a,b,c""#, r#"{"a":"v1","b":"v2","c":"v3"}"#),
            (r#""v1\nn1,v2\nn2,v3\nn3", "a,b,c""#, r#"{"a":"v1\nn1","b":"v2\nn2","c":"v3\nn3"}"#),
            (r#""\nv1,v2,v3\n", "a,b,c""#, r#"{"a":"v1","b":"v2","c":"v3"}"#),
            (r#""v1\n,v2,v3", "a,b,c""#, r#"{"a":"v1\n","b":"v2","c":"v3"}"#),
            (r#""v1,\"v,2\",v3", "a,b,c", mode = "strict""#, r#"{"a":"v1","b":"v,2","c":"v3"}"#),
            (r#""v1\tv2", "a\tb", "\t""#, r#"{"a":"v1","b":"v2"}"#),
            (r#""v1\tv2", "a b", "\t", " ""#, r#"{"a":"v1","b":"v2"}"#),
            (r#""v1,v2,v\"al3", "a,b,c", mode = "lazyQuotes""#, r#"{"a":"v1","b":"v2","c":"v\"al3"}"#),
            (
                r#""v1,\"v2,\"v3,v4\"", "a,b,c,d", mode = "ignoreQuotes""#,
                r#"{"a":"v1","b":"\"v2","c":"\"v3","d":"v4\""}"#,
            ),
            (r#""1,2", "a,a""#, r#"{"a":"2"}"#),
            (r#""v1,v2,v3", "a,b""#, "run: map csv headers: wrong number of fields: expected 2, found 3"),
            (r#""v1", """#, "run: headers must not be an empty string"),
            (r#""", "a""#, "run: no csv lines found"),
            (
                r#""v1,v2,v\"al3", "a,b,c""#,
                "run: map csv headers: wrong number of fields: expected 3, found 2",
            ),
            (
                r#""v1,\"v2,\"v3,v4\"", "a,b,c,d", mode = "lazyQuotes""#,
                "run: map csv headers: wrong number of fields: expected 4, found 2",
            ),
            (
                r#""v\"1", "a""#,
                "run: read csv line: parse error on line 1, column 2: bare \" in non-quoted field",
            ),
            (
                "severity_number, \"a\"",
                "run: error getting value for target in ParseCSV: expected string but got int64",
            ),
            (
                "body, severity_number",
                "run: error getting value for header in ParseCSV: expected string but got int64",
            ),
            (
                r#"body, "a", "bad""#,
                "compile: couldn't create function: invalid arguments: delimiter must be a single character (at 1:1)",
            ),
            (
                r#"body, "a", ",", """#,
                "compile: couldn't create function: invalid arguments: header_delimiter must be a single character (at 1:1)",
            ),
            (r#"body, "a", mode = "fake""#, "compile: couldn't create function: unknown mode: fake (at 1:1)"),
        ] {
            assert_eq!(value_of(Kind::Log, &format!("ParseCSV({source})")), expected, "{source}");
        }
    }
}
