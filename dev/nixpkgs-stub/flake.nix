{
  description = "As much of nixpkgs as this project's own checks ask for, where there is no network";

  outputs = _: let
    packages = system: let
      shell = name: environment: script:
        derivation ({
            inherit name system;
            builder = "/bin/sh";
            PATH = "/usr/bin:/bin";
            args = ["-euc" script];
          }
          // environment);
      # A package that is there for its name alone.
      named = name: shell name {} "mkdir $out";
    in rec {
      lib = {
        fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        getExe = package: "${package}/bin/${package.name}";
        licenses.mit = {};
        optionalString = condition: text:
          if condition
          then text
          else "";
        platforms.linux = [];
        fileset = {
          toSource = {root, ...}: root;
          unions = files: files;
        };
        # The module system is not here: a configuration declares nothing.
        evalModules = _: let
          nothing."nixvirt/manifest.json".source = writeText "nixvirt-manifest.json" ''{"version": 1, "connections": {}}'';
        in {
          options.virtualisation = {};
          config = {
            assertions = [];
            warnings = [];
            environment.etc = nothing;
            xdg.configFile = nothing;
          };
        };
        optionAttrSetToDocList = _: [];
      };
      runCommand = shell;
      writeTextFile = {
        name,
        text,
      }:
        shell name {
          inherit text;
          passAsFile = ["text"];
        } "cp $textPath $out";
      writeText = name: text: writeTextFile {inherit name text;};
      writeShellScript = name: text:
        shell name {
          inherit text;
          passAsFile = ["text"];
        } "{ echo '#!/bin/sh'; cat $textPath; } > $out; chmod +x $out";
      writeShellApplication = {
        name,
        text,
        runtimeInputs ? [],
      }:
        shell name {
          inherit text runtimeInputs;
          passAsFile = ["text"];
        } "mkdir -p $out/bin; cp $textPath $out/bin/${name}; chmod +x $out/bin/${name}";
      mkShell = arguments: shell "shell" arguments "mkdir $out";
      callPackage = file: more: let
        make = import file;
      in
        make (builtins.intersectAttrs (builtins.functionArgs make) (packages system) // more);
      # As nixpkgs does it, arguments are a set, or a function of the final arguments; `overrideAttrs` changes them.
      rustPlatform.importCargoLock = _: named "cargo-deps";
      rustPlatform.buildRustPackage = given: let
        arguments =
          if builtins.isFunction given
          then given (arguments // {finalPackage = result;})
          else given;
        passthru = arguments.passthru or {};
        result =
          built arguments
          // passthru
          // {
            inherit passthru;
            inherit (arguments) meta version;
            overrideAttrs = change:
              (packages system).rustPlatform.buildRustPackage (arguments
                // (
                  if builtins.isFunction change
                  then change arguments
                  else change
                ));
          };
      in
        result;
      # Everything was built before, and is found in /run/nixvirt.
      built = {
        pname,
        buildInputs ? [],
        postInstall ? "",
        ...
      }:
        shell pname {inherit buildInputs;} ''
          installManPage() { mkdir -p $out/share/man/man1; cp "$@" $out/share/man/man1; }
          installShellCompletion() {
            mkdir -p $out/share/bash-completion/completions $out/share/zsh/site-functions $out/share/fish/vendor_completions.d
            cp "$4" $out/share/bash-completion/completions/$2.bash
            cp "$6" $out/share/zsh/site-functions/_$2
            cp "$8" $out/share/fish/vendor_completions.d/$2.fish
          }
          mkdir -p $out/bin $out/lib
          ln -s /run/nixvirt/nixvirt /run/nixvirt/virtdeclare $out/bin
          ln -s /run/nixvirt/libnixvirt.so /run/nixvirt/libnixvirt_nix.so /run/nixvirt/libnixvirt_c_api.so $out/lib
          ${postInstall}'';
      # The root's own.
      libvirt = shell "libvirt" {} "mkdir -p $out/bin; ln -s /usr/bin/virt-xml-validate $out/bin/";
      alejandra = named "alejandra";
      busybox = named "busybox";
      iproute2 = named "iproute2";
      home-manager.src = ./home-manager;
      path = ./.;
      # A build for another platform takes its tools from here.
      buildPackages = {inherit pkg-config installShellFiles;};
      boost = named "boost";
      cargo = named "cargo";
      clippy = named "clippy";
      # The root's own is where every command finds it.
      mdbook = named "mdbook";
      # The root has one Nix, under each name.
      nix = shell "nix" {} "mkdir $out; ln -s /opt/nix/bin $out/bin" // {version = builtins.nixVersion;};
      nixVersions = {
        nix_2_24 = nix;
        nix_2_26 = nix;
        nix_2_31 = throw "nix_2_31 has been removed";
      };
      curl = named "curl";
      openssh = named "openssh";
      qemu = named "qemu";
      # `buildRustPackage` above has its functions.
      installShellFiles = named "installShellFiles";
      OVMFFull.fd = named "OVMF";
      fetchgit = _: named "source";
      nix-update-script = _: named "update-script";
      testers = {
        # The virtual machines of a test are not started here: their configurations are evaluated in tests/modules.
        runNixOSTest = test: named "vm-test-run-${test.name}" // {inherit test;};
        testVersion = {package}:
          shell "test-version" {} ''
            case $(${package}/bin/${package.meta.mainProgram} --version) in *${package.version}*) touch $out ;; esac
          '';
      };
      nlohmann_json = named "nlohmann_json";
      pkg-config = named "pkg-config";
      qemu-utils = named "qemu-utils";
      rustc = named "rustc";
      rustfmt = named "rustfmt";
      stdenv = {
        buildPlatform.canExecute = _: true;
        hostPlatform = {
          inherit system;
          isx86_64 = system == "x86_64-linux";
        };
      };
      swtpm = named "swtpm";
      # It runs a command and notes that, where a manager of users would give it a scope.
      systemd = shell "systemd" {} ''
        mkdir -p $out/bin
        printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; echo "$@" >> /tmp/scopes\nexec "$@"\n' > $out/bin/systemd-run
        chmod +x $out/bin/systemd-run
      '';
      virtio-win = named "virtio-win";
      # It packs a folder, so that tests can see what is in it.
      xorriso = shell "xorriso" {} ''
        mkdir -p $out/bin
        printf '#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" != -o ] || out=$2; shift; done\ntar -cf "$out" -C "$1" .\n' > $out/bin/xorriso
        chmod +x $out/bin/xorriso
      '';
    };
  in {
    legacyPackages = {
      x86_64-linux = packages "x86_64-linux";
      aarch64-linux = packages "aarch64-linux";
    };
  };
}
