# The checks of `nix flake check`:
#
# - `KIND-NAME`: libvirt's schema accepts the XML of each example, and of each template with only the required arguments.
# - `plugin`: with the plugin, the XML is the same as without.
# - `modules-nixos`, `modules-home-manager`: the flake templates evaluate with the modules, without a warning, and their manifest
#   is valid.
# - `rust-tests`: the tests of the crates `nixvirt-schema` and `nixvirt`.
# - `packages`: all packages of the flake are built.
# - `version`: the command prints the version of its package.
# - `vm-NAME`: NixOS in virtual machines, see tests/vm. They need KVM.
#
# The other tests need a libvirt daemon and a root of their own: `dev/run test` runs all of them.
{pkgs}: let
  inherit (builtins) attrValues concatLists filter listToAttrs mapAttrs;
  lib = import ./. {inherit pkgs;};
  packages = import ./packages.nix {inherit pkgs;};

  # virt-xml-validate's names of the kinds.
  schemas = {
    domain = "domain";
    network = "network";
    pool = "storagepool";
    volume = "storagevol";
    secret = "secret";
    nwfilter = "nwfilter";
    nodedev = "nodedev";
    interface = "interface";
    snapshot = "domainsnapshot";
    checkpoint = "domaincheckpoint";
  };
  validation = kind: name: spec: {
    name = "${kind}-${name}";
    value = pkgs.runCommand "check-${kind}-${name}" {} ''
      ${pkgs.libvirt}/bin/virt-xml-validate ${lib.${kind}.writeXML spec} ${schemas.${kind}}
      touch $out
    '';
  };
  validations = specs: concatLists (attrValues (mapAttrs (kind: named: attrValues (mapAttrs (validation kind) named)) specs));

  # A configuration of the module of a system and the guests of its flake template, with stubs of the options that the module sets.
  manifest = system: file: let
    inherit
      (pkgs.lib.evalModules {
        specialArgs.lib = pkgs.lib.extend (_: _: {
          hm.dag.entryAfter = after: data: {inherit after data;};
        });
        modules = [
          (../tests/modules + "/${system}.nix")
          (./modules + "/${system}.nix")
          (../examples/flakes + "/${system}/guests.nix")
          {
            _module.args = {inherit pkgs;};
            nix.package = pkgs.nix;
          }
        ];
      })
      config
      ;
    problems = map (it: it.message) (filter (it: !it.assertion) config.assertions) ++ config.warnings;
  in
    pkgs.runCommand "check-modules-${system}" {} ''
      ${packages.nixvirt}/bin/nixvirt check --kind manifest ${
        if problems == []
        then (file config)."nixvirt/manifest.json".source
        else throw (builtins.concatStringsSep "\n" problems)
      }
      touch $out
    '';
in
  listToAttrs (validations (import ../examples lib) ++ validations (import ../examples/templates.nix lib))
  // {
    plugin = pkgs.runCommand "check-plugin" {} ''
      export HOME=$PWD NIX_CONFIG='extra-experimental-features = nix-command'
      evaluate() { ${pkgs.nix}/bin/nix eval --store dummy:// --impure --json "$@"; }
      with_plugin() { evaluate --plugin-files ${packages.plugin}/lib/libnixvirt.so "$@"; }
      with_plugin --expr builtins.nixvirt.version
      evaluate --file ${../.}/examples/xml.nix > without.json
      with_plugin --file ${../.}/examples/xml.nix > with.json
      cmp without.json with.json
      touch $out
    '';

    modules-nixos = manifest "nixos" (config: config.environment.etc);
    modules-home-manager = manifest "home-manager" (config: config.xdg.configFile);

    packages = pkgs.writeText "check-packages" (builtins.concatStringsSep "\n" (map toString (attrValues packages)));

    rust-tests = packages.nixvirt.overrideAttrs {
      pname = "nixvirt-tests";
      # The tests read the guide and the examples.
      src = ../.;
      doCheck = true;
    };
  }
  // packages.nixvirt.tests
