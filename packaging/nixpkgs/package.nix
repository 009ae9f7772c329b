# The commands `nixvirt` and `virtdeclare`, in the form of nixpkgs' pkgs/by-name/ni/nixvirt/package.nix. The flake builds this
# package from the project itself.
{
  fetchgit,
  installShellFiles,
  lib,
  libvirt,
  nix-update-script,
  pkg-config,
  rustPlatform,
  stdenv,
  testers,
}:
rustPlatform.buildRustPackage (finalAttrs: {
  pname = "nixvirt";
  version = "0.1.0";

  src = fetchgit {
    url = "https://git.example.org/nixvirt";
    tag = "v${finalAttrs.version}";
    hash = lib.fakeHash;
  };

  cargoHash = lib.fakeHash;

  # The workspace also has a plugin of Nix, and tests that need a libvirt daemon.
  cargoBuildFlags = ["--package=nixvirt" "--package=nixvirt-libvirt"];
  cargoTestFlags = ["--package=nixvirt-schema" "--package=nixvirt"];

  nativeBuildInputs = [
    installShellFiles
    pkg-config
  ];

  buildInputs = [libvirt];

  # A cross build omits these files: its build platform cannot run the command.
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    $out/bin/nixvirt man --dir manual
    installManPage manual/*
    for program in nixvirt virtdeclare; do
      for shell in bash zsh fish; do $out/bin/nixvirt completions $shell $program > $program.$shell; done
      installShellCompletion --cmd $program --bash $program.bash --zsh $program.zsh --fish $program.fish
    done
  '';

  passthru = {
    updateScript = nix-update-script {};
    tests.version = testers.testVersion {package = finalAttrs.finalPackage;};
  };

  meta = {
    description = "Declare libvirt's guests, networks and storage, and apply the changes";
    license = lib.licenses.mit;
    mainProgram = "nixvirt";
    maintainers = [];
    platforms = lib.platforms.linux;
  };
})
