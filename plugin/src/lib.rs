//! `builtins.nixvirt`: a plugin for the Nix evaluator.
//!
//! C++ evaluates and walks a spec and passes each value to Rust, never the reverse, so that no exception of Nix (a value
//! that throws, an interrupt) crosses Rust code. `walk.cc` and `builtins.cc` use Nix's API, and `nix.hh` hides the
//! differences between versions of Nix. `nixvirt-builtins` checks and renders.

mod bridge;
