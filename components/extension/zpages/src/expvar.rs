//! `/debug/expvarz`: the process's variables as JSON, as Go's `expvar` has them.

use slimcol_service::{
    Context,
    meter::{Metric, Value},
};

use crate::pages;

/// What Go calls what the process's memory is measured by.
const MEMSTATS: [(&str, &str); 3] = [
    ("HeapAlloc", "otelcol_process_runtime_heap_alloc_bytes"),
    ("Sys", "otelcol_process_runtime_total_sys_memory_bytes"),
    ("TotalAlloc", "otelcol_process_runtime_total_alloc_bytes"),
];

/// The variables of Go's that there are, and all that is counted.
pub(crate) fn json(cx: &Context, args: impl Iterator<Item = String>) -> String {
    let metrics = cx.meters().snapshot();
    let cmdline: Vec<String> = without_values(args).iter().map(|arg| quoted(arg)).collect();
    let memstats = MEMSTATS.iter().filter_map(|(go, name)| {
        let metric = metrics.iter().find(|metric| metric.name == *name)?;
        Some(format!("{}: {}", quoted(go), number(&metric.points.first()?.value)))
    });
    let memstats: Vec<String> = memstats.collect();
    let counts: Vec<String> = metrics.iter().flat_map(counted).collect();
    format!(
        "{{\n\"cmdline\": [{}],\n\"memstats\": {{{}}},\n\"metrics\": {{\n{}\n}}\n}}\n",
        cmdline.join(", "),
        memstats.join(", "),
        counts.join(",\n")
    )
}

fn counted(metric: &Metric) -> impl Iterator<Item = String> {
    metric.points.iter().map(|point| {
        let labels = pages::labels(&point.labels);
        let name =
            if labels.is_empty() { metric.name.clone() } else { format!("{}{{{labels}}}", metric.name) };
        format!("{}: {}", quoted(&name), number(&point.value))
    })
}

fn number(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Buckets(counts, sum) => {
            format!("{{\"count\": {}, \"sum\": {sum}}}", counts.iter().sum::<u64>())
        }
    }
}

/// The command line without the values of configuration in it, which may be secrets.
fn without_values(args: impl Iterator<Item = String>) -> Vec<String> {
    let mut is_setting = false;
    let hide = |arg: String| {
        let (flag, value) = match arg.strip_prefix("--") {
            Some(_) if !is_setting => arg.split_once('=').map_or((arg.as_str(), None), |(f, v)| (f, Some(v))),
            _ => ("", Some(arg.as_str())),
        };
        let sets = is_setting || flag == "--set";
        is_setting = flag == "--set" && value.is_none();
        let Some(value) = value else { return arg };
        let start = if flag.is_empty() { String::new() } else { format!("{flag}=") };
        match value.split_once('=') {
            Some((key, _)) if sets => format!("{start}{key}=[REDACTED]"),
            _ if value.starts_with("yaml:") => format!("{start}yaml:[REDACTED]"),
            _ => arg,
        }
    };
    args.map(hide).collect()
}

/// A hexadecimal digit.
fn digit(of: u32) -> char {
    char::from_digit(of, 16).unwrap_or_default()
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c < ' ' => {
                json.extend(['\\', 'u', '0', '0', digit(u32::from(c) >> 4), digit(u32::from(c) & 15)]);
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_on_the_command_line_stays_secret() {
        let args = [
            "otelcol",
            "--config",
            "file:a=b.yaml",
            "--set",
            "a.token=x=y",
            "--set=b=z",
            "--config=yaml:c: s",
            "yaml:d: s",
        ];
        assert_eq!(
            without_values(args.map(str::to_owned).into_iter()),
            [
                "otelcol",
                "--config",
                "file:a=b.yaml",
                "--set",
                "a.token=[REDACTED]",
                "--set=b=[REDACTED]",
                "--config=yaml:[REDACTED]",
                "yaml:[REDACTED]"
            ]
        );
    }

    #[test]
    fn strings_are_json() {
        assert_eq!(quoted("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
    }
}
