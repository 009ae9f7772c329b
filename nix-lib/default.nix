# The library, `NixVirt.lib`. `pkgs` is used only to build: disc images, and store files that refer to other packages.
{pkgs}: let
  kind = import ./kind.nix {inherit pkgs;};
  guest-install = import ./guest-install.nix {inherit pkgs;};
  templates = import ./templates {inherit guest-install;};
in {
  inherit guest-install;

  /**
  The library for other packages: those of another system, or with your overlays.

  The library builds disc images with packages of nixpkgs. `NixVirt.lib` of the flake uses the packages of the system that
  evaluates, or those of `x86_64-linux` in a pure evaluation, which does not know its system. The modules pass a library with
  the packages of the host to your modules.

  # Type

  ```
  for :: Packages -> Library
  ```

  # Example

  ```nix
  (lib.for pkgs).domain.templates.cloud { name = "web"; }
  ```
  */
  for = pkgs: import ./default.nix {inherit pkgs;};

  xml = import ./xml.nix;

  domain =
    kind "domain"
    // {
      templates = templates.domain;
      passthrough = import ./templates/domain/passthrough.nix;
    };

  network = kind "network" // {templates = templates.network;};

  pool = kind "pool" // {templates = templates.pool;};

  volume = kind "volume" // {templates = templates.volume;};

  secret = kind "secret";

  nwfilter = kind "nwfilter";

  nodedev = kind "nodedev";

  interface = kind "interface";

  snapshot = kind "snapshot";

  checkpoint = kind "checkpoint";
}
