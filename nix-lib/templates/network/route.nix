# A network that the host routes, without NAT: others reach its guests where they have a route to it. See docs/templates.md
# for its arguments.
import ./subnet.nix "route"
