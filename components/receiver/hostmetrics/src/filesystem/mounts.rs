//! What is mounted where (`/proc/1/mountinfo`, or `mounts` of old kernels).

use std::collections::HashMap;

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) device: String,
    /// The device's numbers (`254:0`).
    pub(super) number: String,
    pub(super) point: String,
    pub(super) kind: String,
    /// `rw`, `ro` or `unknown`.
    pub(super) mode: &'static str,
}

/// The kinds of file systems that have a device (`/proc/filesystems`); of the others only ZFS is one for data.
pub(super) fn on_devices(text: &str) -> Vec<String> {
    let name = |line: &str| match line.strip_prefix("nodev") {
        None => Some(line.trim().to_owned()),
        Some(name) => (name == "\tzfs").then(|| "zfs".into()),
    };
    text.lines().filter_map(name).collect()
}

/// What is mounted: with `real` kinds given, those without what is a part of another that is mounted too.
pub(super) fn mountinfo(text: &str, real: Option<&[String]>) -> Result<Vec<Mount>, String> {
    let mut mounts = Vec::new();
    // By number: a device has the name that it was mounted with first.
    let mut devices: HashMap<&str, &str> = HashMap::new();
    for line in text.lines() {
        let (mount, is_part) = mounted(line, &mut devices, real)?;
        if let Some(mount) = mount.filter(|_| real.is_none() || !is_part) {
            mounts.push(mount);
        }
    }
    Ok(mounts)
}

/// A line, unless it is of another kind than `real` ones, and whether it is a part of what is mounted elsewhere.
fn mounted<'a>(
    line: &'a str,
    devices: &mut HashMap<&'a str, &'a str>,
    real: Option<&[String]>,
) -> Result<(Option<Mount>, bool), String> {
    let invalid = |what: &str| format!("found invalid mountinfo line (bad {what} len): {line}");
    let (place, what) = line.split_once(" - ").ok_or_else(|| invalid("parts"))?;
    let mut place = place.split_ascii_whitespace().skip(2);
    let (Some(number), Some(root), Some(point)) = (place.next(), place.next(), place.next()) else {
        return Err(invalid("fields(1)"));
    };
    let options = place.next().unwrap_or_default();
    let mut what = what.split_ascii_whitespace();
    let (Some(kind), Some(source)) = (what.next(), what.next()) else { return Err(invalid("fields(2)")) };
    let of_all = what.next().unwrap_or_default();
    if real.is_some_and(|real| !real.iter().any(|one| one == kind)) {
        return Ok((None, false));
    }
    let own = if source.starts_with('/') || root == "/" { source } else { root };
    let device = devices.entry(number).or_insert(own);
    let mount = Mount {
        device: (*device).to_owned(),
        number: number.to_owned(),
        point: unescaped(point),
        kind: kind.to_owned(),
        mode: mode(options, of_all),
    };
    // A volume within a Btrfs is not a part of another mount.
    let volume = of_all.split(',').find_map(|option| option.strip_prefix("subvol="));
    let is_part = source.starts_with('/') && root != "/" && volume != Some(root);
    Ok((Some(mount), is_part))
}

/// What is mounted as kernels before 2.6.26 say it.
pub(super) fn mounts(text: &str, real: Option<&[String]>) -> Vec<Mount> {
    let mounted = |line: &str| {
        let fields: Vec<&str> = line.split_ascii_whitespace().take(4).collect();
        let [device, point, kind, options] = *fields.first_chunk()?;
        let is_real = real.is_none_or(|real| device != "none" && real.iter().any(|one| one == kind));
        is_real.then(|| Mount {
            device: device.into(),
            number: String::new(),
            point: unescaped(point),
            kind: kind.into(),
            mode: mode(options, ""),
        })
    };
    text.lines().filter_map(mounted).collect()
}

