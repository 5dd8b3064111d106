//! How much memory there is (`/proc/meminfo`).

use crate::{number::whole, reader::Reader, root::Root};

/// Bytes, or pages where it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) total: u64,
    pub(crate) free: u64,
    pub(crate) available: u64,
    pub(crate) buffers: u64,
    /// With what the kernel keeps of its own and can give back, as `free` shows it.
    pub(crate) cached: u64,
    pub(crate) slab_reclaimable: u64,
    pub(crate) slab_unreclaimable: u64,
    pub(crate) dirty: u64,
    pub(crate) shared: u64,
    pub(crate) huge_page_size: u64,
    /// Pages.
    pub(crate) huge_total: u64,
    /// Pages.
    pub(crate) huge_free: u64,
    /// Pages.
    pub(crate) huge_reserved: u64,
    /// Pages.
    pub(crate) huge_surplus: u64,
}

/// What the host says.
pub(crate) fn read(root: &Root, reader: &mut Reader) -> Result<Memory, String> {
    let path = root.proc("meminfo");
    let text = reader.read(&path).map_err(|error| format!("couldn't read {}: {error}", path.display()))?;
    let memory = memory(&text)?;
    if memory.total == 0 {
        return Err("invalid total memory: 0".into());
    }
    Ok(memory)
}

fn memory(text: &str) -> Result<Memory, String> {
    let mut memory = Memory::default();
    let mut available = None;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let (to, unit) = match key.trim() {
            "MemTotal" => (&mut memory.total, 1024),
            "MemFree" => (&mut memory.free, 1024),
            "MemAvailable" => (available.insert(0), 1024),
            "Buffers" => (&mut memory.buffers, 1024),
            "Cached" => (&mut memory.cached, 1024),
            "SReclaimable" => (&mut memory.slab_reclaimable, 1024),
            "SUnreclaim" => (&mut memory.slab_unreclaimable, 1024),
            "Dirty" => (&mut memory.dirty, 1024),
            "Shmem" => (&mut memory.shared, 1024),
            "Hugepagesize" => (&mut memory.huge_page_size, 1024),
            "HugePages_Total" => (&mut memory.huge_total, 1),
            "HugePages_Free" => (&mut memory.huge_free, 1),
            "HugePages_Rsvd" => (&mut memory.huge_reserved, 1),
            "HugePages_Surp" => (&mut memory.huge_surplus, 1),
            _ => continue,
        };
        let value = value.trim();
        *to = whole(value.strip_suffix(" kB").unwrap_or(value))?.saturating_mul(unit);
    }
    memory.cached = memory.cached.saturating_add(memory.slab_reclaimable);
    // Kernels before 3.14 do not say.
    memory.available = available.unwrap_or_else(|| memory.cached.saturating_add(memory.free));
    Ok(memory)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEMINFO: &str = "MemTotal:       24683540 kB\nMemFree:         4246832 kB\nMemAvailable:   23446096 kB\n\
                           Buffers:          100 kB\nCached:          2000 kB\nDirty:             7 kB\nShmem:   8 kB\n\
                           SReclaimable:     30 kB\nSUnreclaim:       4 kB\nHugePages_Total:    5\nHugePages_Free:     3\n\
                           HugePages_Rsvd:     2\nHugePages_Surp:     1\nHugepagesize:    2048 kB\nActive(anon): 1 kB\n";

    #[test]
    fn kilobytes_and_pages() {
        let expected = Memory {
            total: 24_683_540 << 10,
            free: 4_246_832 << 10,
            available: 23_446_096 << 10,
            buffers: 100 << 10,
            cached: 2030 << 10,
            slab_reclaimable: 30 << 10,
            slab_unreclaimable: 4 << 10,
            dirty: 7 << 10,
            shared: 8 << 10,
            huge_page_size: 2 << 20,
            huge_total: 5,
            huge_free: 3,
            huge_reserved: 2,
            huge_surplus: 1,
        };
        assert_eq!(memory(MEMINFO), Ok(expected));
        let old = memory(&MEMINFO.replace("MemAvailable", "MemOther")).unwrap();
        assert_eq!(old.available, (2030 + 4_246_832) << 10);
        let error = "strconv.ParseUint: parsing \"x\": invalid syntax";
        assert_eq!(memory("MemTotal: x kB\n"), Err(error.into()));
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(MemTotal|Cached|SReclaimable|:| kB|\n|[0-9]{1,25}|[a-z]){0,40}") {
            let _ = memory(&text);
        }
    }
}
