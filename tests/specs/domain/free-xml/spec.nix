lib: {
  type = "kvm";
  name = "free";
  memory = "64 MiB";
  os.type = "hvm";
  metadata = with lib.xml; [
    (elem "libosinfo:libosinfo" [(attr "xmlns:libosinfo" "http://libosinfo.org/xmlns/libvirt/domain/1.0")] [
      (elem "libosinfo:os" [(attr "id" "http://microsoft.com/win/11")] null)
      none
    ])
    (elem "note" [(attr "xmlns" "urn:note")] "less < more & 'quoted'")
    (opt false (elem "absent" [] null))
    "<plain xmlns='urn:plain'/>"
  ];
  devices.memballoon = {
    model = "virtio";
    extra.attributes = {};
  };
}
