//! Mozilla's certificate roots as one PEM file. They come along as a crate, so that images are the same wherever they are
//! made.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Every root, one after the other.
pub(super) fn bundle() -> String {
    let mut pem = String::new();
    for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        let text = STANDARD.encode(root);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = after;
        }
        pem.push_str("-----END CERTIFICATE-----\n");
    }
    pem
}
