//! `builtins.nixvirt` on Nix's C API: one library for every Nix whose `nix` exports that API.
//!
//! The C API gives values and takes them. It has no positions, no contexts of strings, no warnings and no kinds of errors.
//! What it lacks, `builtins.nix` does in the language itself: it makes the builtins of the functions in `primops.rs`, which walk a spec (`walk.rs`) and
//! let `nixvirt-builtins` check and render it. `nix.rs` declares the C API.

mod clock;
mod nix;
mod primops;
mod walk;

/// Entry point for the loader. Returns whether the builtins were added.
// SAFETY: the loader opens one implementation, with local symbols, and asks that one for the name.
#[unsafe(no_mangle)]
pub extern "C" fn nixvirt_register() -> bool {
    nix::register(&primops::BUILTINS)
}
