//! The archive in an RPM: cpio in its "newc" form, where all numbers are eight hexadecimal digits.

/// A cpio archive that is being written.
#[derive(Debug, Default)]
pub(super) struct Cpio {
    bytes: Vec<u8>,
    entries: usize,
}

impl Cpio {
    /// Adds a file or a folder, of which `mode` tells with the bits of `st_mode`. `path` begins with `./`.
    pub(super) fn add(&mut self, path: &str, mode: u16, time: u64, data: &[u8]) {
        self.entries += 1;
        self.entry(path, self.entries, mode, time, data);
    }

    /// The archive's bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, 0, 0, &[]);
        self.bytes
    }

    fn entry(&mut self, path: &str, inode: usize, mode: u16, time: u64, data: &[u8]) {
        let (size, name) = (data.len(), path.len() + 1);
        // Inode, mode, owner, group, links, time, size, two devices by halves, the name's length, and a sum that is not used.
        let head = format!(
            "070701{inode:08x}{mode:08x}{0:08x}{0:08x}{1:08x}{time:08x}{size:08x}{0:08x}{0:08x}{0:08x}{0:08x}{name:08x}{0:08x}",
            0, 1
        );
        self.bytes.extend(head.as_bytes());
        self.bytes.extend(path.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend(data);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_byte_for_byte() {
        let mut cpio = Cpio::default();
        cpio.add("./a", 0o100_644, 16, b"x");
        let zeros = "0".repeat(8);
        let file = format!(
            "07070100000001000081a4{zeros}{zeros}0000000100000010\
             00000001{zeros}{zeros}{zeros}{zeros}00000004{zeros}./a\0\0\0x\0\0\0"
        );
        let end = format!(
            "070701{zeros}{zeros}{zeros}{zeros}00000001{zeros}{zeros}{zeros}{zeros}{zeros}{zeros}0000000b{zeros}TRAILER!!!\0\0\0\0"
        );
        assert_eq!(String::from_utf8(cpio.finish()).unwrap(), format!("{file}{end}"));
    }
}
