{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  cpu.numa.cell.memory = "2 GiBs";
}
