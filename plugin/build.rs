//! Builds the C++ side against the Nix that pkg-config finds.

use std::path::Path;

fn main() {
    let library = |name| {
        pkg_config::Config::new().cargo_metadata(false).probe(name).unwrap_or_else(|why| {
            panic!("the plugin is built against a Nix with plugin support and needs its headers: {why}")
        })
    };
    let nix = library("nix-main");
    let mut version = nix.version.split(['.', 'p']).map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (version.next().unwrap_or(0), version.next().unwrap_or(0));
    let mut build = cxx_build::bridge("src/bridge.rs");
    for folder in nix.include_paths.iter().chain(&library("nix-expr").include_paths) {
        // Included as system headers, so that their warnings are not shown.
        if folder != Path::new("/usr/include") {
            build.flag("-isystem").flag(folder);
        }
    }
    build
        .files(["src/walk.cc", "src/builtins.cc"])
        .define("NIX_VERSION", (major * 100 + minor).to_string().as_str())
        .std(if (major, minor) < (2, 31) { "c++20" } else { "c++23" })
        .flag("-Wno-unused-parameter")
        .compile("nixvirt-bridge");
    for file in ["bridge.rs", "walk.cc", "walk.hh", "builtins.cc", "nix.hh"] {
        println!("cargo:rerun-if-changed=src/{file}");
    }
}
