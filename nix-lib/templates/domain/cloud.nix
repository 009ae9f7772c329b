{guest-install}:
/**
A PC for a cloud image: `lib.domain.templates.linux` with a cloud-init seed (NoCloud data source) on a read-only virtio disk, `vdz`, instead
of the CD drive: kernels of cloud images have no driver for CD drives. A changed seed has a new instance ID: the guest applies it at its next
boot.

The seed is in the Nix store, where every user can read it. For secrets, fill a volume with
`lib.seed.cloudInit`, and pass the volume as `seed`.

# Type

```
cloud :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.linux`, except `install_vol`, and with `boot = [ "hd" ]` by default; and:

- `image` (default: `null`): Cloud image that fills the volume of `storage_vol`, which then requires a `size`.
- `user_data` (default: `{ }`): User data: a set, which becomes `#cloud-config`, or a string.
- `meta_data` (default: `{ }`): Meta data: a set that is merged with `instance-id` and `local-hostname`.
- `network_config` (default: `null`): Network configuration: a set.
- `seed` (default: built from the three above): The seed itself: a path, or a volume `{ pool; volume; }`.

# Example

```nix
lib.domain.getXML (lib.domain.templates.cloud {
  name = "web";
  image = "/var/lib/libvirt/images/debian-13-generic-amd64.qcow2";
  storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; };
  user_data.ssh_authorized_keys = [ "ssh-ed25519 AAAA… alice" ];
})
```
*/
let
  linuxOf = import ./linux.nix;
  storage = import ./storage.nix;
in
  arguments @ {
    name,
    user_data ? {},
    meta_data ? {},
    network_config ? null,
    seed ? guest-install.nocloud {inherit name user_data meta_data network_config;},
    image ? null,
    storage_vol ? null,
    ...
  }: let
    # The image fills the volume once, when it is created.
    disk =
      if image == null
      then storage_vol
      else if storage_vol ? size
      then {content = image;} // storage_vol
      else
        throw ''
          cloud: `image` requires a `storage_vol` with a `size`
          hint: set storage_vol = { pool = "default"; volume = "${name}.qcow2"; size = "20 GiB"; }'';
    linux = linuxOf ({boot = ["hd"];} // arguments // {storage_vol = disk;});
    seedDisk =
      storage.cdrom {
        disc = seed;
        target = {
          dev = "vdz";
          bus = "virtio";
        };
      }
      // {device = "disk";};
    hardDisks = builtins.filter (disk: disk.device == "disk") linux.devices.disk;
  in
    linux // {devices = linux.devices // {disk = hardDisks ++ [seedDisk];};}
