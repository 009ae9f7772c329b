//! `<iommu>`.

use nixvirt_schema_derive::element;

/// An IOMMU for the guest.
#[element]
pub struct Iommu {}
