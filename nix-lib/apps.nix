# What `nix run .#NAME` runs.
{pkgs}: let
  ours = import ./packages.nix {inherit pkgs;};
  app = description: program: {
    type = "app";
    inherit program;
    meta = {inherit description;};
  };
in {
  default = app "Makes libvirt's objects as they are declared" "${ours.nixvirt}/bin/nixvirt";
  nixvirt = app "Makes libvirt's objects as they are declared" "${ours.nixvirt}/bin/nixvirt";
  virtdeclare = app "Defines, starts and stops one object of libvirt" "${ours.nixvirt}/bin/virtdeclare";
  demo = app "Shows the plugin at work" (pkgs.lib.getExe (pkgs.writeShellApplication {
    name = "demo";
    runtimeInputs = [pkgs.libvirt ours.nixvirt];
    text = ''
      export NIXVIRT_PLUGIN=${ours.plugin}/lib/libnixvirt.so
      cd ${../.} && exec dev/demo
    '';
  }));
}
