# What the seed declares, as this machine can run it: without KVM and without a screen that the GPU draws.
lib: let
  here = spec:
    spec
    // {
      type = "qemu";
      cpu = null;
      memory = "64 MiB";
      devices =
        spec.devices
        // {
          graphics = spec.devices.graphics // {gl = null;};
          video.model = spec.devices.video.model // {acceleration = null;};
        };
    };
in {
  domains = map (file: here (import file lib)) [./domain/debian-test.nix ./domain/windows-dev.nix];
  networks = [(import ./network/vm-bridge.nix)];
  pools = [(import ./pool/vm-storage.nix)];
}
