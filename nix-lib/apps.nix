# What `nix run .#NAME` runs.
{pkgs}: let
  ours = import ./packages.nix {inherit pkgs;};
  app = program: {
    type = "app";
    inherit program;
  };
in {
  default = app "${ours.nixvirt}/bin/nixvirt";
  nixvirt = app "${ours.nixvirt}/bin/nixvirt";
  virtdeclare = app "${ours.nixvirt}/bin/virtdeclare";
  demo = app (pkgs.lib.getExe (pkgs.writeShellApplication {
    name = "demo";
    runtimeInputs = [pkgs.libvirt ours.nixvirt];
    text = ''
      export NIXVIRT_PLUGIN=${ours.plugin}/lib/libnixvirt.so
      cd ${../.} && exec dev/demo
    '';
  }));
}
