/**
A PC with SATA and PCI Express: the QEMU machine type `q35`. The guest has a disk if `storage_vol` is set, a CD drive, a network
interface, and a SPICE display with sound and four USB redirectors.

Unknown arguments are ignored.

# Type

```
q35 :: Arguments -> Spec
```

# Arguments

- `name`: Name of the domain. Required.
- `uuid` (default: `null`): UUID of the domain. If null, derived from the name.
- `vcpu` (default: `{ count = 2; }`): Virtual CPUs.
- `memory` (default: `{ count = 2; unit = "GiB"; }`): Memory, also as `"2 GiB"`.
- `storage_vol` (default: `null`): Disk in the qcow2 format: a path, a volume `{ pool; volume; }`, or the `source` element of the
  disk. With `size`, as in `{ pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }`, the volume is declared too, and
  created if it is missing; `content`, the path of an image, fills the new volume.
- `backing_vol` (default: `null`): Backing image of the disk, in the forms of `storage_vol`, or the `backingStore` element.
- `install_vol` (default: `null`): Disc in the CD drive, in the forms of `storage_vol`. If null, the drive is empty.
- `bridge_name` (default: `"virbr0"`): Bridge of the host that the network interface is connected to.
- `net_iface_mac` (default: `null`): MAC address of the network interface. If null, derived from the name of the domain.
- `virtio_drive` (default: `true`): Whether the disk is `vda` on virtio instead of `sda` on SATA.
- `virtio_net` (default: `false`): Whether the network interface is a virtio device.
- `virtio_video` (default: `true`): `true` for virtio graphics with 3D, shown on this host only, which requires a GPU; `false` for
  QXL, with SPICE on 127.0.0.1; `null` for virtio graphics without 3D.

# Example

```nix
lib.domain.getXML (lib.domain.templates.q35 { name = "web"; memory = "4 GiB"; storage_vol = "/var/lib/libvirt/images/web.qcow2"; })
```
*/
arguments:
import ./base.nix {
  machine = "q35";
  cdromTarget = {
    dev = "sdc";
    bus = "sata";
  };
}
arguments
