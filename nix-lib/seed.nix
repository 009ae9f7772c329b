# Seeds: the content of volumes with which guests set themselves up. They are made at activation, so that secrets in files stay
# out of the Nix store.
let
  inherit (builtins) elemAt genList hashString head isAttrs length match stringLength substring toJSON unsafeDiscardStringContext;
  mebibytes = size: let
    kib = (import ./fleet/size.nix).kib size;
  in
    if kib == null || kib < 1024
    then throw ''disks: expected a size, e.g. "100 GiB", found ${toJSON size}''
    else kib / 1024;
  # A partition of an answer file, by its place among those of its disk.
  partition = isLast: {
    size ? null,
    label ? null,
    letter ? null,
  }:
    if size == null && !isLast
    then throw "disks: only the last partition of a disk can have no `size`"
    else if label != null && stringLength label > 32
    then throw "disks: expected a label of at most 32 characters, found ${toJSON label}"
    else if letter != null && match "[C-Z]" letter == null
    then throw "disks: expected a letter from C to Z, found ${toJSON letter}"
    else {
      inherit label letter;
      size =
        if size == null
        then null
        else mebibytes size;
    };
  partitions = disk: genList (at: partition (at == length disk - 1) (elemAt disk at)) (length disk);
  # JSON is valid YAML.
  json = value: {
    text = toJSON value + "\n";
    escape = "json";
  };
