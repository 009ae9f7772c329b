# The package of the commands `nixvirt` and `virtdeclare`, with manual pages and completion scripts.
{pkgs}:
import ./crate.nix {inherit pkgs;} "nixvirt" {
  cargoBuildFlags = ["-p" "nixvirt" "-p" "nixvirt-libvirt"];
  nativeBuildInputs = [pkgs.pkg-config];
  buildInputs = [pkgs.libvirt];
  # The command writes its manual and completions itself. A cross build omits them: its build platform cannot run the command.
  postInstall =
    if pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform
    then ''
      $out/bin/nixvirt man --dir $out/share/man/man1
      mkdir -p $out/share/bash-completion/completions $out/share/zsh/site-functions $out/share/fish/vendor_completions.d
      for program in nixvirt virtdeclare; do
        $out/bin/nixvirt completions bash $program > $out/share/bash-completion/completions/$program
        $out/bin/nixvirt completions zsh $program > $out/share/zsh/site-functions/_$program
        $out/bin/nixvirt completions fish $program > $out/share/fish/vendor_completions.d/$program.fish
      done
    ''
    else "";
}
