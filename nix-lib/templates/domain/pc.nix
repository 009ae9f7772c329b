# A PC of the older kind, with IDE and PCI. See docs/templates.md for its arguments.
import ./base.nix {
  machine = "pc";
  cdromTarget = {
    dev = "hdc";
    bus = "ide";
  };
}
