# Shows the volumes of the first domain and of the pools.
{
  here,
  xml,
  ...
}: let
  of = map (it: removeAttrs it ["definition"] // {xml = xml it;});
in {
  "volumes.json" = {
    domain = of (builtins.head here.domains).volumes;
    pools = map (it: of it.volumes) (
      if here.pools == null
      then []
      else here.pools
    );
  };
}
