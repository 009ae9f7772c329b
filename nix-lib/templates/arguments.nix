# Checks the arguments of a template. NixVirt 0.6 ignored unknown ones, so that they are warnings here: a misspelled argument would
# have no effect, unsaid.
#
# # Type
# arguments :: { template :: String, known :: { name :: Any } } -> (Arguments -> Spec) -> Arguments -> Spec
{
  template,
  known,
}: let
  inherit (builtins) attrNames filter foldl' removeAttrs toJSON;
  names = attrNames known;

  # What people call an argument, and its name.
  likely = {
    agent = "guest_agent";
    answer_file = "unattended";
    autounattend = "unattended";
    boot_order = "boot";
    bridge = "bridge_name";
    cdrom = "install_vol";
    cores = "topology";
    cpu = "vcpu";
    cpu_pinning = "pinning";
    cpus = "vcpu";
    cputune = "pinning";
    disk = "storage_vol";
    disks = "extra_disks";
    efi = "firmware";
    evdev = "evdev_devices";
    filesystem = "shares";
    filesystems = "shares";
    gpu = "pci_devices";
    graphics = "display";
    headless = "display";
    hostdev = "pci_devices";
    iso = "install_vol";
    kvmfr = "looking_glass";
    loader = "firmware";
    mac = "net_iface_mac";
    mac_address = "net_iface_mac";
    network_name = "network";
    nvram = "nvram_path";
    passthrough = "pci_devices";
    pci = "pci_devices";
    ram = "memory";
    serial = "console";
    shared_folders = "shares";
    smbios = "host_smbios";
    spice = "display";
    uefi = "firmware";
    usb = "usb_devices";
    vfio = "pci_devices";
    virtiofs = "shares";
    vnc = "display";
  };
  # What belongs to the object, beside its definition.
  settings = ["active" "autostart" "onChange" "restart" "shutdown"];

  warn = builtins.warn or (message: builtins.trace "warning: ${message}");
  advice = name: let
    near = likely.${name} or ((import ../render/problem.nix).closest name names);
  in
    if builtins.elem name settings
    then "set it beside `definition`"
    else if near != null && known ? ${near}
    then "did you mean ${toJSON near}?"
    else "change the spec instead, as in `${template} { … } // { … }`";
  warning = spec: name: warn "${template}: the argument ${toJSON name} has no effect; ${advice name}" spec;
in
  make: arguments: let
    unknown = removeAttrs arguments names;
    missing = filter (name: !known.${name} && !arguments ? ${name}) names;
  in
    if missing != []
    then
      throw "${template}: missing argument${
        if builtins.tail missing == []
        then ""
        else "s"
      } ${builtins.concatStringsSep ", " (map (name: "`${name}`") missing)}"
    else if unknown == {}
    then make arguments
    else foldl' warning (make arguments) (attrNames unknown)
