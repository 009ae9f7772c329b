# What guests are installed with.
{pkgs}: {
  # A disc image of the VirtIO drivers for Windows.
  virtio-win.iso = pkgs.runCommand "virtio-win.iso" {} ''
    ${pkgs.cdrtools}/bin/mkisofs -J -V VIRTIO-WIN -o $out ${pkgs.virtio-win}
  '';
}
