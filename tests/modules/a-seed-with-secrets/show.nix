{
  here,
  xml,
  ...
}: {
  "volumes.json" = map (it: removeAttrs it ["definition"] // {xml = xml it;}) (builtins.head here.pools).volumes;
}
