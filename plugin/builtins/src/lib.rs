//! What `builtins.nixvirt` does, apart from any way to reach the values of Nix. The two implementations of the plugin share
//! it: the one in C++ for one version of Nix, and the one on Nix's C API.

pub mod data;
pub mod object;
