# The parts of `os` that choose the firmware: the BIOS of the machine, UEFI that libvirt finds, or a file with UEFI.
let
  proposal = import ../proposal.nix;
  words = builtins.concatStringsSep ", " (map builtins.toJSON (import ../words.nix).domain.firmware);
in
  {
    firmware,
    secure_boot,
    nvram_path,
    nvram_template,
  }: let
    given = name: value:
      if value == null
      then {}
      else {${name} = value;};
    nvram = given "template" nvram_template // given "path" nvram_path;
  in
    if firmware == null || firmware == "bios"
    then {}
    else if firmware != "efi" && builtins.match "/.*" (toString firmware) == null
    then throw "firmware: expected ${words} or the absolute path of a file with UEFI, found ${builtins.toJSON firmware}"
    else
      (
        if firmware == "efi"
        then {
          # libvirt finds the firmware, wherever the host installs it.
          firmware =
            if secure_boot == null
            then proposal "efi"
            else [
              (proposal "efi")
              {
                feature = {
                  name = "secure-boot";
                  enabled = secure_boot;
                };
              }
            ];
          loader = {
            readonly = true;
            type = "pflash";
          };
        }
        else {
          loader =
            {
              readonly = true;
              type = "pflash";
              path = firmware;
            }
            // given "secure" secure_boot;
        }
      )
      // (
        if nvram == {}
        then {}
        else {inherit nvram;}
      )
