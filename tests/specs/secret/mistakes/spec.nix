{
  ephemeral = "maybe";
  uuid = "b1d3c0c5";
  value = "never in here";
  usage = {
    type = "iscsi";
    name = "target";
  };
}