in {
  /**
  A seed for cloud-init (NoCloud data source), as the `content` of a volume. The placeholder `@NAME@` in a string means the content
  of the file `secretFiles.NAME`, which is read at activation: the secret is in the seed, but not in the Nix store.

  The instance ID is a hash of the declared values, so that cloud-init applies a changed declaration at the next start of the guest. A
  changed secret alone keeps the ID, and cloud-init does not apply it.

  # Type

  ```
  cloudInit :: Arguments -> Content
  ```

  # Arguments

  - `name`: Name of the guest: the default host name, and part of the instance ID. Required.
  - `userData` (default: `{ }`): User data: a set, which becomes `#cloud-config`, or a string.
  - `metaData` (default: `{ }`): Meta data: a set that is merged with `instance-id` and `local-hostname`.
  - `networkConfig` (default: `null`): Network configuration: a set.
  - `secretFiles` (default: `{ }`): Files with secrets, by the names of their placeholders.

  # Example

  ```nix
  lib.seed.cloudInit {
    name = "web";
    userData.users = [ { name = "alice"; plain_text_passwd = "@password@"; lock_passwd = false; } ];
    secretFiles.password = "/run/secrets/web-password";
  }
  ```
  */
  cloudInit = {
    name,
    userData ? {},
    metaData ? {},
    networkConfig ? null,
    secretFiles ? {},
  }: let
    user =
      if isAttrs userData
      then json userData // {text = "#cloud-config\n${toJSON userData}\n";}
      else {text = userData;};
    digest = hashString "sha256" (unsafeDiscardStringContext (toJSON [user.text networkConfig metaData]));
  in {
    seed = {
      label = "CIDATA";
      files =
        {
          user-data = user;
          meta-data = json ({
              instance-id = "${name}-${substring 0 12 digest}";
              local-hostname = name;
            }
            // metaData);
        }
        // (
          if networkConfig == null
          then {}
          else {network-config = json networkConfig;}
        );
      inherit secretFiles;
    };
  };

  /**
  A seed for Ignition and Combustion, as the `content` of a volume. openSUSE images look for a disk with the label of this seed.

  # Type

  ```
  ignition :: Arguments -> Content
  ```

  # Arguments

  - `config` (default: `null`): Configuration of Ignition: a set.
  - `script` (default: `null`): Script of Combustion: a string.
  - `secretFiles` (default: `{ }`): Files with secrets, by the names of their placeholders.

  # Example

  ```nix
  lib.seed.ignition {
    config = {
      ignition.version = "3.4.0";
      passwd.users = [ { name = "root"; passwordHash = "@hash@"; } ];
    };
    secretFiles.hash = "/run/secrets/root-password-hash";
  }
  ```
  */
  ignition = {
    config ? null,
    script ? null,
    secretFiles ? {},
  }: {
    seed = {
      label = "ignition";
      files =
        (
          if config == null
          then {}
          else {"ignition/config.ign" = json config;}
        )
        // (
          if script == null
          then {}
          else {"combustion/script" = {text = script;};}
        );
      inherit secretFiles;
    };
  };

  /**
  A seed with an answer file for Windows Setup, as the `content` of a volume: Windows is installed without a question, with a local
  administrator, the VirtIO drivers and the guest tools. Windows looks for the file on a removable disk, so the volume belongs on
  a USB disk with `removable = true`.

  The answer file wipes the first disk of the guest, and the others that `disks` lists. The file is for UEFI, and for Windows 10, 11,
  LTSC and Windows Server with an amd64 processor. At the end of the installation, Windows ejects the discs. They are in the drives again
  at the next start, unless the declaration has changed.

  # Type

  ```
  windows :: Arguments -> Content
  ```

  # Arguments

  - `user`: Name of the administrator. Required.
  - `passwordFile`: File with the password, which is read at activation. Required.
  - `computerName` (default: `"*"`): Name of the computer, at most 15 characters. With `"*"`, Windows chooses a name.
  - `locale` (default: `"en-US"`): Language and formats. The disc must have the language.
  - `keyboard` (default: `locale`): Keyboard layout, such as `"de-DE"` or `"0407:00000407"`.
  - `timezone` (default: `"UTC"`): Time zone by its name in Windows, such as `"W. Europe Standard Time"`.
  - `edition` (default: `"Windows 11 Pro"`): Name of the image on the disc.
  - `disks` (default: `[ [ { } ] ]`): Partitions of each disk, as in
    `[ [ { size = "100 GiB"; } { label = "Data"; letter = "E"; } ] [ { label = "Games"; } ] ]`. The first partition of the first disk is for
    Windows. The last partition of a disk needs no `size`: it takes the rest of the disk. `letter` is the letter of the drive. If null, Windows
    chooses one.
  - `productKeyFile` (default: `null`): File with the product key, which is read at activation. Without a key, Setup may ask for one.
  - `drivers` (default: those of disks and network interfaces for Windows 11): Folders of drivers on the drivers' disc.
  - `remoteDesktop` (default: `false`): Whether Remote Desktop is on, and the firewall allows it.
  - `commands` (default: `[ ]`): Commands that run at the first logon, after the guest tools are installed.

  # Example

  ```nix
  lib.seed.windows {
    user = "alice";
    passwordFile = "/run/secrets/windows-password";
    timezone = "W. Europe Standard Time";
  }
  ```
  */
  windows = {
    user,
    passwordFile,
    computerName ? "*",
    locale ? "en-US",
    keyboard ? locale,
    timezone ? "UTC",
    edition ? "Windows 11 Pro",
    disks ? [[{}]],
    productKeyFile ? null,
    drivers ? ["viostor\\w11\\amd64" "vioscsi\\w11\\amd64" "NetKVM\\w11\\amd64"],
    remoteDesktop ? false,
    commands ? [],
  }: {
    seed = {
      label = "ANSWERS";
      files."Autounattend.xml" = {
        text = import ./answer-file.nix {
          inherit user computerName locale keyboard timezone edition drivers remoteDesktop commands;
          password = "@password@";
          disks =
            if disks == [] || head disks == []
            then throw "disks: expected a partition for Windows on the first disk"
            else map partitions disks;
          productKey =
            if productKeyFile == null
            then null
            else "@productKey@";
        };
        escape = "xml";
      };
      secretFiles =
        {password = passwordFile;}
        // (
          if productKeyFile == null
          then {}
          else {productKey = productKeyFile;}
        );
    };
  };
}
