# The examples: for each kind, specs by name. Each is rendered and validated by the tests.
lib: {
  domain = {
    debian-test = import ./domain/debian-test.nix lib;
    windows-dev = import ./domain/windows-dev.nix lib;
    hand-written = import ./domain/hand-written.nix;
  };
  network.vm-bridge = import ./network/vm-bridge.nix;
  pool.vm-storage = import ./pool/vm-storage.nix;
}
