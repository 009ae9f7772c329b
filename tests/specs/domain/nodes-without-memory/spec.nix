# The memory of the NUMA nodes counts where `memory` is left out.
lib: {
  type = "kvm";
  name = "vm";
  os.type = "hvm";
  vcpu = 2;
  cpu.numa.cell = [
    {
      cpus = "0";
      memory = 0;
    }
    {
      cpus = "1";
      memory = "0 GiB";
    }
  ];
}
