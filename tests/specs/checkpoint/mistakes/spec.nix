{
  name = ".hidden";
  parent = "weekly-1";
  creationTime = -1;
  disks.disk = [
    {
      name = "vdb";
      checkpoint = "no";
      bitmap = "week";
    }
    {checkpoint = "yes";}
  ];
}
