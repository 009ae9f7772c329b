# Positions are lost where a function makes the set; the path still tells.
{
  name = "merged";
  ip = map (byte: builtins.mapAttrs (_: value: value) {adress = "192.168.${toString byte}.1";}) [1 2];
}
