//! Lines of a configuration without the secrets that stand in them.

use crate::{secret::names_secret, url::hidden};

/// The line with the values of keys that usually hold secrets blotted out, each character by one `*` so that columns stay.
pub(super) fn blot(line: &str) -> String {
    let mut chars: Vec<char> = line.chars().collect();
    let mut at = 0;
    while let Some(colon) = (at..chars.len()).find(|&i| ends_key(&chars, i)) {
        at = colon + 1;
        if is_secret(&chars[..colon]) {
            let start = (at..chars.len()).find(|&i| !chars[i].is_whitespace()).unwrap_or(chars.len());
            at = end_of_value(&chars, start);
            chars[start..at].fill('*');
        }
    }
    blot_urls(&mut chars);
    chars.into_iter().collect()
}

/// Blots out what stands between `://` and `@` in URLs, and what their parameters hold that are called as secrets are.
fn blot_urls(chars: &mut [char]) {
    let mut at = 0;
    while let Some(found) = chars[at..].windows(3).position(|three| *three == [':', '/', '/']) {
        let start = at + found + 3;
        let is_outside = |c: &char| c.is_whitespace() || matches!(c, '"' | '\'');
        let end = chars[start..].iter().position(is_outside).map_or(chars.len(), |length| start + length);
        let url = &mut chars[start..end];
        let host_end = url.iter().position(|c| matches!(c, '/' | '?' | '#')).unwrap_or(url.len());
        if let Some(login) = url[..host_end].iter().rposition(|&c| c == '@') {
            url[..login].fill('*');
        }
        for parameter in url[host_end..].split_mut(|c| matches!(c, '?' | '&' | '#')) {
            let text: String = parameter.iter().collect();
            if let Some(name) = hidden(&text) {
                parameter[name.chars().count() + 1..].fill('*');
            }
        }
        at = start + host_end;
    }
}

/// Whether a colon ends a key here: before a blank, at the end of the line, or after a quoted key.
fn ends_key(chars: &[char], at: usize) -> bool {
    let quoted = at > 0 && matches!(chars[at - 1], '"' | '\'');
    chars[at] == ':' && (quoted || chars.get(at + 1).is_none_or(|c| c.is_whitespace()))
}

/// Whether the text before a colon ends in the key of a secret.
fn is_secret(before: &[char]) -> bool {
    let start = before.iter().rposition(|c| matches!(c, '{' | '[' | ',')).map_or(0, |i| i + 1);
    names_secret(&before[start..].iter().collect::<String>())
}

/// The end of the value that starts here: its bracket's or quote's partner, the next entry of a map in braces, or the end
/// of the line.
fn end_of_value(chars: &[char], start: usize) -> usize {
    let is_flow = chars[..start].iter().any(|c| matches!(c, '{' | '['));
    let mut depth = 0_usize;
    let mut quote = None;
    for (i, &c) in chars.iter().enumerate().skip(start) {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') if depth > 0 => depth -= 1,
            (None, ',' | '}' | ']') if depth == 0 && is_flow => return i,
            _ => {}
        }
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use super::blot;

    #[test]
    fn values_of_secrets_are_blotted_out() {
        for (line, shown) in [
            (
                "a: {headers: {x-team: s3cret, b: [1]}, compresion: gzip}",
                "a: {headers: ************************, compresion: gzip}",
            ),
            ("    authorization: Bearer a, b}", "    authorization: ************"),
            ("{\"api-key\":\"a,b\", c: d}", "{\"api-key\":*****, c: d}"),
            ("{Password: 'it, is', user: me}", "{Password: ********, user: me}"),
            ("[{bearer_token: abc}, {x: y}]", "[{bearer_token: ***}, {x: y}]"),
            ("  headers:", "  headers:"),
            ("{headers: {a: \"}\", b: c", "{headers: *************"),
            ("git: https://me:p@s@example.com/a", "git: https://******@example.com/a"),
            ("url: http://h/é?api_key=a=b&q=1, x: y", "url: http://h/é?api_key=***&q=1, x: y"),
            (
                "[\"http://u:p@h?q&token=é#f\", 'b://c?sig=d']",
                "[\"http://***@h?q&token=*#f\", 'b://c?sig=*']",
            ),
            ("a => 'ssh://git@h', 'b://c/@d'", "a => 'ssh://***@h', 'b://c/@d'"),
        ] {
            assert_eq!(blot(line), shown);
        }
    }

    #[test]
    fn all_else_is_shown() {
        for line in
            ["", "endpoint: http://localhost:4318", "key_file: /etc/key", "a: [b, c], d: é", ":", "x:y"]
        {
            assert_eq!(blot(line), line);
        }
    }
}
