//! Whether a profile can name functions. Looking names up is 0.2 MB, and finds nothing in a program without symbols.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(symbols)");
    if std::env::var("DEBUG").is_ok_and(|debug| debug == "true") {
        println!("cargo::rustc-cfg=symbols");
    }
}
