//! Tells the code whether the program gets debugging information.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(debug_info)");
    // What cargo tells build scripts of the profile.
    if std::env::var("DEBUG").is_ok_and(|debug| debug != "false") {
        println!("cargo::rustc-cfg=debug_info");
    }
}
