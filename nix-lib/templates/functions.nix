# The functions of all templates, by kind.
{guest-install}: {
  domain = {
    pc = import ./domain/pc.nix;
    q35 = import ./domain/q35.nix;
    linux = import ./domain/linux.nix;
    windows = import ./domain/windows.nix {inherit guest-install;};
    windows11 = import ./domain/windows11.nix {inherit guest-install;};
    aarch64 = import ./domain/aarch64.nix;
    cloud = import ./domain/cloud.nix {inherit guest-install;};
    nixos = import ./domain/nixos.nix;
  };

  network = {
    bridge = import ./network/bridge.nix;
    nat = import ./network/nat.nix;
    isolated = import ./network/isolated.nix;
    route = import ./network/route.nix;
  };

  pool = {
    dir = import ./pool/dir.nix;
    logical = import ./pool/logical.nix;
    zfs = import ./pool/zfs.nix;
    netfs = import ./pool/netfs.nix;
  };

  volume = {
    qcow2 = import ./volume/qcow2.nix;
    raw = import ./volume/raw.nix;
    logical = import ./volume/logical.nix;
    zfs = import ./volume/zfs.nix;
  };
}
