lib: let
  linux = lib.domain.templates.linux {name = "gpu";};
in
  linux
  // {
    devices =
      linux.devices
      // {
        hostdev =
          lib.domain.passthrough [
            "01:00.0"
            {
              source.address = "0000:01:00.1";
              rom.bar = false;
            }
          ]
          ++ lib.domain.passthrough "02:00.0";
      };
  }
