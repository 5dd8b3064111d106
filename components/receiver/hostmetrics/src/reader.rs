//! Reading the small files that the kernel makes up when they are read.

use std::{borrow::Cow, fs::File, io::Read, path::Path};

use slimcol_service::go_error;

/// Larger than any file that is read here is in practice: the connections of a host with half a million of them.
const LIMIT: usize = 64 << 20;
/// What is kept from one file to the next.
const KEPT: usize = 16 << 10;

/// The smallest page of any kernel.
const PAGE: usize = 4 << 10;

/// Reads files one after the other, into the same memory.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    buffer: Vec<u8>,
}

impl Reader {
    /// The whole content. What is not UTF-8 is replaced: telemetry has no other text.
    ///
    /// # Errors
    /// In Go's words (`open /proc/1/io: permission denied`).
    pub(crate) fn read(&mut self, path: &Path) -> Result<Cow<'_, str>, String> {
        Ok(String::from_utf8_lossy(self.bytes(path, 0)?))
    }

    /// The same of a file of records that are no longer than `record`, or of one that the kernel makes at once (zero).
    /// It fills a page before it gives anything away, so that what leaves room for another record is all there is: to ask
    /// for more would make it walk through all connections once more.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub(crate) fn records(&mut self, path: &Path, record: usize) -> Result<Cow<'_, str>, String> {
        Ok(String::from_utf8_lossy(self.bytes(path, PAGE.saturating_sub(record))?))
    }

    /// What is shorter than `whole` when it is read first is all there is.
    fn bytes(&mut self, path: &Path, whole: usize) -> Result<&[u8], String> {
        let failed = |what: &str, error| format!("{what} {}: {}", path.display(), go_error(&error));
        let mut file = File::open(path).map_err(|error| failed("open", error))?;
        if self.buffer.len() != KEPT {
            self.buffer.resize(KEPT, 0);
            self.buffer.shrink_to_fit();
        }
        let mut length = 0;
        // The kernel gives less than was asked for where a file has more than a page, so that only nothing is the end.
        loop {
            match file.read(&mut self.buffer[length..]).map_err(|error| failed("read", error))? {
                0 => return Ok(&self.buffer[..length]),
                read => length += read,
            }
            if length < whole {
                return Ok(&self.buffer[..length]);
            }
            if length == self.buffer.len() {
                if length >= LIMIT {
                    return Err(format!("read {}: file is larger than {LIMIT} bytes", path.display()));
                }
                self.buffer.resize(length * 2, 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_of_any_size_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let mut reader = Reader::default();
        for size in [0, 1, KEPT - 1, KEPT, KEPT + 1, 5 * KEPT, 3] {
            fs::write(&path, "x".repeat(size)).unwrap();
            assert_eq!(reader.read(&path).unwrap().len(), size);
            assert_eq!(reader.records(&path, 0).unwrap().len(), size);
            assert_eq!(reader.records(&path, 200).unwrap().len(), size);
        }
        fs::write(&path, b"a\xffb").unwrap();
        assert_eq!(reader.read(&path).unwrap(), "a\u{fffd}b");
    }

    #[test]
    fn records_are_all_there() {
        let path = Path::new("/proc/self/net/tcp");
        let mut reader = Reader::default();
        let listening: Vec<_> =
            (0..100).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let text = reader.records(path, 512).unwrap().into_owned();
        for one in listening {
            let port = format!(":{:04X} ", one.local_addr().unwrap().port());
            assert!(text.contains(&port), "{port} is not in {text}");
        }
        let status = reader.records(Path::new("/proc/self/status"), 0).unwrap();
        assert!(status.contains("nonvoluntary_ctxt_switches"), "{status}");
    }

    #[test]
    fn errors_are_gos() {
        let error = Reader::default().read(Path::new("/proc/none")).unwrap_err();
        assert_eq!(error, "open /proc/none: no such file or directory");
        let error = Reader::default().read(Path::new("/proc")).unwrap_err();
        assert_eq!(error, "read /proc: is a directory");
    }
}
