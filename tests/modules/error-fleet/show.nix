# All guests that no host takes are reported, with what each host lacks.
{
  lib,
  pkgs,
  ...
}: let
  library = import ../../../nix-lib {inherit pkgs;};
  guest = placement: {
    definition.memory = "4 GiB";
    inherit placement;
  };
in {
  "placement.json" =
    (library.fleet {
      inherit lib;
      hosts = {
        alpha = {
          memory = "16 GiB";
          vcpus = 4;
        };
        beta.memory = "8 GiB";
      };
      guests = {
        elsewhere = guest {host = "alpah";};
        first = guest {
          apart = "group";
          host = "beta";
        };
        large = guest {memory = "64 GiB";};
        many = guest {vcpus = 8;} // {vcpu.count = 2;};
        render = guest {labels.gpu = true;};
        second = guest {
          apart = "group";
          host = "beta";
        };
        unknown.definition = "/unknown.xml";
      };
    })
    .placement;
}
