//! `<backingStore>` and `<mirror>`:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use nixvirt_schema_derive::element;

/// How much of an image's tables is kept in memory.
#[element]
pub struct DiskMetadataCache {}

/// An image of its own for the data of a qcow2 image, which then holds nothing but tables.
#[element]
pub struct DiskDataStore {}
