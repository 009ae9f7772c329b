/**
A PC with SATA and PCI Express: the QEMU machine type `q35`. The guest has a disk if `storage_vol` is set, a CD drive, a network
interface, a serial console, and a SPICE display with sound and four USB redirectors. The guest starts on any host,
also without a graphics card. While the guest runs, about ten devices can be added.

An unknown argument causes a warning, with the likely name.

# Type

```
q35 :: Arguments -> Spec
```

# Arguments

- `name`: Name of the domain. Required.
- `uuid` (default: `null`): UUID of the domain. If null, derived from the name.
- `title` (default: `null`): Title of the domain, on one line.
- `description` (default: `null`): Description of the domain.
- `vcpu` (default: `{ count = 2; }`): Virtual CPUs. With `topology`, defaults to the number of CPUs in the topology.
- `topology` (default: `null`): Topology of the virtual CPUs, as in `{ sockets = 1; cores = 4; threads = 2; }`. `sockets` and `threads`
  default to 1. If null, libvirt chooses one.
- `memory` (default: `{ count = 2; unit = "GiB"; }`): Memory, also as `"2 GiB"`.
- `firmware` (default: `null`): Firmware: `"bios"`; `"efi"` for UEFI that libvirt finds on the host; or the path of a file with UEFI. If
  null, the BIOS of the machine.
- `secure_boot` (default: `null`): Whether UEFI has Secure Boot. If null, libvirt chooses.
- `nvram_path` (default: `null`): File for the variables of UEFI of this guest. If null, libvirt chooses one.
- `nvram_template` (default: `null`): File that the variables of UEFI are initialized from. If null, libvirt uses the one that
  belongs to the firmware.
- `boot` (default: `[ "cdrom" "hd" ]`): Boot order, of `cdrom`, `hd` and `network`.
- `storage_vol` (default: `null`): Disk: a path, a block device such as `"/dev/vg0/web"`, a URL that starts with `http`, `https`, `ftp` or
  `ftps`, a volume `{ pool; volume; }`, or the `source` element of the disk. The format follows from the end of the file name, such as `.raw`, and is
  otherwise qcow2. A block device is raw. A declared volume has the format of its declaration. `format`, as in
  `{ file = "/web.img"; format = "raw"; }`, sets another one. With `size`, as in
  `{ pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }`, the volume is declared too, and created if it is missing. `content`, the
  path of an image, fills the new volume.
- `backing_vol` (default: `null`): Backing image of the disk, in the forms of `storage_vol`, or the `backingStore` element.
- `extra_disks` (default: `[ ]`): More disks, in the forms of `storage_vol`.
- `install_vol` (default: `null`): Disc in the CD drive, in the forms of `storage_vol`. If null, the drive is empty.
- `network` (default: `null`): Network of libvirt that the network interface is connected to. If null, `bridge_name` applies.
- `bridge_name` (default: `"virbr0"`): Bridge of the host that the network interface is connected to.
- `net_iface_mac` (default: `null`): MAC address of the network interface. If null, derived from the UUID if that is set, and from the
  name of the domain otherwise.
- `virtio_drive` (default: `true`): Whether disks are `vda`, `vdb` … on virtio instead of `sda`, `sde` … on SATA, where `sdb` to `sdd`
  are CD drives.
- `virtio_net` (default: `false`): Whether the network interface is a virtio device.
- `display` (default: `"spice"`): Display: `"spice"`; `"spice-gl"`, which has 3D, requires a graphics card, and shows on this host only;
  `"vnc"`; or `"none"`, with which only the serial console is left.
- `listen` (default: `"127.0.0.1"`): Address of the host that the display listens on.
- `virtio_video` (default: `null`): Graphics card: `false` for QXL, `null` for virtio. `true` means virtio and `display = "spice-gl"`.
- `console` (default: `true`): Whether the guest has a serial console, for `virsh console`.
- `guest_agent` (default: `false`): Whether the guest has a channel for the QEMU guest agent.
- `shares` (default: `{ }`): Folders of the host that the guest mounts with virtiofs, by tag, as in `{ data = "/srv/data"; }`. The memory
  of the guest is then shared with virtiofsd.
- `pci_devices` (default: `[ ]`): PCI devices of the host for the guest: addresses as `lspci` prints them, as in
  `[ "01:00.0" "01:00.1" ]`. A set adds other fields, as in `{ source.address = "01:00.0"; rom.file = "/vbios.rom"; }`.
- `usb_devices` (default: `[ ]`): USB devices of the host that the guest gets, by ID, as in `[ "046d:c52b" ]`, or by the name that
  `nixvirt doctor` shows, as in `[ { host = ./host.json; name = "Logitech USB Receiver"; } ]`. `host` is the file that `nixvirt doctor --json` prints on
  the host, or its content. The guest starts without those that are not plugged in.
- `evdev_devices` (default: `[ ]`): Input devices that host and guest share, as in `[ "/dev/input/by-id/usb-…-event-kbd" ]`. Both Ctrl keys
  together switch them between host and guest.
- `looking_glass` (default: `null`): Memory in which Looking Glass shows the screen of the guest: `true` for 64 MiB, or a size such as
  `"128 MiB"`; `{ kvmfr = "/dev/kvmfr0"; size = "128 MiB"; }` uses the kernel module.
- `pinning` (default: `null`): Host CPUs of the virtual CPUs, one for each, as in `"2-7,10-15"`; or
  `{ vcpus = "2-7,10-15"; emulator = "0-1"; }`, which also keeps the emulator on other CPUs. With
  `{ host = ./host.json; cpus = "2-7,10-15"; }`, each core of `topology` gets a core of the host, and its threads are siblings. `host` is the file that
  `nixvirt doctor --json` prints on the host, or its content. `cpus` defaults to the isolated CPUs of the host. If the host has
  none, `cpus` defaults to all CPUs except those of the first core. `emulator` defaults to the other CPUs.
- `hugepages` (default: `false`): Whether the memory is in huge pages, which the host must have reserved; or their size, such as `"1 GiB"`.
- `host_smbios` (default: `false`): Whether the guest sees the SMBIOS of the host.

# Example

```nix
lib.domain.getXML (lib.domain.templates.q35 { name = "web"; memory = "4 GiB"; storage_vol = "/var/lib/libvirt/images/web.qcow2"; })
```
*/
import ./base.nix {}
