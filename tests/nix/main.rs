//! The plugin, the library and the flake with a real Nix, and the form of the project's files.

mod answer_file;
mod dev_run;
mod editor;
mod fallback;
mod files;
mod flake;
mod kubevirt;
mod plugin;
mod seed;
mod templates;
mod uris;
