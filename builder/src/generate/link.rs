//! How the generated workspace is linked: a build script of its own says so, and a plain `cargo build` does the same.
//!
//! Functions whose machine code is identical become one, where the linker can do that (LLD can, which the compiler brings
//! along for x86-64 Linux): instances of one generic function for types of one size are many. Nothing here compares
//! functions by their addresses.
//!
//! A collector whose panics end it needs no unwind tables, but what is compiled beforehand (std, libc) brings them, and
//! through std the compiler makes them for all else: half a megabyte that nothing reads. Linkers drop what a script tells
//! them to.
//!
//! No collector has the words for a stack that overflowed: nothing here nests without a limit, and glibc's part in them is a
//! hundred kilobytes. Those that have nobody else's code in them have the crate `slimcol-libc`, which leaves out more.

use super::Files;
use crate::{manifest::Panic, resolve::Plan};

const BUILD_SCRIPT: &str = include_str!("../../../templates/build.rs");
/// The linker's script, by the name that the build script looks for.
const SCRIPT: &str = "no-unwind.ld";

/// Adds what the linker has to be told.
pub(super) fn add(plan: &Plan, files: &mut Files) {
    // A debugger and a profiler read the tables, and want to find each function.
    if plan.debug {
        return;
    }
    files.insert("build.rs", BUILD_SCRIPT);
    if plan.panic == Panic::Abort {
        files.insert(
            SCRIPT,
            "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table) *(.gcc_except_table.*) } } \
             INSERT AFTER .text;\n",
        );
    }
}
