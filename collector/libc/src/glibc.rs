//! glibc's names, as its own objects call them.
#![expect(unsafe_code, reason = "a name of the C library's is what is being defined")]

use std::{
    arch::global_asm,
    ffi::{CStr, c_char, c_int, c_uint, c_ulong, c_void},
    io::{self, Write as _},
    process, ptr,
    sync::atomic::{AtomicPtr, AtomicU64},
};

/// The translation of `message`, which is itself: no collector sets a locale.
///
/// Leads to message catalogues, and from them to character sets and shared libraries.
#[unsafe(no_mangle)]
extern "C" fn __dcgettext(_: *const c_char, message: *const c_char, _: c_int) -> *const c_char {
    message
}

/// Where a thread's stack ends: not known. Rust asks it once a thread, so that a stack that overflows can be called that
/// before the process dies of it.
///
/// Leads to `fopen` and `sscanf`, to read `/proc/self/maps`.
#[unsafe(no_mangle)]
extern "C" fn pthread_getattr_np(_: c_ulong, _: *mut c_void) -> c_int {
    libc::ENOSYS
}

/// Names the current thread, the only one that Rust names.
///
/// Leads to `sprintf`, for the path of another thread's name.
#[unsafe(no_mangle)]
extern "C" fn pthread_setname_np(_: c_ulong, name: *const c_char) -> c_int {
    // SAFETY: the caller passes a string, as to the function that this stands in for.
    unsafe { libc::prctl(libc::PR_SET_NAME, name) }
}

/// No function is found by its name: a static program has no table of them.
///
/// Leads to `dlerror`, and to the loading of shared libraries.
#[unsafe(no_mangle)]
extern "C" fn dlsym(_: *mut c_void, _: *const c_char) -> *mut c_void {
    ptr::null_mut()
}

/// Says which assertion of glibc's own did not hold, and ends the process.
///
/// Leads to `asprintf`.
#[unsafe(no_mangle)]
extern "C" fn __assert_fail(
    assertion: *const c_char,
    file: *const c_char,
    line: c_uint,
    function: *const c_char,
) -> ! {
    // SAFETY: the compiler makes these strings of literals.
    let text = |literal| unsafe { CStr::from_ptr(literal) }.to_string_lossy();
    let (assertion, file) = (text(assertion), text(file));
    let function = if function.is_null() { "?".into() } else { text(function) };
    let _ = writeln!(io::stderr(), "{file}:{line}: {function}: Assertion `{assertion}' failed.");
    process::abort();
}

/// What `strerror_r` writes of a number that has no message; Rust writes the number behind it.
///
/// # Safety
///
/// As many bytes as `length` says can be written to `text`.
#[unsafe(no_mangle)]
unsafe extern "C" fn __snprintf(text: *mut u8, length: usize) -> c_int {
    const UNKNOWN: &[u8] = b"Unknown error\0";
    if length >= UNKNOWN.len() {
        // SAFETY: it is long enough.
        unsafe { ptr::copy_nonoverlapping(UNKNOWN.as_ptr(), text, UNKNOWN.len()) };
    }
    0
}

/// Prints the allocator's statistics in `malloc_stats` and `malloc_info`, which nobody calls.
#[unsafe(no_mangle)]
extern "C" fn fprintf() -> c_int {
    0
}

/// Where `malloc_stats` prints to.
#[unsafe(no_mangle)]
static stderr: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// Tells C's streams that there are threads now; there are no streams.
#[unsafe(no_mangle)]
extern "C" fn _IO_enable_locks() {}

/// How wide characters are converted in the C locale: nobody has any.
#[unsafe(no_mangle)]
static __wcsmbs_gconv_fcts_c: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

/// The main thread's state of glibc's resolver: `struct __res_state`, with room to grow. The other threads have theirs in
/// what glibc keeps of a thread, and set the pointer below to it as they start; whoever resolves names with glibc still can.
static RESOLVER: [AtomicU64; 128] = [const { AtomicU64::new(0) }; 128];

// The pointer is a variable of each thread's by its C name, which Rust cannot define. Leads to reading `resolv.conf` and
// to the network's interfaces.
global_asm!(
    ".pushsection .tdata,\"awT\",@progbits",
    ".globl __libc_resp",
    ".type __libc_resp, @object",
    ".size __libc_resp, 8",
    ".p2align 3",
    "__libc_resp: .quad {resolver}",
    ".popsection",
    resolver = sym RESOLVER,
);
