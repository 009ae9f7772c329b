# libvirt takes a mode that its schema does not know.
lib: {
  name = "lan";
  forward.mode = "none";
  bridge.name = "virbr7";
}
