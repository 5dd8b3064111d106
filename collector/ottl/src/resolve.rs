//! What paths lead to.

mod sender;

use slimcol_ottleval::{Field, Kind, SENDER};

use crate::{
    ast::{Field as Segment, Key, Path},
    parser::plain,
};

/// The names that paths may begin with, each with `rest` behind it.
fn names(kind: Kind, rest: &str) -> String {
    let mut names = Vec::new();
    for kind in kind.visible() {
        if *kind == Kind::Scope {
            names.push(format!("\"instrumentation_scope{rest}\""));
        }
        names.push(format!("\"{}{rest}\"", kind.name()));
    }
    names.push(format!("\"{SENDER}{rest}\""));
    names.join(", ")
}

/// Where the Go collector's documentation lists the paths.
fn reference(name: &str) -> String {
    format!(
        "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottl{name}"
    )
}

/// What `path` leads to in statements about `context`, and the keys behind it. With `prefixed`, it has to begin with a context's name.
pub(crate) fn resolve(context: Kind, path: &Path, prefixed: bool) -> Result<(Field, &[Key]), String> {
    let whole = full(path);
    let first = &path.fields[0];
    let plain = first.keys.is_empty();
    let mut fields = &path.fields[..];
    let mut kind = context;
    let mut sender = false;
    match context.named(&first.name).filter(|_| plain && fields.len() > 1) {
        Some(named) => {
            kind = named;
            fields = &fields[1..];
        }
        None if plain && fields.len() > 1 && first.name == SENDER => {
            sender = true;
            fields = &fields[1..];
        }
        None if prefixed && plain && fields.len() > 1 => {
            let name = &first.name;
            let names = names(context, "");
            return Err(format!(
                "context \"{name}\" from path \"{whole}\" is not valid, it must be replaced by one of: {names}"
            ));
        }
        None if prefixed => {
            let names = names(context, &format!(".{whole}"));
            return Err(format!(
                "missing context name for path \"{whole}\", possibly valid options are: {names}"
            ));
        }
        None => {}
    }
    let found =
        if sender { sender::find(context, fields, &whole) } else { find(kind, context, fields, &whole) };
    let (field, used) = found?;
    for (at, segment) in fields.iter().enumerate() {
        if at > used {
            return Err(format!(
                "the path section {:?} was not used by the context - \
                 this likely means you are using extra path sections",
                segment.name
            ));
        }
        let indexable = at == used && field.indexable();
        if !indexable && !segment.keys.is_empty() {
            return Err(format!(
                "the keys indexing {:?} were not used by the context - \
                 this likely means you are trying to index a path that does not support indexing",
                segment.name
            ));
        }
    }
    Ok((field, &fields[used].keys))
}

/// The field that `fields` begin with, and which of them is its last.
fn find(kind: Kind, own: Kind, fields: &[Segment], whole: &str) -> Result<(Field, usize), String> {
    let name = &fields[0].name;
    if name == "cache" {
        if kind == own {
            return Ok((Field::Cache, 0));
        }
        return Err(no_cache(own, kind.name(), whole));
    }
    let get = |name: &str| kind.table().iter().find(|(own, _)| *own == name).map(|(_, field)| *field);
    let unknown = |segment: &str| unknown(segment, whole, kind.name());
    if let Some(second) = fields.get(1) {
        let prefix = format!("{name}.");
        if let Some(field) = get(&format!("{prefix}{}", second.name)) {
            return Ok((field, 1));
        }
        if kind.table().iter().any(|(own, _)| own.starts_with(&prefix)) {
            return Err(unknown(&second.name));
        }
    }
    Ok((get(name).ok_or_else(|| unknown(name))?, 0))
}

fn unknown(segment: &str, whole: &str, context: &str) -> String {
    format!(
        "segment {segment:?} from path {whole:?} is not a valid path nor a valid OTTL keyword \
         for the {context} context - review {} to see all valid paths",
        reference(context)
    )
}

/// The scratch map is that of the statements' own context.
fn no_cache(own: Kind, upper: &str, whole: &str) -> String {
    let lower = own.name();
    let better = whole.replacen(&format!("{upper}."), &format!("{lower}."), 1);
    format!(
        "access to cache must be performed using the same context, please replace {whole:?} with {better:?}"
    )
}

/// A path as the Go collector prints it.
fn full(path: &Path) -> String {
    let segments: Vec<_> =
        path.fields.iter().map(|field| format!("{}{}", field.name, plain(&field.keys))).collect();
    segments.join(".")
}
