# A network of guests among themselves and with the host. See docs/templates.md for its arguments.
import ./subnet.nix null
