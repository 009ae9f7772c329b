//! `<rng>`.

use nixvirt_schema_derive::element;

/// A source of random numbers.
#[element]
pub struct Rng {}
