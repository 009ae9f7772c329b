# The `hostdev` element that assigns a USB device of the host, which has an ID as `lsusb` prints it. The guest starts without a
# device that is not plugged in.
id: let
  parts = builtins.match "(0x)?([0-9a-fA-F]{4}):(0x)?([0-9a-fA-F]{4})" id;
  part = at: "0x${builtins.elemAt parts at}";
in
  if parts == null
  then
    throw ''
      usb_devices: invalid ID of a USB device ${builtins.toJSON id}: expected an ID such as "046d:c52b"
      hint: `nixvirt doctor` lists the USB devices of the host''
  else {
    mode = "subsystem";
    type = "usb";
    managed = true;
    source = {
      startupPolicy = "optional";
      vendor.id = part 1;
      product.id = part 3;
    };
  }
