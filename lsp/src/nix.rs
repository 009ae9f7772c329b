//! What the values of Nix expressions are, as far as a file tells without evaluation.

pub mod evaluate;
pub mod functions;
pub mod scope;
pub mod string;
pub mod value;
