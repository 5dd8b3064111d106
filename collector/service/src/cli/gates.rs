//! Feature gates: the Go collector's are known by name, so that command lines written for it still start.

/// A gate of the Go collector.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) id: &'static str,
    /// Beta ones are on unless switched off, alpha ones off unless switched on.
    pub(crate) beta: bool,
    pub(crate) since: &'static str,
    pub(crate) about: &'static str,
}

const fn gate(id: &'static str, beta: bool, since: &'static str, about: &'static str) -> Gate {
    Gate { id, beta, since, about }
}

/// All that are known, by id.
pub(crate) static GATES: [Gate; 14] = [
    gate(
        "confmap.enableMergeAppendOption",
        false,
        "v0.120.0",
        "Combines lists when resolving configs from different sources. This feature gate will not be stabilized 'as is'; \
         the current behavior will remain the default.",
    ),
    gate(
        "exporter.file.nativeCompression",
        false,
        "v0.154.0",
        "Use native file-level compression (zstd) instead of message-level compression. Creates standard .zst files \
         compatible with standard decompression tools",
    ),
    gate(
        "ottl.contexts.enableOTelColContext",
        true,
        "v0.147.0",
        "Enable the `otelcol` context for OTTL. This allows users using `otelcol.*` paths in their OTTL statements and \
         conditions.",
    ),
    gate(
        "ottl.functions.enableLambda",
        false,
        "v0.155.0",
        "Allow OTTL functions to take lambda arguments. When disabled, lambda arguments are rejected.",
    ),
    gate(
        "ottl.set.allowNil",
        false,
        "v0.158.0",
        "When enabled, the set function passes nil values directly to the target.",
    ),
    gate(
        "pdata.useProtoPooling",
        false,
        "v0.133.0",
        "When enabled, enable using local memory pools for underlying data that the pdata messages are pushed to.",
    ),
    gate(
        "pkg.confighttp.PrioritizeNewKeepalive",
        true,
        "v0.162.0",
        "When enabled, the Keepalive configuration is prioritized over the deprecated configuration fields.",
    ),
    gate(
        "pkg.exporterhelper.queueBatchEnabled",
        false,
        "v0.158.0",
        "Enables exporterhelper batching by default in NewDefaultQueueConfig, as described in the batching migration RFC.",
    ),
    gate(
        "receiverhelper.newReceiverMetrics",
        false,
        "v0.138.0",
        "Controls whether receivers emit new metrics and span attributes to distinguish downstream errors from internal \
         errors. This is a breaking change for the semantics of the otelcol_receiver_refused_metric_points,  \
         otelcol_receiver_refused_log_records and otelcol_receiver_refused_spans.",
    ),
    gate(
        "service.AllowNoPipelines",
        false,
        "v0.122.0",
        "Allow starting the Collector without starting any pipelines.",
    ),
    gate(
        "service.partialReload",
        false,
        "v0.157.0",
        "Controls whether configuration changes trigger a partial reload that rebuilds only the affected components.",
    ),
    gate(
        "service.partialReloadReceivers",
        true,
        "v0.157.0",
        "Controls whether receiver-only configuration changes restart only the receivers.",
    ),
    gate("service.profilesSupport", false, "v0.112.0", "Controls whether profiles support can be enabled"),
    gate(
        "telemetry.newPipelineTelemetry",
        false,
        "v0.123.0",
        "Injects component-identifying scope attributes in internal Collector metrics",
    ),
];

impl Gate {
    pub(crate) fn stage(&self) -> &'static str {
        if self.beta { "Beta" } else { "Alpha" }
    }
}

/// Whether the gate `id` is beta, for the compiler, who has no iterators and compares no texts.
pub(crate) const fn is_beta(id: &str) -> bool {
    let mut gate = 0;
    while gate < GATES.len() {
        if is_same(GATES[gate].id.as_bytes(), id.as_bytes()) {
            return GATES[gate].beta;
        }
        gate += 1;
    }
    panic!("no such feature gate")
}

