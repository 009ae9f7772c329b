# A network behind NAT: guests reach what the host reaches, and are not reached. See docs/templates.md for its arguments.
import ./subnet.nix "nat"
