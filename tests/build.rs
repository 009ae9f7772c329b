//! Sets a cfg for each optional tool that is available, so that tests without their tool are ignored.

use std::path::PathBuf;

fn main() {
    let tools = [
        ("NIXPKGS_LIB", "has_nixpkgs"),
        ("NIXD", "has_nixd"),
        ("KUBEVIRT_OPENAPI", "has_kubevirt"),
        ("MODULAR_DAEMONS", "has_modular_daemons"),
    ];
    for (variable, cfg) in tools {
        println!("cargo::rerun-if-env-changed={variable}");
        println!("cargo::rustc-check-cfg=cfg({cfg})");
        if std::env::var_os(variable).map(PathBuf::from).is_some_and(|path| path.exists()) {
            println!("cargo::rustc-cfg={cfg}");
        }
    }
}
