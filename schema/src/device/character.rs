//! `<character>`.

use nixvirt_schema_derive::element;

/// A parallel port.
#[element]
pub struct Parallel {}

/// A serial port.
#[element]
pub struct Serial {}

/// A text console.
#[element]
pub struct Console {}

/// A private channel between guest and host.
#[element]
pub struct Channel {}
