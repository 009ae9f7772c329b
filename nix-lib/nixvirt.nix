# The package of the commands `nixvirt` and `virtdeclare`, with manual pages and completion scripts.
{pkgs}:
import ./crate.nix {inherit pkgs;} "nixvirt" {
  cargoBuildFlags = ["-p" "nixvirt" "-p" "nixvirt-libvirt"];
  nativeBuildInputs = [pkgs.pkg-config pkgs.installShellFiles];
  buildInputs = [pkgs.libvirt];
  # The command writes its manual and completions itself. A cross build omits them: its build platform cannot run the command.
  postInstall =
    if pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform
    then ''
      $out/bin/nixvirt man --dir manual
      installManPage manual/*
      for shell in bash zsh fish; do $out/bin/nixvirt completions $shell > nixvirt.$shell; done
      installShellCompletion --cmd nixvirt --bash nixvirt.bash --zsh nixvirt.zsh --fish nixvirt.fish
    ''
    else "";
  meta = {
    description = "Declare libvirt's guests, networks and storage, and apply the changes";
    license = pkgs.lib.licenses.mit;
    mainProgram = "nixvirt";
  };
}
