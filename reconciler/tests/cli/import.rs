//! `nixvirt import`.

use super::{Folder, check};
use expect_test::expect;

#[test]
fn many_files_become_one_set() {
    let folder = Folder::new(&[
        ("xml/lan.xml", "<network><name>lan</name></network>"),
        ("xml/dmz.xml", "<network><name>dmz</name><mtu size='9000'/></network>"),
        ("broken.xml", "<network>"),
        ("lan.xml", "<network><name>lan</name></network>"),
    ]);
    folder.check(
        &["import", "xml"],
        expect![[r#"
        {
          dmz = {
            name = "dmz";
            uuid = false;
            mtu.size = 9000;
          };
          lan = {
            name = "lan";
            uuid = false;
          };
        }
        exit code 0
    "#]],
    );
    folder.check(
        &["import", "--json", "xml/lan.xml", "xml/dmz.xml"],
        expect![[r#"
        {
          "dmz": {
            "name": "dmz",
            "uuid": false,
            "mtu": {
              "size": 9000
            }
          },
          "lan": {
            "name": "lan",
            "uuid": false
          }
        }
        exit code 0
    "#]],
    );
    folder.check(
        &["import", "xml", "broken.xml", "lan.xml"],
        expect![[r#"
        {
          dmz = {
            name = "dmz";
            uuid = false;
            mtu.size = 9000;
          };
          lan = {
            name = "lan";
            uuid = false;
          };
        }
        error: broken.xml: line 1, column 10: <network> is not closed
        error: cannot import lan.xml: another file has the same name
        exit code 1
    "#]],
    );
}

#[test]
fn a_spec_is_no_xml() {
    check(
        &["import", "-"],
        "{ \"name\": \"lan\" }",
        expect![[r#"
        error: <stdin> is not XML
        hint: `nixvirt render` prints the XML of a spec
        exit code 1
    "#]],
    );
}

#[test]
fn a_daemon_is_read_alone() {
    check(
        &["import", "qemu:///system", "lan.xml"],
        "",
        expect![[r#"
        error: a libvirt daemon must be the only source of `nixvirt import`
        exit code 1
    "#]],
    );
}

#[test]
fn import_and_render_are_inverse() {
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</name><mtu size='9000'/></network>",
        expect![[r#"
            {
              name = "lan";
              uuid = false;
              mtu.size = 9000;
            }
            exit code 0
        "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</nam></network>",
        expect![[r#"
        error: <stdin>: line 1, column 19: ill-formed document: expected `</name>`, but `</nam>` was found
        exit code 1
    "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<domain/>",
        expect![[r#"
            error: <stdin>: line 1, column 1: expected the root element <network>, found <domain>
            exit code 1
        "#]],
    );
}

/// What libvirt makes of a guest of ten lines.
const WHOLE: &str = r#"<domain type='kvm'>
  <name>web</name>
  <uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid>
  <memory unit='KiB'>1048576</memory>
  <currentMemory unit='KiB'>1048576</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os firmware='efi'>
    <type arch='x86_64' machine='pc-q35-10.0'>hvm</type>
    <firmware>
      <feature enabled='yes' name='enrolled-keys'/>
      <feature enabled='yes' name='secure-boot'/>
    </firmware>
    <loader readonly='yes' secure='yes' type='pflash' format='raw'>/usr/share/OVMF/OVMF_CODE_4M.ms.fd</loader>
    <nvram template='/usr/share/OVMF/OVMF_VARS_4M.ms.fd' templateFormat='raw' format='raw'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <smm state='on'/>
  </features>
  <cpu mode='host-passthrough' check='none' migratable='on'/>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/web.qcow2'/>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>
    <controller type='sata' index='0'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x1f' function='0x2'/>
    </controller>
    <controller type='pci' index='0' model='pcie-root'/>
    <controller type='pci' index='1' model='pcie-root-port'>
      <model name='pcie-root-port'/>
      <target chassis='1' port='0x8'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0' multifunction='on'/>
    </controller>
    <controller type='pci' index='2' model='pcie-root-port'>
      <model name='pcie-root-port'/>
      <target chassis='2' port='0x9'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x1'/>
    </controller>
    <controller type='virtio-serial' index='0'>
      <address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x0'/>
    </controller>
    <interface type='network'>
      <mac address='52:54:00:6b:3c:58'/>
      <source network='default'/>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </interface>
    <serial type='pty'>
      <target type='isa-serial' port='0'>
        <model name='isa-serial'/>
      </target>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
      <address type='virtio-serial' controller='0' bus='0' port='1'/>
    </channel>
    <input type='mouse' bus='ps2'/>
    <input type='keyboard' bus='ps2'/>
    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
    <audio id='1' type='none'/>
    <video>
      <model type='vga' vram='16384' heads='1' primary='yes'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </video>
    <watchdog model='itco' action='reset'/>
    <memballoon model='virtio'>
      <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/>
    </memballoon>
  </devices>
</domain>"#;

#[test]
fn what_libvirt_fills_in_again_is_left_out() {
    check(
        &["import", "--brief", "-"],
        WHOLE,
        expect![[r#"
            {
              type = "kvm";
              name = "web";
              uuid = "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11";
              memory = "1 GiB";
              vcpu = 2;
              os = {
                type = "hvm";
                arch = "x86_64";
                machine = "q35";
                firmware = [
                  "efi"
                  {
                    feature = [
                      {
                        enabled = true;
                        name = "enrolled-keys";
                      }
                      {
                        enabled = true;
                        name = "secure-boot";
                      }
                    ];
                  }
                ];
              };
              features.acpi = true;
              cpu = {
                mode = "host-passthrough";
                check = "none";
                migratable = true;
              };
              devices = {
                disk = [
                  {
                    type = "file";
                    device = "disk";
                    driver.type = "qcow2";
                    source.file = "/var/lib/libvirt/images/web.qcow2";
                    target = {
                      dev = "vda";
                      bus = "virtio";
                    };
                  }
                  {
                    type = "file";
                    device = "cdrom";
                    driver.type = "raw";
                    target = {
                      dev = "sda";
                      bus = "sata";
                    };
                  }
                ];
                interface = [
                  {
                    type = "network";
                    mac.address = "52:54:00:6b:3c:58";
                    source.network = "default";
                    model.type = "virtio";
                  }
                ];
                serial = [
                  {
                    type = "pty";
                    target.port = "0";
                  }
                ];
                channel = [
                  {
                    type = "unix";
                    target = {
                      type = "virtio";
                      name = "org.qemu.guest_agent.0";
                    };
                  }
                ];
                graphics = [
                  {
                    type = "vnc";
                    autoport = true;
                    listen = [
                      {
                        type = "address";
                        address = "127.0.0.1";
                      }
                    ];
                  }
                ];
                video = [
                  {
                    model.type = "vga";
                  }
                ];
              };
            }
            exit code 0
        "#]],
    );
}

#[test]
fn a_firmware_without_secure_boot_keeps_its_variables() {
    check(
        &["import", "--brief", "-"],
        "<domain type='kvm'>
           <name>web</name>
           <memory unit='GiB'>1</memory>
           <os firmware='efi'>
             <type arch='x86_64' machine='q35'>hvm</type>
             <firmware><feature enabled='no' name='secure-boot'/></firmware>
             <loader readonly='yes' type='pflash' format='raw'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
             <nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd' format='raw'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>
           </os>
         </domain>",
        expect![[r#"
            {
              type = "kvm";
              name = "web";
              uuid = false;
              memory = "1 GiB";
              os = {
                type = "hvm";
                arch = "x86_64";
                machine = "q35";
                firmware = [
                  "efi"
                  {
                    feature = [
                      {
                        enabled = false;
                        name = "secure-boot";
                      }
                    ];
                  }
                ];
                loader.type = "pflash";
              };
            }
            exit code 0
        "#]],
    );
}

#[test]
fn the_device_that_libvirt_chooses_for_a_video_card_is_left_out() {
    check(
        &["import", "--brief", "-"],
        "<domain type='kvm'>
           <name>web</name>
           <memory unit='GiB'>1</memory>
           <os><type arch='x86_64' machine='q35'>hvm</type></os>
           <devices>
             <video><model type='virtio' heads='1' primary='yes' device='virtio-vga-gl'><acceleration accel3d='yes'/></model></video>
             <video><driver name='vhostuser'/><model type='virtio' heads='1' device='vhost-user-gpu'/></video>
             <video><model type='virtio' heads='1' device='virtio-vga'/></video>
           </devices>
         </domain>",
        expect![[r#"
            {
              type = "kvm";
              name = "web";
              uuid = false;
              memory = "1 GiB";
              os = {
                type = "hvm";
                arch = "x86_64";
                machine = "q35";
              };
              devices.video = [
                {
                  model = {
                    type = "virtio";
                    acceleration.accel3d = true;
                  };
                }
                {
                  driver.name = "vhostuser";
                  model.type = "virtio";
                }
                {
                  model = {
                    type = "virtio";
                    device = "virtio-vga";
                  };
                }
              ];
            }
            exit code 0
        "#]],
    );
}
