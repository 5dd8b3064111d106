//! What an owner's folder is called: as the Go collector calls the owner's file.

use slimcol_service::Owner;

/// The longest name that every file system takes, less what is put behind it.
const LONGEST: usize = 240;

/// `exporter_otlp_backend_traces` for the traces of the exporter `otlp/backend`.
pub(crate) fn name(owner: &Owner) -> String {
    let (kind, name) = owner.id.split_once('/').unwrap_or((&owner.id, ""));
    let mut raw = format!("{}_{}_{}", owner.kind, kind.trim(), name.trim());
    if !owner.part.is_empty() {
        raw = format!("{raw}_{}", owner.part);
    }
    let mut safe = String::new();
    for letter in raw.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_') {
            safe.push(letter);
        } else {
            safe = format!("{safe}~{:04X}", u32::from(letter));
        }
    }
    if safe.len() > LONGEST {
        // What is cut off still tells two owners apart.
        safe.truncate(LONGEST - 9);
        safe = format!("{safe}~{:08x}", crc32fast::hash(raw.as_bytes()));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, part: &str) -> String {
        name(&Owner { kind: "exporter", id: id.to_owned(), part: part.to_owned() })
    }

    #[test]
    fn names_are_go_s() {
        assert_eq!(of("otlp", "traces"), "exporter_otlp__traces");
        assert_eq!(of("otlp/backend", "logs"), "exporter_otlp_backend_logs");
        assert_eq!(of("otlp/a/b~ü", ""), "exporter_otlp_a~002Fb~007E~00FC");
    }

    #[test]
    fn long_names_are_cut_and_still_differ() {
        let (one, other) = (of("otlp", &"x".repeat(300)), of("otlp", &"x".repeat(301)));
        assert_eq!((one.len(), other.len()), (LONGEST, LONGEST));
        assert_ne!(one, other);
    }
}
