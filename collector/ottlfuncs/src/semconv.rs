//! The editor that names a span as the semantic conventions would.

use slimcol_ottleval::{
    Context, Fault, Field, SpanField,
    function::{Call, Function, Ready, Takes, editor, may_take, takes},
    value::{Look, Value},
};
use slimcol_pdata::view::ValueRef;

pub(super) const FUNCTIONS: &[Function] = &[editor!(
    "set_semconv_span_name",
    [takes("semconvVersion", Takes::LiteralText), may_take("originalSpanNameAttribute", Takes::LiteralText)],
    known_version,
    set_name
)];

const ATTRIBUTES: Field = Field::Span(SpanField::Attributes);
const NAME: Field = Field::Span(SpanField::Name);

fn known_version(call: &Call) -> Result<Ready, String> {
    let version = call.literal_text(0).unwrap_or_default();
    let [major, minor, patch] = parts(version)
        .ok_or_else(|| format!("failed to parse semconv version {version:?}: invalid semantic version"))?;
    // Nothing from before the first was one, and of the last it is only its first.
    let known = match minor {
        37 => patch > 0 || !version.contains('-'),
        38..43 => true,
        43 => patch == 0,
        _ => false,
    };
    if major != 1 || !known {
        return Err(format!("unsupported semconv version {version:?}: must be between 1.37.0 and 1.43.0"));
    }
    match call.literal_text(1) {
        Some("") => Err("originalSpanNameAttribute cannot be an empty string".to_owned()),
        _ => Ok(Ready::Nothing),
    }
}

/// The three numbers of a version; those that are left out are 0, and what follows them is not looked at.
fn parts(version: &str) -> Option<[u16; 3]> {
    let mut parts = [0_u16; 3];
    let (mut at, mut empty) = (0, true);
    for byte in version.strip_prefix('v').unwrap_or(version).bytes() {
        match byte {
            b'0'..=b'9' => {
                let part = parts.get_mut(at)?;
                *part = part.saturating_mul(10).saturating_add((byte - b'0').into());
                empty = false;
            }
            b'.' if !empty => (at, empty) = (at + 1, true),
            b'-' | b'+' => break,
            _ => return None,
        }
    }
    (!empty).then_some(parts)
}

fn set_name(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let Some(name) = name(on) else { return Ok(()) };
    let old = match on.get(NAME).look() {
        Look::Data(ValueRef::Str(old)) => old.to_owned(),
        _ => String::new(),
    };
    if name == old {
        return Ok(());
    }
    on.set(NAME, &Value::from(name))?;
    if let Some(key) = call.literal_text(1) {
        on.put(ATTRIBUTES, key, ValueRef::Str(&old));
    }
    Ok(())
}

/// The name by the first of the conventions for spans of that kind whose attributes are there.
fn name(of: &dyn Context) -> Option<String> {
    let Look::Data(ValueRef::Int(kind)) = of.get(Field::Span(SpanField::Kind)).look() else { return None };
    let conventions: &[fn(&dyn Context) -> Option<String>] = match kind {
        2 => &[|of| http(of, "http.route"), rpc, messaging],
        3 => &[|of| http(of, "url.template"), rpc, database, messaging],
        4 | 5 => &[messaging],
        _ => &[],
    };
    conventions.iter().find_map(|convention| full(convention(of)))
}

fn http(of: &dyn Context, subject: &str) -> Option<String> {
    let method = find(of, &["http.request.method", "http.method"])?;
    joined(Some(method), " ", find(of, &[subject]))
}

fn rpc(of: &dyn Context) -> Option<String> {
    let system = find(of, &["rpc.system.name", "rpc.system"])?;
    let service = find(of, &["rpc.service", "rpc.grpc.service"]);
    let mut method = find(of, &["rpc.method", "rpc.grpc.method"]);
    if service.is_some() && method.is_none() {
        method = Some("*".to_owned());
    }
    joined(service, "/", method).or(Some(system))
}

fn database(of: &dyn Context) -> Option<String> {
    let system = find(of, &["db.system.name", "db.system"])?;
    find(of, &["db.query.summary"]).or_else(|| {
        let operation = find(of, &["db.operation.name", "db.operation"]);
        let namespace = full(find(of, &["db.namespace", "db.name"]));
        let within = find(of, &["db.collection.name", "db.stored_procedure.name"]);
        let target = joined(namespace, ".", within).or_else(|| server(of));
        joined(full(operation), " ", full(target)).or(Some(system))
    })
}

fn messaging(of: &dyn Context) -> Option<String> {
    let system = find(of, &["messaging.system"])?;
    let operation = find(of, &["messaging.operation.name", "messaging.operation"]);
    let names = ["messaging.destination.template", "messaging.destination.name", "messaging.destination"];
    let is = |key| matches!(of.lookup(ATTRIBUTES, key), Some(ValueRef::Bool(true)));
    let destination = if is("messaging.destination.temporary") {
        Some("(temporary)".to_owned())
    } else if is("messaging.destination.anonymous") {
        Some("(anonymous)".to_owned())
    } else {
        find(of, &names).or_else(|| server(of))
    };
    joined(operation, " ", full(destination)).or(Some(system))
}

fn server(of: &dyn Context) -> Option<String> {
    let address = find(of, &["server.address"])?;
    joined(Some(address), ":", find(of, &["server.port"]))
}

/// What the first of these attributes says that is there: names changed.
fn find(of: &dyn Context, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| of.lookup(ATTRIBUTES, name)).map(|value| value.to_text().into_owned())
}

/// Both, or the one that is there.
fn joined(first: Option<String>, between: &str, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some([&first, between, &second].concat()),
        (one, other) => one.or(other),
    }
}

fn full(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
