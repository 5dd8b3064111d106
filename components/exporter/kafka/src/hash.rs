//! What a resource's attributes come to as a key, the same as in Go (`pdatautil.MapHash`), so that collectors of both kinds send a
//! resource to one partition.

use std::collections::BTreeMap;

use slimcol_pdata::view::{Attributes, ValueRef};
use twox_hash::XxHash64;

/// Sixteen bytes; zeros for no attributes.
pub(crate) fn hash(attributes: Attributes<'_>) -> [u8; 16] {
    let mut bytes = Vec::new();
    map(attributes, &mut bytes);
    if bytes.is_empty() {
        return [0; 16];
    }
    let low = XxHash64::oneshot(0, &bytes).to_le_bytes();
    bytes.push(0xf3);
    let high = XxHash64::oneshot(0, &bytes).to_le_bytes();
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&low);
    hash[8..].copy_from_slice(&high);
    hash
}

/// Keys in order. Of several values of one key Go sees the first, once for each.
fn map(attributes: Attributes<'_>, to: &mut Vec<u8>) {
    let mut sorted: BTreeMap<&str, (ValueRef<'_>, usize)> = BTreeMap::new();
    for (key, own) in attributes {
        sorted.entry(key).or_insert((own, 0)).1 += 1;
    }
    for (key, (own, times)) in sorted {
        for _ in 0..times {
            to.push(0xf4);
            to.extend_from_slice(key.as_bytes());
            value(own, to);
        }
    }
}

fn value(of: ValueRef<'_>, to: &mut Vec<u8>) {
    match of {
        ValueRef::Empty => to.push(0xf5),
        ValueRef::Bytes(bytes) => {
            to.push(0xf6);
            to.extend_from_slice(bytes);
        }
        ValueRef::Str(text) => {
            to.push(0xf7);
            to.extend_from_slice(text.as_bytes());
        }
        ValueRef::Bool(is) => to.push(if is { 0xf8 } else { 0xf9 }),
        ValueRef::Int(number) => {
            to.push(0xfa);
            to.extend_from_slice(&number.to_le_bytes());
        }
        ValueRef::Double(number) => {
            to.push(0xfb);
            to.extend_from_slice(&number.to_bits().to_le_bytes());
        }
        ValueRef::Map(pairs) => {
            to.push(0xfc);
            map(pairs, to);
            to.push(0xfd);
        }
        ValueRef::Array(values) => {
            to.push(0xfe);
            for one in values.iter() {
                value(one, to);
            }
            to.push(0xff);
        }
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{Data, Signal};

    /// What `pdatautil.MapHash` of version 0.159 gives.
    #[test]
    fn keys_are_gos() {
        for (attributes, hash) in [
            ("", "00000000000000000000000000000000"),
            (r#"{"key":"service.name","value":{"stringValue":"shop"}}"#, "447192a5374af81ba8c2f432fbb1f6ca"),
            (
                r#"{"key":"service.name","value":{"stringValue":"shop"}},{"key":"b","value":{"intValue":"-7"}},
                {"key":"a","value":{"doubleValue":1.5}},{"key":"t","value":{"boolValue":true}},{"key":"f","value":{"boolValue":false}},
                {"key":"e","value":{}},{"key":"y","value":{"bytesValue":"AQI="}},
                {"key":"s","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"}]}}},
                {"key":"m","value":{"kvlistValue":{"values":[{"key":"z","value":{"stringValue":"1"}},{"key":"k","value":{"stringValue":"2"}}]}}}"#,
                "1dce8c4ee885eed3b125fcfa2261f91b",
            ),
        ] {
            let json = format!(
                r#"{{"resourceLogs":[{{"resource":{{"attributes":[{attributes}]}},"scopeLogs":[{{"logRecords":[{{}}]}}]}}]}}"#
            );
            let data = Data::from_json(Signal::Logs, json.as_bytes()).unwrap();
            let own = super::hash(data.resources().next().unwrap().attributes());
            assert_eq!(format!("{:032x}", u128::from_be_bytes(own)), hash);
        }
    }
}
