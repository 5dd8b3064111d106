//! Reading files that somebody else wrote: ordinary ones, up to a size.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _},
    path::Path,
};

/// The content of the file at `path`, which may hold `most` bytes. What is neither file nor link to one (a pipe would be
/// waited for without end) is refused.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut content = Vec::new();
    // Not every file is as long as it says (those of /proc are not), so the reading itself ends.
    File::open(path)?.take(most + 1).read_to_end(&mut content)?;
    if content.len() as u64 > most {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MiB", most >> 20)));
    }
    Ok(content)
}

/// The same for text.
pub(crate) fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_or_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, vec![b'x'; 3 << 20]).unwrap();
        let refused = |path: &Path, most| read_text(path, most).unwrap_err().to_string();
        assert_eq!(read_text(&path, 3 << 20).unwrap().len(), 3 << 20);
        assert_eq!(refused(&path, 2 << 20), "it is larger than 2 MiB");
        assert_eq!(refused(folder.path(), 1), "it is not a file");
        assert_eq!(refused(Path::new("/dev/zero"), 1), "it is not a file");
        fs::write(&path, [0xff]).unwrap();
        assert_eq!(refused(&path, 9), "it is not UTF-8 text");
    }
}
