//! Feature gates: the Go collector's are known by name, so that command lines written for it still start.

/// A gate of the Go collector and whether it is on there. Sorted by name.
const GATES: [(&str, bool); 11] = [
    ("confmap.enableMergeAppendOption", false),
    ("exporter.file.nativeCompression", false),
    ("pdata.useProtoPooling", false),
    ("pkg.confighttp.PrioritizeNewKeepalive", true),
    ("pkg.exporterhelper.queueBatchEnabled", false),
    ("receiverhelper.newReceiverMetrics", false),
    ("service.AllowNoPipelines", false),
    ("service.partialReload", false),
    ("service.partialReloadReceivers", true),
    ("service.profilesSupport", false),
    ("telemetry.newPipelineTelemetry", false),
];

/// Parses a value of `--feature-gates`: gates separated by commas, `-` before one that shall be off, `+` or nothing
/// before one that shall be on. The error is the Go collector's, for all unknown gates at once.
pub(super) fn parse(value: &str) -> Result<Vec<(&'static str, bool)>, String> {
    let mut wanted = Vec::new();
    let mut problems = Vec::new();
    for gate in value.split(',').filter(|gate| !gate.is_empty()) {
        let (name, on) = match gate.strip_prefix('-') {
            Some(name) => (name, false),
            None => (gate.strip_prefix('+').unwrap_or(gate), true),
        };
        if let Some(known) = GATES.iter().find(|known| known.0 == name) {
            wanted.push((known.0, on));
        } else {
            let valid = GATES.map(|known| known.0).join(" ");
            problems.push(format!("no such feature gate \"{name}\". valid gates: [{valid}]"));
        }
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems.join("; ")) }
}

/// The gates that were set to something other than what this collector does anyway: their users should know that nothing
/// comes of it.
pub(super) fn without_effect(wanted: &[(&'static str, bool)]) -> Vec<&'static str> {
    wanted.iter().filter(|gate| !GATES.contains(gate)).map(|gate| gate.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_lists() {
        assert_eq!(
            parse("service.AllowNoPipelines,-service.partialReloadReceivers,+service.partialReload"),
            Ok(vec![
                ("service.AllowNoPipelines", true),
                ("service.partialReloadReceivers", false),
                ("service.partialReload", true)
            ])
        );
        assert_eq!(parse(""), Ok(vec![]));
    }

    #[test]
    fn all_unknown_gates_are_named() {
        let text = parse("nope,service.partialReload,bar").unwrap_err();
        let list = GATES.map(|gate| gate.0).join(" ");
        assert_eq!(
            text,
            format!(
                "no such feature gate \"nope\". valid gates: [{list}]; no such feature gate \"bar\". valid gates: [{list}]"
            )
        );
        assert!(GATES.is_sorted());
    }

    #[test]
    fn what_is_the_default_anyway_has_its_effect() {
        let wanted = [("service.partialReloadReceivers", true), ("service.partialReload", true)];
        assert_eq!(without_effect(&wanted), ["service.partialReload"]);
    }
}
