# The programs of `nix run .#NAME`.
{pkgs}: let
  packages = import ./packages.nix {inherit pkgs;};
  app = description: program: {
    type = "app";
    inherit program;
    meta = {inherit description;};
  };
  nixvirt = app "Bring libvirt in line with a manifest" "${packages.nixvirt}/bin/nixvirt";
in {
  default = nixvirt;
  inherit nixvirt;
  virtdeclare = app "Define, start or stop a single libvirt object" "${packages.nixvirt}/bin/virtdeclare";
  demo = app "Render the examples with the plugin, and show the errors of an invalid spec" (pkgs.lib.getExe (pkgs.writeShellApplication {
    name = "demo";
    runtimeInputs = [pkgs.libvirt packages.nixvirt];
    text = ''
      export NIXVIRT_PLUGIN=${packages.plugin}/lib/libnixvirt.so
      cd ${../.} && exec dev/demo
    '';
  }));
}
