# Each example, and each template with the least arguments, becomes XML that libvirt's schema accepts.
{pkgs}: let
  lib = import ./. {inherit pkgs;};
  examples = import ../examples lib;
  templates = import ../examples/templates.nix lib;

  check = kind: name: spec: {
    name = "${kind}-${name}";
    value = pkgs.runCommand "check-${kind}-${name}" {} ''
      ${pkgs.libvirt}/bin/virt-xml-validate ${lib.${kind}.writeXML spec} ${schemas.${kind}}
      touch $out
    '';
  };

  # What virt-xml-validate calls them.
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

  every = specs: builtins.concatLists (builtins.attrValues (builtins.mapAttrs (kind: named: builtins.attrValues (builtins.mapAttrs (check kind) named)) specs));
in
  builtins.listToAttrs (every examples ++ every templates)
