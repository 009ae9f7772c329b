{
  name = "weekly-1";
  description = "since the last whole backup";
  disks.disk = [
    {
      name = "vda";
      checkpoint = "bitmap";
      bitmap = "weekly-1";
    }
    {
      name = "vdb";
      checkpoint = "no";
    }
  ];
}
