lib:
lib.domain.templates.windows11 {
  name = "games";
  pci_devices = [
    "01:00.0"
    {
      source.address = "0000:01:00.1";
      rom.file = "/var/lib/vbios.rom";
    }
  ];
  usb_devices = ["046d:c52b" "0x1b1c:0x1b2d"];
  evdev_devices = ["/dev/input/by-id/usb-Keyboard-event-kbd" "/dev/input/by-id/usb-Mouse-event-mouse"];
  looking_glass = "128 MiB";
  topology = {
    cores = 4;
    threads = 2;
  };
  pinning = {
    vcpus = "4-7,12-15";
    emulator = "0-1";
  };
  hugepages = "1 GiB";
  shares.data = "/srv/data";
  host_smbios = true;
}
