# A PC of the newer kind, with SATA and PCI Express. See docs/templates.md for its arguments.
import ./base.nix {
  machine = "q35";
  cdromTarget = {
    dev = "sdc";
    bus = "sata";
  };
}
