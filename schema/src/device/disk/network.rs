//! `<source protocol=…>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use nixvirt_schema_derive::element;

/// A disk on a server in the network.
#[element]
pub struct DiskSourceNetwork {}
