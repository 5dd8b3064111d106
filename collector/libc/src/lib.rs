//! What a static collector gives the C library in place of parts of it that would never run.
//!
//! A static program has of glibc what some function in it refers to, whether that function is ever called or not: an
//! assertion's message brings `printf`, `printf` the locales, these the character sets, and these the loading of shared
//! libraries. Nothing of that happens in a collector: Rust formats, encodes and writes by itself. It is a third of a
//! megabyte, which is cut off here at the few functions that lead there.
//!
//! Programs whose every crate is known not to need what is missing may have this; they name the crate and call nothing of
//! it. What does not work in them: `fprintf`, C's `stderr`, converting wide characters, translated messages, finding a
//! function by its name, naming a thread that is not the current one. Where C code may want these, the whole library belongs.
//!
//! Which functions lead where was read off glibc 2.36 with the linker's `--why-extract`; a version that divides itself
//! otherwise makes a larger program, not another one.

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    target_feature = "crt-static",
    target_pointer_width = "64"
))]
mod glibc;
