# Seeds: the content of volumes with which guests set themselves up. They are made at activation, so that secrets in files stay
# out of the Nix store.
let
  inherit (builtins) hashString isAttrs substring toJSON unsafeDiscardStringContext;
  # JSON is valid YAML.
  json = value: {
    text = toJSON value + "\n";
    escape = "json";
  };
in {
  /**
  A seed for cloud-init (NoCloud data source), as the `content` of a volume. The placeholder `@NAME@` in a string means the content
  of the file `secretFiles.NAME`, which is read at activation: it is in the seed, and not in the Nix store.

  The instance ID is a hash of the declared values, so that cloud-init applies a changed seed at the next start of the guest. A changed
  secret alone does not change it.

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
  A seed for Ignition and Combustion, as the `content` of a volume. Guests with the openSUSE images look for its label.

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
}
