//! Configurations of NixOS and Home Manager with NixVirt's modules, evaluated by nixpkgs' module system.
//!
//! `NIXPKGS_LIB` is the folder of nixpkgs, or of its `lib` alone. It is not part of this project: tests that need it are ignored
//! without it.

use crate::{build, project};
use std::fs;
use std::path::PathBuf;

/// The folder of nixpkgs' `lib`.
pub fn lib() -> PathBuf {
    folder().expect("NIXPKGS_LIB names the folder of nixpkgs or of its lib")
}

/// The folder of nixpkgs' `lib`, if the environment names one.
pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("NIXPKGS_LIB")?);
    [folder.join("lib"), folder].into_iter().find(|it| it.join("default.nix").exists())
}

/// The text of an expression over the `config` of a system with these modules, after everything that it refers to was built.
/// `declared` is the manifest's file.
#[track_caller]
pub fn built(system: &str, modules: &str, expression: &str) -> String {
    let text = format!(
        r#"let
             system = import {project}/tests/modules {{ nixpkgsLib = {lib}; system = "{system}"; modules = [ {modules} ]; }};
             inherit (system) config;
             declared = (config.environment.etc or config.xdg.configFile)."nixvirt/manifest.json".source;
           in system._module.args.pkgs.writeText "text" ({expression})"#,
        project = project().display(),
        lib = lib().display(),
    );
    fs::read_to_string(build(&text)).expect("it was built")
}
