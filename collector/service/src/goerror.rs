//! I/O errors in the words that users of the Go collector know.

use std::io;

/// The error's text as Go prints it: `connection refused` rather than `Connection refused (os error 111)`.
pub fn text(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_system() {
        for (number, words) in
            [(2, "no such file or directory"), (13, "permission denied"), (98, "address already in use")]
        {
            assert_eq!(text(&io::Error::from_raw_os_error(number)), words);
        }
        assert_eq!(text(&io::Error::other("Own words")), "own words");
    }
}
