{
  capacity = "20 Gigs";
  target.format = "qcow2";
}
