# The parts of a NixOS configuration that the template reads.
lib: let
  web = {
    config = {
      networking.hostName = "web";
      boot.kernelParams = ["console=ttyS0" "loglevel=4"];
      system.build.toplevel = "/nix/store/i86d5hp85cf6cv4xlz9nlabrxmsnmcd9-nixos-system-web";
    };
    pkgs.stdenv.hostPlatform.system = "x86_64-linux";
    extendModules = _: web;
  };
in
  lib.domain.templates.nixos {
    nixosConfiguration = web;
    memory = "1 GiB";
    storage_vol = {
      pool = "default";
      volume = "web.qcow2";
      size = "8 GiB";
    };
    bridge_name = "virbr74";
    unknown = "is ignored";
  }
