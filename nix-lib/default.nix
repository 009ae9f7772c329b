# The library, `NixVirt.lib`. `pkgs` is used only to build: disc images, and store files that refer to other packages. `libvirt` is
# the release of libvirt that specs are for, if known.
{
  pkgs,
  libvirt ? null,
}: let
  kind = import ./kind.nix {inherit libvirt pkgs;};
  getXML = name: (kind name).getXML;
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
  for = pkgs: import ./default.nix {inherit libvirt pkgs;};

  /**
  The library for a release of libvirt, such as the one that a host runs: `getXML` and `writeXML` print a warning for each
  attribute and value that is newer, and `validate` lists these warnings. Only the plugin checks releases.

  The modules do this for the package of the daemon.

  # Type

  ```
  forLibvirt :: String -> Library
  ```

  # Example

  ```nix
  (lib.forLibvirt "11.3").domain.getXML { type = "kvm"; name = "web"; memory = "2 GiB"; os.type = "hvm"; }
  ```
  */
  forLibvirt = libvirt: import ./default.nix {inherit libvirt pkgs;};

  /**
  The manifest of modules, as a file for `nixvirt apply`: for hosts without NixOS and Home Manager, and for CI.

  `modules` are written as for NixOS and Home Manager: they set `virtualisation.libvirt.connections`. Only the manifest is made: you
  open the firewall yourself. `hooks` and failed checks are evaluation errors. Warnings are printed.
  The result is a derivation. Its attribute `manifest` is the manifest as a set, and `config` is the configuration.

  `lib` is the library of nixpkgs. By default, it belongs to the packages that this library uses.

  # Type

  ```
  manifest :: { modules :: [Module], lib :: Set ? pkgs.lib, specialArgs :: Set ? { } } -> Derivation
  ```

  # Example

  ```nix,fragment
  lib.manifest { modules = [ ./guests.nix ]; }
  ```
  */
  manifest = import ./manifest.nix {inherit pkgs;};

  /**
  The guests of several hosts. Each guest runs on the host that it names, or on a host with enough resources for it.

  `hosts` is a set of hosts by name, each with:

  - `memory` (default: `null`): memory for guests, such as `"64 GiB"`; `null` is no limit.
  - `vcpus` (default: `null`): number of vCPUs for guests; `null` is no limit.
  - `labels` (default: `{ }`): labels that guests can require, such as `{ gpu = true; zone = "a"; }`.
  - `uri` (default: `"qemu+ssh://root@NAME/system"`): connection URI of the host, for `nixvirt apply`.
  - `connection` (default: `{ }`): other declarations of the host, such as `networks` and `pools`, as in
    `virtualisation.libvirt.connections`.

  `guests` is a set of guests by name, each with the options of a domain, such as `definition` and `active`, and
  `placement` with:

  - `host` (default: `null`): host of the guest.
  - `labels` (default: `{ }`): labels that the host must have.
  - `apart` (default: `null`): name of a group whose guests run on different hosts.
  - `memory`, `vcpus` (default: those of the definition): memory and vCPUs that the guest occupies on the host.

  The placement depends only on these arguments, so it is the same in every evaluation. A new host gets a share of the guests, and
  the other guests stay where they are, as long as they fit. A guest that fits nowhere is an error.

  The result has:

  - `placement`: host of each guest.
  - `manifest`: manifest for `nixvirt apply`, with a connection for each host.
  - `modules`: modules of that manifest.
  - `hosts`: for each host, `guests`, `free` (memory in KiB and vCPUs that are left; `null` is no limit), and `module`
    (declarations of the host in `qemu:///system`, for NixOS).

  # Type

  ```
  fleet :: { hosts :: { name :: Host }, guests :: { name :: Guest }, lib :: Set ? pkgs.lib } -> Fleet
  ```

  # Example

  ```nix,fragment
  lib.fleet {
    hosts.alpha = { memory = "64 GiB"; labels.gpu = true; };
    hosts.beta = { memory = "32 GiB"; };
    guests.web = { definition = lib.domain.templates.linux { name = "web"; }; active = true; };
  }
  ```
  */
  fleet = import ./fleet.nix {inherit pkgs;};

  # nixpkgs reads this of a module. Without it, `imports = [ NixVirt.lib ]` fails with options that do not exist.
  imports = throw ''
    NixVirt.lib is the library, not a module
    hint: import `NixVirt.nixosModules.default`, or `NixVirt.homeModules.default` in Home Manager'';

  xml = import ./xml.nix;

  seed = import ./seed.nix;

  domain =
    kind "domain"
    // {
      templates = templates.domain;
      passthrough = import ./templates/domain/passthrough.nix;
      toKubeVirt = import ./kubevirt {inherit getXML;};
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