/// Read-only is what is so itself and what is so as a whole.
fn mode(options: &str, of_all: &str) -> &'static str {
    let has = |options: &str, wanted| options.split(',').any(|option| option == wanted);
    if has(options, "ro") || has(of_all, "ro") {
        "ro"
    } else if has(options, "rw") {
        "rw"
    } else {
        "unknown"
    }
}

/// The kernel writes blanks, backslashes and `#` as three octal digits.
fn unescaped(path: &str) -> String {
    if !path.contains('\\') {
        return path.to_owned();
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let octal = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = octal.filter(|_| *first == b'\\').and_then(|digits| u8::from_str_radix(digits, 8).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[3..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOUNTINFO: &str = "25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n\
        26 25 0:5 / /dev rw,nosuid - devtmpfs devtmpfs rw,size=12341752k\n\
        29 25 254:0 /var/data /usr rw,relatime - ext4 /dev/other rw\n\
        30 25 0:40 /a\\040b /t\\040mp rw,relatime - btrfs /dev/vdb ro,subvol=/a\\040b\n\
        31 25 0:4 net:[1] /run/net rw - nsfs nsfs rw\n";

    fn shown(mounts: &[Mount]) -> Vec<String> {
        mounts.iter().map(|m| format!("{} {} {} {}", m.device, m.point, m.kind, m.mode)).collect()
    }

    #[test]
    fn only_whole_file_systems_with_devices() {
        let real = on_devices("nodev\tsysfs\nnodev\tzfs\n\text4\n\tbtrfs\n");
        assert_eq!(real, ["zfs", "ext4", "btrfs"]);
        let mounts = mountinfo(MOUNTINFO, Some(&real)).unwrap();
        assert_eq!(shown(&mounts), ["/dev/vda / ext4 rw", "/dev/vdb /t mp btrfs ro"]);
        assert_eq!(mounts[1].number, "0:40");
    }

    #[test]
    fn everything_that_is_mounted() {
        let mounts = mountinfo(MOUNTINFO, None).unwrap();
        let expected = [
            "/dev/vda / ext4 rw",
            "devtmpfs /dev devtmpfs rw",
            "/dev/vda /usr ext4 rw",
            "/dev/vdb /t mp btrfs ro",
            "net:[1] /run/net nsfs rw",
        ];
        assert_eq!(shown(&mounts), expected);
        assert_eq!(mountinfo("", None), Ok(vec![]));
    }

    #[test]
    fn lines_that_are_none_are_refused() {
        for (line, what) in
            [("1 2 3", "parts"), ("1 2 3 4 - a b", "fields(1)"), ("1 2 3 4 5 6 - a", "fields(2)")]
        {
            let expected = format!("found invalid mountinfo line (bad {what} len): {line}");
            assert_eq!(mountinfo(line, None), Err(expected));
        }
    }

    #[test]
    fn old_kernels_have_another_list() {
        let text =
            "/dev/sda1 /mnt ext4 noatime,ro 0 0\nnone /x ext4 rw 0 0\nproc /proc proc nosuid 0 0\nx y z\n";
        assert_eq!(shown(&mounts(text, Some(&["ext4".into()]))), ["/dev/sda1 /mnt ext4 ro"]);
        let all = ["/dev/sda1 /mnt ext4 ro", "none /x ext4 rw", "proc /proc proc unknown"];
        assert_eq!(shown(&mounts(text, None)), all);
    }

    #[test]
    fn escapes() {
        for (written, path) in
            [("/a\\040b", "/a b"), ("\\134\\011", "\\\t"), ("\\04", "\\04"), ("\\", "\\"), ("\\999", "\\999")]
        {
            assert_eq!(unescaped(written), path);
        }
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "( - |/|[0-9]{1,3}|[a-zé]|\\\\| |\n|,rw|subvol=){0,40}") {
            let _ = (mountinfo(&text, None), mountinfo(&text, Some(&["a".into()])), mounts(&text, None));
            let _ = (on_devices(&text), unescaped(&text));
        }
    }
}
