//! `builtins.nixvirt`: a plugin for the Nix evaluator.
//!
//! C++ forces and walks a spec and calls Rust to take each value, never the reverse, so that an exception of Nix
//! (a value that throws, an interrupt) crosses no Rust. All that knows Nix is in `walk.cc`, `builtins.cc` and, where
//! Nix's versions differ, `nix.hh`; all that knows libvirt is in `nixvirt-schema`.

mod bridge;
mod object;
