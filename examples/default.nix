# The examples: specs by kind and name. The tests render and validate each of them.
lib: {
  domain = {
    debian-test = import ./domain/debian-test.nix lib;
    windows-dev = import ./domain/windows-dev.nix lib;
    hand-written = import ./domain/hand-written.nix;
  };
  network.vm-bridge = import ./network/vm-bridge.nix;
  pool.vm-storage = import ./pool/vm-storage.nix;
}