const fn is_same(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b)
        && *x == *y
    {
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.is_empty() && b.is_empty()
}

/// The ids of all gates.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    GATES.iter().map(|gate| gate.id)
}

/// What there is to say of the gate `id`, or the table of all; in the Go collector's words, `v<nil>` included.
pub(super) fn describe(id: Option<&str>) -> Result<String, String> {
    let Some(id) = id else {
        let width = ids().map(str::len).max().unwrap_or_default();
        let row = |id: &str, on: &str, stage: &str, about: &str| {
            format!("{id:width$}  {on:7}  {stage:5}  {about}\n")
        };
        let rows = GATES.iter().map(|g| row(g.id, if g.beta { "true" } else { "false" }, g.stage(), g.about));
        return Ok(row("ID", "Enabled", "Stage", "Description") + &rows.collect::<String>());
    };
    let gate =
        GATES.iter().find(|gate| gate.id == id).ok_or_else(|| format!("feature \"{id}\" not found"))?;
    let Gate { id, beta, since, about } = gate;
    Ok(format!(
        "Feature: {id}\nEnabled: {beta}\nStage: {}\nDescription: {about}\nFrom Version: {since}\nTo Version: v<nil>\n",
        gate.stage()
    ))
}

/// Parses a value of `--feature-gates`: gates separated by commas, `-` before one that shall be off, `+` or nothing
/// before one that shall be on. The error is the Go collector's, for all unknown gates at once.
pub(super) fn parse(value: &str) -> Result<Vec<(&'static str, bool)>, String> {
    let mut wanted = Vec::new();
    let mut problems = Vec::new();
    for (i, gate) in value.split(',').enumerate().filter(|_| !value.is_empty()) {
        let (name, on) = match gate.strip_prefix('-') {
            Some(name) => (name, false),
            None => (gate.strip_prefix('+').unwrap_or(gate), true),
        };
        if gate.is_empty() {
            problems.push(format!("empty feature gate identifier at index {i}"));
        } else if let Some(known) = ids().find(|known| *known == name) {
            wanted.push((known, on));
        } else {
            let valid = ids().collect::<Vec<_>>().join(" ");
            problems.push(format!("no such feature gate \"{name}\". valid gates: [{valid}]"));
        }
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems.join("; ")) }
}

/// Turns the gates that change something.
pub(super) fn turn(wanted: &[(&'static str, bool)]) {
    for (id, on) in wanted {
        if let Some(switch) = crate::gates::find(id) {
            switch.turn(*on);
        }
    }
}

/// The gates that were set to something other than what this collector does anyway: their users should know that nothing
/// comes of it.
pub(super) fn without_effect(wanted: &[(&'static str, bool)]) -> Vec<&'static str> {
    let idle = |&&(id, on): &&(&str, bool)| {
        crate::gates::find(id).is_none() && GATES.iter().any(|gate| gate.id == id && gate.beta != on)
    };
    wanted.iter().filter(idle).map(|gate| gate.0).collect()
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
        let list = ids().collect::<Vec<_>>().join(" ");
        assert_eq!(
            text,
            format!(
                "no such feature gate \"nope\". valid gates: [{list}]; no such feature gate \"bar\". valid gates: [{list}]"
            )
        );
        assert!(ids().is_sorted());
    }

    #[test]
    fn switches_begin_as_the_table_says() {
        // One begins with another, whose stage is not its own.
        for gate in &GATES {
            assert_eq!(is_beta(gate.id), gate.beta, "{}", gate.id);
        }
        let on = ids().filter_map(crate::gates::find).filter(|switch| switch.is_on()).count();
        assert_eq!(on, 1);
        assert!(crate::gates::OTTL_OTELCOL.is_on());
    }

    #[test]
    fn what_is_the_default_anyway_has_its_effect() {
        let wanted = [("service.partialReloadReceivers", true), ("service.partialReload", true)];
        assert_eq!(without_effect(&wanted), ["service.partialReload"]);
        assert!(without_effect(&[("ottl.functions.enableLambda", true)]).is_empty());
    }
}
