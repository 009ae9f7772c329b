lib:
lib.domain.templates.linux {
  name = "games";
  looking_glass = {
    kvmfr = "/dev/kvmfr0";
    size = "32 MiB";
  };
  hugepages = true;
  pinning = [2 3 10 11];
}
