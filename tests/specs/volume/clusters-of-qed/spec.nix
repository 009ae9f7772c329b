# QEMU refuses an image of any size with clusters of 4 MiB or more.
{
  name = "data";
  capacity = "1 GiB";
  target = {
    format.type = "qed";
    clusterSize = "4 MiB";
  };
}
