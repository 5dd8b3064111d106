//! The allocator's side: what of the process's memory is in use, and giving back what is not.

/// An allocator that can be asked.
pub(crate) trait Heap: Send + Sync + std::fmt::Debug {
    /// How many of the `resident` bytes are in use; `None` if it cannot tell.
    fn live(&self, resident: u64) -> Option<u64>;
    /// Gives the rest back to the system, as far as it makes up whole pages.
    fn release(&self);
}

/// The allocator of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own;

/// glibc's keeps what is freed, in an arena for each thread: it returns only what is at an arena's end.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library's functions; neither takes or returns a pointer")]
impl Heap for Own {
    fn live(&self, resident: u64) -> Option<u64> {
        // The newer `mallinfo2` would be a link error with a C library of before 2.33. This one counts modulo 2^32, which is
        // enough: what is resident and not in use is less than that.
        // SAFETY: no arguments; it takes the locks that it needs.
        let info = unsafe { libc::mallinfo() };
        let live = info.uordblks.cast_unsigned().wrapping_add(info.hblkhd.cast_unsigned());
        let shown = u32::try_from(resident & u64::from(u32::MAX)).unwrap_or_default();
        // Below zero if memory is in use that was never written to and so has no pages.
        let spare = shown.wrapping_sub(live).cast_signed();
        Some(resident - u64::try_from(spare).unwrap_or_default().min(resident))
    }

    fn release(&self) {
        // SAFETY: the one argument is how much to keep; it takes the locks that it needs.
        unsafe { libc::malloc_trim(0) };
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
impl Heap for Own {
    fn live(&self, _: u64) -> Option<u64> {
        None
    }

    fn release(&self) {}
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;
    use crate::measure::System;

    #[test]
    fn what_is_freed_is_not_live_and_can_be_released() {
        const PARTS: usize = 20_000;
        // Of parts that glibc keeps, and of which it can return none as long as the last is there.
        let mut parts: Vec<Vec<u8>> = (0..PARTS).map(|_| vec![1; 4000]).collect();
        let used = || System::here().used().unwrap();
        let full = used();
        assert!(full > 70 << 20, "{full}");
        assert!(Own.live(full).unwrap() > 70 << 20);
        let last = parts.pop();
        drop(parts);
        let kept = used();
        assert!(Own.live(kept).unwrap() < full - (60 << 20), "{:?} of {kept}", Own.live(kept));
        Own.release();
        assert!(used() < full - (60 << 20), "{} of {full}", used());
        assert!(last.is_some_and(|last| last[0] == 1));
    }
}
