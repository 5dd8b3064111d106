//! Ids that nothing else has: `UUID`, `UUIDv7`.

use slimcol_ottleval::function::{Function, converter};
use slimcol_service::{ordered_uuid, random_uuid};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("UUID", [], |_| Ok(random_uuid().into())),
    converter!("UUIDv7", [], |_| Ok(ordered_uuid().into())),
];

#[cfg(test)]
mod tests {
    use slimcol_ottleval::Kind;

    use crate::samples::value_of;

    #[test]
    fn are_of_their_versions() {
        for (source, expected) in [
            ("IsMatch(UUID(), \"^[0-9a-f-]{14}4[0-9a-f-]{21}$\")", "true"),
            ("IsMatch(UUIDv7(), \"^[0-9a-f-]{14}7[0-9a-f-]{21}$\")", "true"),
            (
                "UUID(1)",
                "compile: error while parsing arguments for call to \"UUID\": incorrect number of arguments. \
                 Expected: 0 Received: 1 (at 1:1)",
            ),
        ] {
            assert_eq!(value_of(Kind::Log, source), expected, "{source}");
        }
    }
}
