# The `hostdev` element that assigns a USB device of the host: by its ID, or by its name in the report of the host. The guest starts
# without a device that is not plugged in.
device: let
  inherit (builtins) elemAt filter head isAttrs length map match toJSON;
  plugged = import ./findings.nix device.host "usb-devices";
  named = filter (it: it.name == device.name) plugged;
  id =
    if !isAttrs device
    then device
    else if length named == 1
    then (head named).id
    else
      throw ''
        usb_devices: expected one USB device of the name ${toJSON device.name} in the report of the host, found ${toString (length named)}
        hint: the report has ${toJSON (map (it: it.name) plugged)}'';
  parts = match "(0x)?([0-9a-fA-F]{4}):(0x)?([0-9a-fA-F]{4})" id;
  part = at: "0x${elemAt parts at}";
in
  if parts == null
  then
    throw ''
      usb_devices: invalid ID of a USB device ${toJSON id}: expected an ID such as "046d:c52b"
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
