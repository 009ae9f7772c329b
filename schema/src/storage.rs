//! What disks, pools and volumes have in common:
//! [Storage pool and volume XML format](https://libvirt.org/formatstorage.html).

pub mod encryption;
