//! `<source>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use nixvirt_schema_derive::element;

/// The part of a file or device that is used.
#[element]
pub struct DiskSlices {}
