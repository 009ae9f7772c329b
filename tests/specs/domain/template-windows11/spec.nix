lib:
lib.domain.templates.windows11 {
  name = "windows11";
  vcpu.count = 8;
  features = {
    hyperv = {
      spinlocks = false;
      evmcs = true;
    };
    kvm.hidden = true;
  };
}
