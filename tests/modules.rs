//! The modules for NixOS and Home Manager, evaluated by nixpkgs' module system with stubs of the options that they set.

use expect_test::{Expect, expect};
use nixvirt_tests::configuration::{self, lib, of, pretty};
use nixvirt_tests::project;

fn main() {
    let tests: &[(&str, fn())] = &[
        ("a_configuration_for_nixvirt", a_configuration_for_nixvirt),
        ("a_configuration_as_users_write_it", a_configuration_as_users_write_it),
        ("flakes_to_start_from", flakes_to_start_from),
        ("objects_by_name", objects_by_name),
        ("devices_are_laid_over_a_definition", devices_are_laid_over_a_definition),
        ("definitions_of_several_modules_are_merged", definitions_of_several_modules_are_merged),
        ("all_that_can_be_asked_of_objects", all_that_can_be_asked_of_objects),
        ("a_disk_with_a_size_is_a_volume", a_disk_with_a_size_is_a_volume),
        ("names_as_libvirt_takes_them", names_as_libvirt_takes_them),
        ("what_is_not_declared_is_told", what_is_not_declared_is_told),
        ("two_of_one_name_are_refused", two_of_one_name_are_refused),
        ("mistakes_are_told", mistakes_are_told),
        ("secrets_are_read_when_they_are_needed", secrets_are_read_when_they_are_needed),
        ("the_service", the_service),
        ("what_the_host_has_for_guests", what_the_host_has_for_guests),
        ("a_libvirt_of_ones_own", a_libvirt_of_ones_own),
        ("home_manager", home_manager),
        ("a_nixos_guest", a_nixos_guest),
        ("editors_complete_fields", editors_complete_fields),
        ("all_options_can_be_listed", all_options_can_be_listed),
        ("documentation_of_the_flake", documentation_of_the_flake),
    ];
    configuration::run(tests);
}

#[track_caller]
fn check(modules: &str, expression: &str, expected: Expect) {
    check_of("nixos", modules, expression, expected);
}

#[track_caller]
fn check_of(system: &str, modules: &str, expression: &str, expected: Expect) {
    let outcome = of(system, modules, expression);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    expected.assert_eq(&pretty(&outcome.stdout));
}

#[track_caller]
fn check_error(modules: &str, expression: &str, expected: Expect) {
    let outcome = of("nixos", modules, expression);
    expected.assert_eq(&pretty(&outcome.error().replace(&project().display().to_string(), "PROJECT")));
}

/// A module that declares that much at `qemu:///system`.
fn at_system(declared: &str) -> String {
    format!(
        r#"({{ NixVirt, lib, ... }}: {{ virtualisation.libvirt = {{ enable = true; connections."qemu:///system" = {{ {declared} }}; }}; }})"#
    )
}

/// What objects must have and no test is about.
const GUEST: &str = r#"type = "kvm"; memory = "1 GiB"; os.type = "hvm";"#;

fn a_configuration_for_nixvirt() {
    let module = r#"
        ({ NixVirt, ... }: {
          virtualisation.libvirt.enable = true;
          virtualisation.libvirt.verbose = true;
          virtualisation.libvirt.swtpm.enable = true;
          virtualisation.libvirt.connections."qemu:///session" = {
            domains = [
              { definition = NixVirt.lib.domain.writeXML (NixVirt.lib.domain.templates.linux { name = "Penguin"; uuid = "cc7439ed-36af-4696-a6f2-1f0c4474d87e"; }); }
              { definition = "/etc/penguin.xml"; active = true; restart = false; }
            ];
            networks = [ { definition = NixVirt.lib.network.writeXML (NixVirt.lib.network.templates.bridge { uuid = "70b08691-28dc-4b47-90a1-45bbeac9ab5a"; subnet_byte = 71; }); active = true; } ];
            pools = [
              {
                definition = NixVirt.lib.pool.writeXML { name = "default"; uuid = "650c5bbb-eebd-4cea-8a2f-36e1a75a8683"; type = "dir"; target.path = "/var/lib/pool"; };
                active = true;
                volumes = [
                  { definition = NixVirt.lib.volume.writeXML { name = "a.qcow2"; capacity.count = 1024; }; }
                  { name = "b.qcow2"; present = false; }
                  { name = "c.qcow2"; definition = "/etc/c.xml"; }
                ];
              }
            ];
          };
        })"#;
    check(
        module,
        "manifest",
        expect![[r#"
            {
              "connections": {
                "qemu:///session": {
                  "domains": [
                    {
                      "active": null,
                      "autostart": null,
                      "definition": "STORE-NixVirt-domain-Penguin",
                      "onChange": null,
                      "purge": [],
                      "restart": null,
                      "shutdown": null,
                      "snapshots": null,
                      "volumes": []
                    },
                    {
                      "active": true,
                      "autostart": null,
                      "definition": "/etc/penguin.xml",
                      "onChange": null,
                      "purge": [],
                      "restart": false,
                      "shutdown": null,
                      "snapshots": null,
                      "volumes": []
                    }
                  ],
                  "networks": [
                    {
                      "active": true,
                      "autostart": null,
                      "definition": "STORE-NixVirt-network-default",
                      "onChange": null,
                      "restart": null,
                      "shutdown": null
                    }
                  ],
                  "nwfilters": null,
                  "onChange": "live",
                  "pools": [
                    {
                      "active": true,
                      "autostart": null,
                      "definition": "STORE-NixVirt-pool-default",
                      "onChange": null,
                      "restart": null,
                      "shutdown": null,
                      "volumes": [
                        {
                          "content": null,
                          "definition": "STORE-NixVirt-volume-a.qcow2",
                          "present": true
                        },
                        {
                          "content": null,
                          "name": "b.qcow2",
                          "present": false
                        },
                        {
                          "content": null,
                          "definition": "/etc/c.xml",
                          "name": "c.qcow2",
                          "present": true
                        }
                      ]
                    }
                  ],
                  "prune": "owned",
                  "secrets": null,
                  "shutdown": {
                    "force": false,
                    "timeout": 120
                  }
                }
              },
              "version": 1
            }
        "#]],
    );
    check(
        module,
        "{ inherit (config) warnings assertions environment; inherit (config.virtualisation) libvirtd; inherit (config.systemd.services.nixvirt) path serviceConfig; }",
        expect![[r#"
            {
              "assertions": [],
              "environment": {
                "etc": {
                  "nixvirt/manifest.json": {
                    "source": "STORE-nixvirt-manifest.json"
                  }
                },
                "systemPackages": [
                  "STORE-nixvirt",
                  "STORE-qemu-utils",
                  "STORE-swtpm"
                ]
              },
              "libvirtd": {
                "enable": true,
                "hooks": {
                  "libxl": {},
                  "lxc": {},
                  "qemu": {}
                },
                "package": "STORE-libvirt",
                "qemu": {
                  "swtpm": {
                    "enable": true,
                    "package": "STORE-swtpm"
                  }
                }
              },
              "path": [
                "STORE-qemu-utils",
                "STORE-swtpm"
              ],
              "serviceConfig": {
                "ExecReload": "STORE-nixvirt/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60 --verbose",
                "ExecStart": "STORE-nixvirt/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60 --verbose",
                "KillMode": "process",
                "RemainAfterExit": true,
                "SuccessExitStatus": [
                  1
                ],
                "Type": "oneshot"
              },
              "warnings": []
            }
        "#]],
    );
}

/// As a user planned it: the module of the host, the guests, the network and the pool.
fn a_configuration_as_users_write_it() {
    let modules = r#"
        ({ config, lib, pkgs, ... }:
        with lib; let
          cfg = config.features.virtualization.nixvirt;
        in {
          options.features.virtualization.nixvirt = {
            enable = mkEnableOption "NixVirt declarative VM management";

            connections = mkOption {
              type = types.attrs;
              default = {};
              description = "Libvirt connection configurations";
            };
          };
          options.mainUser = mkOption { type = types.str; default = "user"; };

          config = mkIf cfg.enable {
            virtualisation.libvirt = {
              enable = true;
              swtpm.enable = true;  # TPM 2.0 for Windows 11
            };

            # Ensure user in libvirtd group
            users.users.${config.mainUser}.extraGroups = [ "libvirtd" ];
          };
        })
        { features.virtualization.nixvirt.enable = true; }
        ({ NixVirt, ... }: {
          virtualisation.libvirt.connections."qemu:///system".domains = [{
            definition = NixVirt.lib.domain.writeXML (import DEBIAN NixVirt.lib);
            active = false;  # Manual start
          }];
        })
        ({ NixVirt, ... }: {
          virtualisation.libvirt.connections."qemu:///system".domains = [{
            definition = NixVirt.lib.domain.writeXML (import WINDOWS NixVirt.lib);
            active = false;
          }];
        })
        ({ NixVirt, ... }: {
          virtualisation.libvirt.connections."qemu:///system".networks = [{
            definition = NixVirt.lib.network.writeXML (import NETWORK);
            active = true;
          }];
        })
        ({ NixVirt, ... }: {
          virtualisation.libvirt.connections."qemu:///system".pools = [{
            definition = NixVirt.lib.pool.writeXML (import POOL);
            active = true;
          }];
        })"#;
    let example = |name: &str| format!("{}/examples/{name}.nix", project().display());
    let modules = modules
        .replace("DEBIAN", &example("domain/debian-test"))
        .replace("WINDOWS", &example("domain/windows-dev"))
        .replace("NETWORK", &example("network/vm-bridge"))
        .replace("POOL", &example("pool/vm-storage"));
    check(
        &modules,
        "builtins.mapAttrs (_: it: if builtins.isList it then map (it: { inherit (it) definition active; }) it else it) here",
        expect![[r#"
            {
              "domains": [
                {
                  "active": false,
                  "definition": "STORE-NixVirt-domain-debian-test"
                },
                {
                  "active": false,
                  "definition": "STORE-NixVirt-domain-windows-dev"
                }
              ],
              "networks": [
                {
                  "active": true,
                  "definition": "STORE-NixVirt-network-vm-bridge"
                }
              ],
              "nwfilters": null,
              "onChange": "live",
              "pools": [
                {
                  "active": true,
                  "definition": "STORE-NixVirt-pool-vm-storage"
                }
              ],
              "prune": "owned",
              "secrets": null,
              "shutdown": {
                "force": false,
                "timeout": 120
              }
            }
        "#]],
    );
    check(
        &modules,
        "{ inherit (config) warnings assertions; inherit (config.users) users; }",
        expect![[r#"
        {
          "assertions": [],
          "users": {
            "user": {
              "extraGroups": [
                "libvirtd"
              ]
            }
          },
          "warnings": [
            "virtualisation.libvirt: qemu:///system: domain \"debian-test\" names the pool \"default\", which is not declared",
            "virtualisation.libvirt: qemu:///system: domain \"windows-dev\" names the pool \"default\", which is not declared"
          ]
        }
    "#]],
    );
}

/// What `nix flake init` gives.
fn flakes_to_start_from() {
    let guests = |of: &str| format!("{}/examples/flakes/{of}/guests.nix", project().display());
    let summary = |uri: &str| {
        format!(
            "let at = manifest.connections.\"{uri}\"; volumes = (builtins.head at.domains).volumes;
             in map xml at.domains != [ ] && builtins.length volumes == 1 && xml (builtins.head volumes) != \"\" && config.warnings == [ ] && builtins.all (it: it.assertion) config.assertions"
        )
    };
    check_of(
        "nixos",
        &guests("nixos"),
        &summary("qemu:///system"),
        expect![[r#"
        true
    "#]],
    );
    check_of(
        "home-manager",
        &guests("home-manager"),
        &summary("qemu:///session"),
        expect![[r#"
        true
    "#]],
    );
}

fn objects_by_name() {
    let module = at_system(&format!(
        r#"
        domains.web = {{
          {GUEST}
          devices = {{
            disk.vda = {{ source.file = "/web.qcow2"; target.bus = "virtio"; driver.cache = "none"; }};
            disk.cd = {{ device = "cdrom"; target = {{ dev = "sda"; bus = "sata"; }}; }};
            interface.lan = {{ type = "network"; source.network = "lan"; }};
            interface.dmz = {{ type = "bridge"; source.bridge = "br0"; mac.address = "52:54:00:00:00:01"; }};
            memballoon.model = "none";
            channel = [ {{ type = "spicevmc"; target.type = "virtio"; }} ];
          }};
        }};
        networks.lan = {{ forward.mode = "nat"; ip = {{ address = "192.168.7.1"; prefix = 24; }}; active = true; }};
        pools.disks = {{ type = "dir"; target.path = "/disks"; volumes."web.qcow2" = {{ capacity = "20 GiB"; }}; }};
        nwfilters.quiet.rule = {{ action = "drop"; direction = "in"; }};
        "#
    ));
    check(
        &module,
        "xml (builtins.head here.domains)",
        expect![[r#"
            <domain type='kvm'>
              <name>web</name>
              <uuid>38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39</uuid>
              <memory unit='GiB'>1</memory>
              <os>
                <type>hvm</type>
              </os>
              <devices>
                <disk device='cdrom'>
                  <target dev='sda' bus='sata'/>
                </disk>
                <disk>
                  <driver cache='none'/>
                  <source file='/web.qcow2'/>
                  <target dev='vda' bus='virtio'/>
                </disk>
                <interface type='bridge'>
                  <mac address='52:54:00:00:00:01'/>
                  <source bridge='br0'/>
                </interface>
                <interface type='network'>
                  <mac address='52:54:00:26:b0:b8'/>
                  <source network='lan'/>
                </interface>
                <channel type='spicevmc'>
                  <target type='virtio'/>
                </channel>
                <memballoon model='none'/>
              </devices>
            </domain>

        "#]],
    );
    check(
        &module,
        "builtins.concatStringsSep \"\" (map (it: xml (builtins.head it)) [ here.networks here.pools (builtins.head here.pools).volumes here.nwfilters ])",
        expect![[r#"
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <forward mode='nat'/>
              <ip address='192.168.7.1' prefix='24'/>
            </network>
            <pool type='dir'>
              <name>disks</name>
              <uuid>1ca2d74b-9c04-8f1a-a4ae-c0f3971ad1a9</uuid>
              <target>
                <path>/disks</path>
              </target>
            </pool>
            <volume>
              <name>web.qcow2</name>
              <capacity unit='GiB'>20</capacity>
              <target/>
            </volume>
            <filter name='quiet'>
              <uuid>3514ebc8-5515-87cb-a6a0-493c60f71ade</uuid>
              <rule action='drop' direction='in'/>
            </filter>

        "#]],
    );
}

fn devices_are_laid_over_a_definition() {
    let module = |definition: &str| {
        at_system(&format!(
            r#"
        domains.web = {{
          definition = {definition} (NixVirt.lib.domain.templates.linux {{ name = "web"; storage_vol = "/web.qcow2"; }});
          title = "The web server";
          devices.disk.vda.driver.cache = "writeback";
          devices.disk.vdb = {{ source.file = "/data.qcow2"; target.bus = "virtio"; }};
          devices.interface = [ ];
          devices.video = [ {{ model.type = "vga"; }} ];
          devices.watchdog.first = {{ model = "itco"; action = "reset"; }};
          cpu.mode = "host-model";
        }};
        "#
        ))
    };
    check(
        &module(""),
        "xml (builtins.head here.domains)",
        expect![[r#"
        <domain type='kvm'>
          <name>web</name>
          <uuid>38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39</uuid>
          <title>The web server</title>
          <memory unit='GiB'>4</memory>
          <vcpu>4</vcpu>
          <os>
            <type arch='x86_64' machine='q35'>hvm</type>
            <boot dev='cdrom'/>
            <boot dev='hd'/>
          </os>
          <features>
            <acpi/>
            <apic/>
          </features>
          <cpu mode='host-model'/>
          <clock offset='utc'>
            <timer name='rtc' tickpolicy='catchup'/>
            <timer name='pit' tickpolicy='delay'/>
            <timer name='hpet' present='no'/>
          </clock>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='qcow2' cache='writeback' discard='unmap'/>
              <source file='/web.qcow2'/>
              <target dev='vda' bus='virtio'/>
            </disk>
            <disk type='file' device='cdrom'>
              <driver name='qemu' type='raw'/>
              <target dev='sdc' bus='sata'/>
              <readonly/>
            </disk>
            <disk>
              <source file='/data.qcow2'/>
              <target dev='vdb' bus='virtio'/>
            </disk>
            <channel type='spicevmc'>
              <target type='virtio' name='com.redhat.spice.0'/>
            </channel>
            <channel type='unix'>
              <target type='virtio' name='org.qemu.guest_agent.0'/>
            </channel>
            <input type='tablet' bus='usb'/>
            <input type='mouse' bus='ps2'/>
            <input type='keyboard' bus='ps2'/>
            <graphics type='spice' autoport='yes'>
              <listen type='none'/>
              <image compression='off'/>
              <gl enable='yes'/>
            </graphics>
            <sound model='ich9'/>
            <audio type='spice' id='1'/>
            <video>
              <model type='vga'/>
            </video>
            <redirdev bus='usb' type='spicevmc'/>
            <redirdev bus='usb' type='spicevmc'/>
            <redirdev bus='usb' type='spicevmc'/>
            <redirdev bus='usb' type='spicevmc'/>
            <watchdog model='itco' action='reset'/>
            <rng model='virtio'>
              <backend model='random'>/dev/urandom</backend>
            </rng>
          </devices>
        </domain>

    "#]],
    );
    // It makes no difference whether the definition has been written.
    let [spec, written] = ["", "NixVirt.lib.domain.writeXML"]
        .map(|definition| of("nixos", &module(definition), "xml (builtins.head here.domains)").stdout);
    assert_eq!(spec, written);
}

fn definitions_of_several_modules_are_merged() {
    let modules = [
        at_system(&format!(
            "domains.web = {{ {GUEST} title = lib.mkDefault \"one\"; devices.disk.vda.source.file = \"/web\"; }};"
        )),
        at_system(
            "domains.web = { title = \"two\"; devices.disk.vda.target.bus = lib.mkIf true \"virtio\"; devices.disk.vdb = lib.mkIf false { }; };",
        ),
        at_system(
            "domains.web = { memory = lib.mkForce \"2 GiB\"; devices.console = lib.mkMerge [ [ { type = \"pty\"; } ] ]; };",
        ),
        at_system("networks = null;"),
        at_system("networks = null;"),
    ];
    check(
        &modules.concat(),
        "xml (builtins.head here.domains)",
        expect![[r#"
        <domain type='kvm'>
          <name>web</name>
          <uuid>38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39</uuid>
          <title>two</title>
          <memory unit='GiB'>2</memory>
          <os>
            <type>hvm</type>
          </os>
          <devices>
            <disk>
              <source file='/web'/>
              <target dev='vda' bus='virtio'/>
            </disk>
            <console type='pty'/>
          </devices>
        </domain>

    "#]],
    );
    check(
        &modules.concat(),
        "here.networks",
        expect![[r#"
        null
    "#]],
    );
}

fn all_that_can_be_asked_of_objects() {
    let module = at_system(
        r#"
        prune = "none";
        onChange = "stage";
        shutdown.timeout = 30;
        domains = [ {
          definition = "/web.xml"; active = true; autostart = true; restart = true; onChange = "restart";
          shutdown = { timeout = 5; force = true; }; purge = [ "nvram" "tpm" "managedSave" "snapshots" ];
          snapshots = [ { definition = "/snapshot.xml"; } { name = "old"; present = false; } ];
        } ];
        networks = [ { definition = "/lan.xml"; active = false; autostart = false; restart = false; onChange = "never"; } ];
        nwfilters = [ { definition = "/filter.xml"; } ];
        pools = [ {
          definition = "/pool.xml"; autostart = true;
          volumes = [
            { definition = "/a.xml"; content.file = "/image.qcow2"; }
            { definition = "/b.xml"; content.volume.name = "a"; }
            { definition = "/c.xml"; content.volume = { pool = "other"; name = "a"; }; }
          ];
        } ];
        secrets = [ { definition = "/secret.xml"; valueFile = "/run/agenix/secret"; base64 = true; } ];
        "#,
    );
    check(
        &module,
        "here",
        expect![[r#"
            {
              "domains": [
                {
                  "active": true,
                  "autostart": true,
                  "definition": "/web.xml",
                  "onChange": "restart",
                  "purge": [
                    "nvram",
                    "tpm",
                    "managedSave",
                    "snapshots"
                  ],
                  "restart": true,
                  "shutdown": {
                    "force": true,
                    "timeout": 5
                  },
                  "snapshots": [
                    {
                      "definition": "/snapshot.xml",
                      "present": true
                    },
                    {
                      "name": "old",
                      "present": false
                    }
                  ],
                  "volumes": []
                }
              ],
              "networks": [
                {
                  "active": false,
                  "autostart": false,
                  "definition": "/lan.xml",
                  "onChange": "never",
                  "restart": false,
                  "shutdown": null
                }
              ],
              "nwfilters": [
                {
                  "definition": "/filter.xml"
                }
              ],
              "onChange": "stage",
              "pools": [
                {
                  "active": null,
                  "autostart": true,
                  "definition": "/pool.xml",
                  "onChange": null,
                  "restart": null,
                  "shutdown": null,
                  "volumes": [
                    {
                      "content": {
                        "file": "/image.qcow2"
                      },
                      "definition": "/a.xml",
                      "present": true
                    },
                    {
                      "content": {
                        "volume": {
                          "name": "a",
                          "pool": null
                        }
                      },
                      "definition": "/b.xml",
                      "present": true
                    },
                    {
                      "content": {
                        "volume": {
                          "name": "a",
                          "pool": "other"
                        }
                      },
                      "definition": "/c.xml",
                      "present": true
                    }
                  ]
                }
              ],
              "prune": "none",
              "secrets": [
                {
                  "base64": true,
                  "definition": "/secret.xml",
                  "valueFile": "/run/agenix/secret"
                }
              ],
              "shutdown": {
                "force": false,
                "timeout": 30
              }
            }
        "#]],
    );
}

fn a_disk_with_a_size_is_a_volume() {
    let web = r#"NixVirt.lib.domain.templates.cloud { name = "web"; image = "/image.qcow2"; storage_vol = { pool = "disks"; volume = "web.qcow2"; size = "20 GiB"; }; }"#;
    let pool = |more: &str| format!(r#"pools.disks = {{ type = "dir"; target.path = "/disks"; {more} }};"#);
    let volumes = "let of = map (it: removeAttrs it [ \"definition\" ] // { xml = xml it; });
                   in { domain = of (builtins.head here.domains).volumes; pools = map (it: of it.volumes) (if here.pools == null then [ ] else here.pools); }";
    let module =
        |definition: &str, pool: &str| at_system(&format!("domains = [ {{ definition = {definition}; }} ]; {pool}"));
    check(
        &module(web, &pool("")),
        volumes,
        expect![[r#"
        {
          "domain": [
            {
              "content": {
                "file": "/image.qcow2"
              },
              "pool": "disks",
              "xml": "<volume>\n  <name>web.qcow2</name>\n  <capacity unit='GiB'>20</capacity>\n  <target>\n    <format type='qcow2'/>\n  </target>\n</volume>\n"
            }
          ],
          "pools": [
            []
          ]
        }
    "#]],
    );
    // What the pool says of it goes before.
    check(
        &module(web, &pool(r#"volumes."web.qcow2".capacity = "8 GiB";"#)),
        volumes,
        expect![[r#"
        {
          "domain": [],
          "pools": [
            [
              {
                "content": null,
                "present": true,
                "xml": "<volume>\n  <name>web.qcow2</name>\n  <capacity unit='GiB'>8</capacity>\n  <target/>\n</volume>\n"
              }
            ]
          ]
        }
    "#]],
    );
    // It is made in a pool that nobody has declared too.
    let of = |module: &str| of("nixos", module, volumes).stdout;
    assert_eq!(of(&module(web, "")), of(&module(web, &pool(""))).replace("\"pools\":[[]]", "\"pools\":[]"));
    let written = module(&format!("NixVirt.lib.domain.writeXML ({web})"), "");
    assert_eq!(of(&module(web, "")), of(&written));
}

fn names_as_libvirt_takes_them() {
    let name = r#""it's \"ü\" $HOME; a:b""#;
    let module = at_system(&format!("domains.{name} = {{ {GUEST} hooks.start = \"true\"; }};"));
    check(
        &module,
        "(builtins.head here.domains).definition + \"\\n\" + builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu))",
        expect![[r#"
            STORE-NixVirt-domain-it-s-------HOME--a-b
            #!/bin/sh
            [ "$1" = 'it'\''s "ü" $HOME; a:b' ] || exit 0
            case "$2" in
            start)
            true
            ;;
            esac

        "#]],
    );
    check_error(
        &at_system("domains = [ { definition = \"/web.xml\"; hooks.start = \"true\"; } ];"),
        "config.virtualisation.libvirtd.hooks.qemu",
        expect![[r#"
            error: virtualisation.libvirt: qemu:///system: hooks are of a domain by its name, which is in its file: declare it as `domains.NAME`
        "#]],
    );
}

fn what_is_not_declared_is_told() {
    let domains = r#"domains = [ { definition = NixVirt.lib.domain.templates.linux { name = "web"; storage_vol = { pool = "disks"; volume = "web.qcow2"; size = 1; }; } // { devices.interface = { type = "network"; source.network = "lan"; }; devices.disk = { type = "volume"; source = { pool = "disks"; volume = "other"; }; target.dev = "vda"; }; }; } { definition = "/elsewhere.xml"; } ];"#;
    let pool = r#"pools.disks = { type = "dir"; target.path = "/disks"; volumes.some.capacity = 1; };"#;
    let warnings =
        |more: &str, expected: Expect| check(&at_system(&format!("{domains} {more}")), "config.warnings", expected);
    warnings(
        "networks = [ ]; pools = [ ];",
        expect![[r#"
        [
          "virtualisation.libvirt: qemu:///system: domain \"web\" names the network \"lan\", which is not declared",
          "virtualisation.libvirt: qemu:///system: domain \"web\" names the pool \"disks\", which is not declared"
        ]
    "#]],
    );
    warnings(
        &format!("networks.lan = {{ }}; {pool}"),
        expect![[r#"
        [
          "virtualisation.libvirt: qemu:///system: domain \"web\" names the volume \"disks/other\", which is not declared"
        ]
    "#]],
    );
    // What is left alone, or told by a file, may be there.
    warnings(
        "",
        expect![[r#"
            []
        "#]],
    );
    warnings(
        &format!("networks = [ {{ definition = \"/lan.xml\"; }} ]; {pool}"),
        expect![[r#"
        [
          "virtualisation.libvirt: qemu:///system: domain \"web\" names the volume \"disks/other\", which is not declared"
        ]
    "#]],
    );
    let screen =
        format!("domains.web = {{ {GUEST} devices.graphics.first = {{ type = \"vnc\"; passwd = \"hidden\"; }}; }};");
    check(
        &at_system(&screen),
        "config.warnings",
        expect![[r#"
        [
          "virtualisation.libvirt: qemu:///system: domain \"web\": devices.graphics.passwd is in the Nix store, where everyone on this machine reads it"
        ]
    "#]],
    );
}

fn two_of_one_name_are_refused() {
    let module = at_system(&format!(
        r#"
        domains = [
          {{ {GUEST} name = "web"; volumes = [ {{ pool = "other"; definition = {{ name = "b"; capacity = 1; }}; }} ]; }}
          {{ definition = NixVirt.lib.domain.templates.pc {{ name = "web"; storage_vol = {{ pool = "other"; volume = "b"; size = 1; }}; }}; }}
          {{ definition = "/web.xml"; }}
        ];
        networks = lib.mkMerge [ [ {{ name = "lan"; }} ] {{ lan = {{ }}; }} ];
        pools.disks = {{ type = "dir"; target.path = "/disks"; volumes = [ {{ name = "a"; capacity = 1; }} {{ name = "a"; present = false; }} ]; }};
        "#
    ));
    check(
        &module,
        "config.assertions",
        expect![[r#"
            [
              {
                "assertion": false,
                "message": "virtualisation.libvirt: qemu:///system: there are two domains of the name \"web\""
              },
              {
                "assertion": false,
                "message": "virtualisation.libvirt: qemu:///system: there are two networks of the name \"lan\""
              },
              {
                "assertion": false,
                "message": "virtualisation.libvirt: qemu:///system: there are two volumes of the name \"disks/a\""
              },
              {
                "assertion": false,
                "message": "virtualisation.libvirt: qemu:///system: there are two volumes of the name \"other/b\""
              }
            ]
        "#]],
    );
}

fn mistakes_are_told() {
    let domain = |spec: &str| at_system(&format!("domains.web = {{ {GUEST} {spec} }};"));
    let first = "xml (builtins.head here.domains)";
    check_error(
        &domain("devices.disk.vda.driver.cahce = \"none\"; devices.disk.vda.target.bus = \"virtoi\";"),
        first,
        expect![[r#"
            error: domain "web": 2 problems
                     devices.disk[0].driver.cahce: unknown attribute; did you mean "cache"?
                     devices.disk[0].target.bus: "virtoi" is not a disk bus (ide, fdc, scsi, virtio, xen, usb, uml, sata, sd); did you mean "virtio"?
        "#]],
    );
    check_error(
        &domain("devices.disk = { source.file = \"/web.qcow2\"; type = \"file\"; };"),
        first,
        expect![[r#"
            error: domain "web": devices.disk is a set of devices by name here, and what is in this one are parts of one device; write `devices.disk.vda = { … }`, or a list
        "#]],
    );
    check_error(
        &domain("definition = \"/web.xml\";"),
        first,
        expect![[r#"
        error: domain "web": `definition` is a file, over which nothing can be laid; memory, os, type are given beside it
    "#]],
    );
    check_error(
        &at_system("domains.web = { };"),
        first,
        expect![[r#"
            error: domain "web": 1 problem
                     type: is required: a domain type (kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, vz, test, uml, openvz, phyp)
        "#]],
    );
    check_error(
        &at_system("domains = [ { definition = \"web.xml\"; } ];"),
        first,
        expect![[r#"
        error: A definition for option `virtualisation.libvirt.connections."qemu:///system".domains."[definition 1-entry 1]".definition' is not of type `null or path of an XML file, or a spec'. Definition values:
               - In `<unknown-file>': "web.xml"
    "#]],
    );
    check_error(
        &at_system("domains = [ { definition = \"/web.xml\"; onChange = \"now\"; } ];"),
        first,
        expect![[r#"
        error: A definition for option `virtualisation.libvirt.connections."qemu:///system".domains."[definition 1-entry 1]".onChange' is not of type `null or one of "live", "stage", "restart", "never"'. Definition values:
               - In `<unknown-file>': "now"
    "#]],
    );
    check_error(
        &domain("volumes = [ { definition = { name = \"a\"; }; } ];"),
        "here",
        expect![[r#"
        error: domain "web": volumes: each has a `pool`, which is a name, and a `definition`
    "#]],
    );
    check_error(
        &at_system("domain = [ ];"),
        "here",
        expect![[r#"
        error: The option `virtualisation.libvirt.connections."qemu:///system".domain' does not exist. Definition values:
               - In `<unknown-file>': [ ]

               Did you mean `virtualisation.libvirt.connections."qemu:///system".domains', `virtualisation.libvirt.connections."qemu:///system".pools' or `virtualisation.libvirt.connections."qemu:///system".prune'?
    "#]],
    );
    check_error(
        &[domain("title = \"one\";"), domain("title = \"two\";")].concat(),
        first,
        expect![[r#"
        error: The option `virtualisation.libvirt.connections."qemu:///system".domains.web.title' has conflicting definition values:
               - In `<unknown-file>': "two"
               - In `<unknown-file>': "one"
               Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.
    "#]],
    );
    check_error(
        &[domain(""), at_system("domains = null;")].concat(),
        first,
        expect![[r#"
            error: The option `virtualisation.libvirt.connections."qemu:///system".domains' is null in one place and not in another:
                   - In `<unknown-file>':
                       {
                         web = {
                           memory = "1 GiB";
                           os = {
                             type = "hvm";
                       ...
                   - In `<unknown-file>': null
        "#]],
    );
}

fn secrets_are_read_when_they_are_needed() {
    let secret = |file: &str| {
        at_system(&format!(
            "secrets.disk = {{ uuid = \"5c1f7f5a-4b51-4f0c-8c12-0a7f7e1f7a11\"; usage = {{ type = \"volume\"; volume = \"/disk\"; }}; valueFile = {file}; }};"
        ))
    };
    check(
        &secret("\"/run/secrets/disk\""),
        "(builtins.head here.secrets).valueFile",
        expect![[r#"
        /run/secrets/disk
    "#]],
    );
    check_error(
        &secret("./secret.txt"),
        "here",
        expect![[r#"
        error: A definition for option `virtualisation.libvirt.connections."qemu:///system".secrets.disk.valueFile' is not of type `null or absolute path outside of the Nix store, in a string'. Definition values:
               - In `<unknown-file>': PROJECT/tests/secret.txt
    "#]],
    );
    check_error(
        &secret("\"${builtins.toFile \"secret\" \"hidden\"}\""),
        "here",
        expect![[r#"
        error: A definition for option `virtualisation.libvirt.connections."qemu:///system".secrets.disk.valueFile' is not of type `null or absolute path outside of the Nix store, in a string'. Definition values:
               - In `<unknown-file>': "STORE-secret"
    "#]],
    );
}

fn the_service() {
    let module = at_system("domains = [ ];");
    check(
        &module,
        "config.systemd.services.nixvirt",
        expect![[r#"
            {
              "after": [
                "libvirtd.service",
                "libvirtd.socket",
                "virtqemud.socket",
                "virtlxcd.socket",
                "virtxend.socket",
                "virtnetworkd.socket",
                "virtstoraged.socket",
                "virtsecretd.socket",
                "virtnwfilterd.socket"
              ],
              "description": "libvirt's objects as they are declared",
              "path": [
                "STORE-qemu-utils"
              ],
              "reloadIfChanged": true,
              "reloadTriggers": [
                "STORE-nixvirt-manifest.json"
              ],
              "serviceConfig": {
                "ExecReload": "STORE-nixvirt/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60",
                "ExecStart": "STORE-nixvirt/bin/nixvirt apply --manifest /etc/nixvirt/manifest.json --wait 60",
                "KillMode": "process",
                "RemainAfterExit": true,
                "SuccessExitStatus": [
                  1
                ],
                "Type": "oneshot"
              },
              "wantedBy": [
                "multi-user.target"
              ],
              "wants": [
                "libvirtd.service"
              ]
            }
        "#]],
    );
    check(
        &module,
        "config.system.activationScripts.nixvirt.text",
        expect![[r#"
            if [ "${NIXOS_ACTION:-}" = dry-activate ]; then
              STORE-nixvirt/bin/nixvirt plan --manifest STORE-nixvirt-manifest.json --wait 0 || true
            fi

        "#]],
    );
    // Nothing is asked of a host that has not enabled it.
    check(
        "",
        "config.systemd.services // config.system.activationScripts // config.environment.etc // config.virtualisation.libvirtd.hooks.qemu",
        expect![[r#"
            {}
        "#]],
    );
}

fn what_the_host_has_for_guests() {
    let module = at_system(&format!(
        r#"
        domains.web = {{ {GUEST} hooks.prepare = "echo $VFIO"; hooks.release = "true\nfalse"; }};
        networks.open = {{ bridge.name = "virbr1"; ip = {{ address = "192.168.7.1"; prefix = 24; }}; }};
        networks.closed = {{ bridge.name = "virbr2"; ip = {{ address = "192.168.8.1"; prefix = 24; }}; openFirewall = false; }};
        networks.bridged = {{ bridge.name = "br0"; forward.mode = "bridge"; }};
        "#
    ));
    check(
        &module,
        "config.networking.firewall.interfaces",
        expect![[r#"
        {
          "virbr1": {
            "allowedTCPPorts": [
              53
            ],
            "allowedUDPPorts": [
              53,
              67,
              547
            ]
          }
        }
    "#]],
    );
    check(
        &module,
        "builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu))",
        expect![[r##"
            #!/bin/sh
            [ "$1" = web ] || exit 0
            case "$2" in
            prepare)
            echo $VFIO
            ;;
            release)
            true
            false
            ;;
            esac

        "##]],
    );
    check(
        "{ virtualisation.libvirt = { enable = true; secureBoot.enable = true; }; }",
        r#"builtins.mapAttrs (_: it: it.source) (removeAttrs config.environment.etc [ "nixvirt/manifest.json" ])"#,
        expect![[r#"
            {
              "nixvirt/firmware/OVMF_CODE.ms.fd": "STORE-OVMF/FV/OVMF_CODE.ms.fd",
              "nixvirt/firmware/OVMF_VARS.ms.fd": "STORE-OVMF/FV/OVMF_VARS.ms.fd"
            }
        "#]],
    );
    let plugin = "{ virtualisation.libvirt = { enable = true; plugin.enable = true; }; }";
    check(
        plugin,
        "config.nix.settings.plugin-files",
        expect![[r#"
        [
          "STORE-nixvirt-plugin/lib/libnixvirt.so"
        ]
    "#]],
    );
    check(
        "{ virtualisation.libvirt.enable = true; }",
        "config.nix.settings.plugin-files",
        expect![[r#"
        []
    "#]],
    );
}

/// A libvirt of one's own is asked for in our option or in that of NixOS, which counts.
fn a_libvirt_of_ones_own() {
    let package = |more: &str, expected: Expect| {
        check(
            &format!("({{ pkgs, ... }}: {{ virtualisation.libvirt.enable = true; {more} }})"),
            "config.virtualisation.libvirtd.package",
            expected,
        );
    };
    package(
        "virtualisation.libvirt.package = pkgs.alejandra;",
        expect![[r#"
        "STORE-alejandra"
    "#]],
    );
    package(
        "virtualisation.libvirt.package = pkgs.alejandra; virtualisation.libvirtd.package = pkgs.boost;",
        expect![[r#"
            "STORE-boost"
        "#]],
    );
    for (system, packages) in [("nixos", "config.environment.systemPackages"), ("home-manager", "config.home.packages")]
    {
        let module = "({ pkgs, ... }: { virtualisation.libvirt = { enable = true; package = pkgs.alejandra; }; })";
        let names = of(system, module, &format!("map (it: it.name) (builtins.head {packages}).buildInputs"));
        assert_eq!(names.stdout, "[\"alejandra\"]", "{}", names.stderr);
    }
}

fn home_manager() {
    let module = at_system(&format!("domains.web = {{ {GUEST} }};"));
    check_of(
        "home-manager",
        &module,
        "config.home.activation.nixvirt",
        expect![[r#"
            {
              "after": [
                "writeBoundary",
                "installPackages",
                "reloadSystemd",
                "sops-nix"
              ],
              "data": "(\n  export XDG_RUNTIME_DIR=\"${XDG_RUNTIME_DIR:-/run/user/$(id -u)}\" PATH=\"STORE-qemu-utils/bin:$PATH\"\n  if [[ -v DRY_RUN ]]; then verb=plan; else verb=apply; fi\n  command=(STORE-nixvirt/bin/nixvirt \"$verb\" --manifest STORE-nixvirt-manifest.json $VERBOSE_ARG)\n  scope=(STORE-systemd/bin/systemd-run --user --scope --quiet --collect --)\n  if \"${scope[@]}\" true 2> /dev/null; then command=(\"${scope[@]}\" \"${command[@]}\"); fi\n  \"${command[@]}\"\n) || true\n"
            }
        "#]],
    );
    check_of(
        "home-manager",
        &module,
        "manifest",
        expect![[r#"
            {
              "connections": {
                "qemu:///system": {
                  "domains": [
                    {
                      "active": null,
                      "autostart": null,
                      "definition": "STORE-NixVirt-domain-web",
                      "onChange": null,
                      "purge": [],
                      "restart": null,
                      "shutdown": null,
                      "snapshots": null,
                      "volumes": []
                    }
                  ],
                  "networks": null,
                  "nwfilters": null,
                  "onChange": "live",
                  "pools": null,
                  "prune": "owned",
                  "secrets": null,
                  "shutdown": {
                    "force": false,
                    "timeout": 120
                  }
                }
              },
              "version": 1
            }
        "#]],
    );
    let hook = at_system(&format!("domains.web = {{ {GUEST} hooks.prepare = \"true\"; }};"));
    check_of(
        "home-manager",
        &hook,
        "builtins.filter (it: !it.assertion) config.assertions",
        expect![[r#"
        [
          {
            "assertion": false,
            "message": "virtualisation.libvirt: hooks are run for the system's libvirt alone: declare the domain in NixOS"
          }
        ]
    "#]],
    );
}

/// The configuration of a guest, with the module that its template adds.
fn a_nixos_guest() {
    let options = r#"
        ({ lib, ... }: {
          options = lib.genAttrs [ "boot" "fileSystems" "networking" "services" "system" ] (_: lib.mkOption { type = lib.types.attrsOf lib.types.anything; });
          config.fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
          config.networking.hostName = "guest";
          config.system.build.toplevel = "/nix/store/i86d5hp85cf6cv4xlz9nlabrxmsnmcd9-nixos-system-guest";
        })"#;
    let guest = |more: &str| {
        format!(
            r#"let nixpkgsLib = import {}; guest = nixpkgsLib.evalModules {{ modules = [ {options} ]; }};
             in (import {}/nix-lib {{ pkgs = {{ }}; }}).domain.templates.nixos {{ nixosConfiguration = guest; {more} }}"#,
            lib().display(),
            project().display()
        )
    };
    check(
        "",
        &format!("({}).os", guest("")),
        expect![[r#"
        {
          "arch": "x86_64",
          "cmdline": "init=STORE-nixos-system-guest/init console=ttyS0",
          "initrd": "STORE-nixos-system-guest/initrd",
          "kernel": "STORE-nixos-system-guest/kernel",
          "machine": "q35",
          "type": "hvm"
        }
    "#]],
    );
    let on_arm = r#"// { pkgs.stdenv.hostPlatform.system = "aarch64-linux"; }"#;
    check(
        "",
        &format!(
            "({}).os",
            guest("").replace("nixosConfiguration = guest;", &format!("nixosConfiguration = guest {on_arm};"))
        ),
        expect![[r#"
            {
              "arch": "aarch64",
              "cmdline": "init=STORE-nixos-system-guest/init console=ttyAMA0",
              "initrd": "STORE-nixos-system-guest/initrd",
              "kernel": "STORE-nixos-system-guest/kernel",
              "machine": "virt",
              "type": "hvm"
            }
        "#]],
    );
    let added = format!(
        "(let nixpkgsLib = import {}; in nixpkgsLib.evalModules {{ modules = [ {options} (import {}/nix-lib/modules/nixos-guest.nix {{ hasDisk = true; console = \"ttyS0\"; }}) ]; }}).config",
        lib().display(),
        project().display()
    );
    check(
        "",
        &format!("{{ inherit ({added}) boot fileSystems services; }}"),
        expect![[r#"
        {
          "boot": {
            "initrd": {
              "availableKernelModules": [
                "9p",
                "9pnet_virtio",
                "virtio_blk",
                "virtio_pci",
                "virtio_rng",
                "virtio_scsi"
              ]
            },
            "kernelParams": [
              "console=ttyS0"
            ],
            "loader": {
              "grub": {
                "enable": false
              }
            }
          },
          "fileSystems": {
            "/": {
              "autoFormat": true,
              "device": "/dev/vda",
              "fsType": "ext4"
            },
            "/nix/store": {
              "device": "store",
              "fsType": "9p",
              "neededForBoot": true,
              "options": [
                "ro",
                "trans=virtio",
                "version=9p2000.L",
                "msize=1048576",
                "cache=loose"
              ]
            }
          },
          "services": {
            "qemuGuest": {
              "enable": true
            }
          }
        }
    "#]],
    );
}

/// How nixd goes into options: through `submodule` and `attrsOf` of one by their names, and through sets.
const NIXD: &str = r#"
    go = value: path:
      let
        inside = if value.type.name or "" == "submodule" then value.type.getSubOptions [ ] else value;
        element = inside.type.nestedTypes.elemType;
      in
        if path == [ ] then inside
        else if inside._type or "" == "option" && inside.type.name == "attrsOf" && element.name == "submodule"
        then go (element.getSubOptions [ ]) (builtins.tail path)
        else go inside.${builtins.head path} (builtins.tail path);"#;

fn editors_complete_fields() {
    let names = |path: &str, expected: Expect| {
        let expression = format!(
            r#"let {NIXD}
                 found = go options [ "virtualisation" "libvirt" "connections" "qemu:///system" {path} ];
                 # nixd gives up where an option is in no file.
                 isPlaced = builtins.all (place: builtins.isInt place.line);
               in
               assert builtins.all (it: isPlaced (it.declarationPositions or [ ])) (builtins.attrValues found);
               builtins.concatStringsSep " " (builtins.attrNames found)"#
        );
        check("", &expression, expected);
    };
    names(
        "",
        expect![[r#"
            domains networks nwfilters onChange pools prune secrets shutdown
        "#]],
    );
    names(
        r#""domains" "web" "devices" "disk" "vda" "driver""#,
        expect![[r#"
        ats cache copy_on_read detect_zeroes discard discard_no_unref error_policy event_idx extra io ioeventfd iommu iothread iothreads metadata_cache name packed page_per_vq queue_size queues rerror_policy type
    "#]],
    );
    names(
        r#""domains" "web" "devices" "interface" "lan" "source""#,
        expect![[r#"
        address bridge connectionid dev extra ip local macTableManager missing mode name network path port portgroup portgroupid portid product reconnect route switchid type vendor
    "#]],
    );
    names(
        r#""domains" "web" "hooks""#,
        expect![[r#"
            attach migrate prepare reconnect release restore start started stopped
        "#]],
    );
    names(
        r#""domains" "web" "shutdown""#,
        expect![[r#"
            force timeout
        "#]],
    );
    names(
        r#""domains" "web" "snapshots" "first" "disks""#,
        expect![[r#"
            disk extra
        "#]],
    );
    names(
        r#""networks" "lan" "ip" "dhcp""#,
        expect![[r#"
        bootp extra host range
    "#]],
    );
    names(
        r#""secrets" "disk""#,
        expect![[r#"
        base64 definition description ephemeral extra private usage uuid valueFile
    "#]],
    );
    names(
        r#""pools" "disks" "volumes" "web.qcow2""#,
        expect![[r#"
        allocation backingStore capacity content definition extra key name physical present source target type
    "#]],
    );
    let shown = |path: &str, expected: Expect| {
        let expression = format!(
            r#"let {NIXD}
                 it = go options [ "virtualisation" "libvirt" "connections" "qemu:///system" "domains" "web" "devices" {path} ];
               in it.type.description + "\n" + it.description"#
        );
        check("", &expression, expected);
    };
    shown(
        r#""disk" "vda" "driver" "cache""#,
        expect![[r#"
            one of "default", "none", "writeback", "writethrough", "directsync", "unsafe"
            What the host caches, and how carefully it writes.
        "#]],
    );
    // Each form says what it is for.
    shown(
        r#""smartcard" "reader" "mode""#,
        expect![[r#"
            one of "host", "host-certificates", "passthrough"
            - `host`: In a reader of the host.
            - `host-certificates`: Nowhere: three certificates of the host stand for it.
            - `passthrough`: At the other end of a character device.
        "#]],
    );
}

fn all_options_can_be_listed() {
    let list = "(import LIB).optionAttrSetToDocList { inherit (options) virtualisation; }"
        .replace("LIB", &lib().display().to_string());
    // The list ends, though elements of libvirt hold themselves.
    check(
        "",
        &format!("builtins.length ({list}) > 5000"),
        expect![[r#"
        true
    "#]],
    );
    let disk = "virtualisation.libvirt.connections.<name>.domains.<name>.devices.disk.<name>.driver.cache";
    check(
        "",
        &format!("builtins.head (builtins.filter (it: it.name == \"{disk}\") ({list}))"),
        expect![[r#"
        {
          "declarations": [],
          "default": {
            "_type": "literalExpression",
            "text": "null"
          },
          "description": "What the host caches, and how carefully it writes.",
          "internal": false,
          "loc": [
            "virtualisation",
            "libvirt",
            "connections",
            "<name>",
            "domains",
            "<name>",
            "devices",
            "disk",
            "<name>",
            "driver",
            "cache"
          ],
          "name": "virtualisation.libvirt.connections.<name>.domains.<name>.devices.disk.<name>.driver.cache",
          "readOnly": false,
          "type": "one of \"default\", \"none\", \"writeback\", \"writethrough\", \"directsync\", \"unsafe\"",
          "visible": true
        }
    "#]],
    );
}

fn documentation_of_the_flake() {
    let docs = format!(
        "(import {project}/nix-lib/packages.nix {{ pkgs = (builtins.getFlake \"path:{project}/dev/nixpkgs-stub\").legacyPackages.x86_64-linux // {{ lib = import {lib}; }}; }}).docs",
        project = project().display(),
        lib = lib().display(),
    );
    let read = format!(
        "builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile \"${{{docs}}}/share/doc/nixvirt/options.json\"))"
    );
    check(
        "",
        &format!("({read}).\"virtualisation.libvirt.connections.<name>.networks.<name>.openFirewall\""),
        expect![[r#"
            {
              "default": {
                "_type": "literalExpression",
                "text": "true"
              },
              "description": "Whether the host's firewall lets guests on the network's bridge ask for addresses and names (DHCP and DNS), if the\nnetwork serves them. NixOS only.",
              "loc": [
                "virtualisation",
                "libvirt",
                "connections",
                "<name>",
                "networks",
                "<name>",
                "openFirewall"
              ],
              "readOnly": false,
              "type": "boolean"
            }
        "#]],
    );
    check(
        "",
        &format!("({read}).\"virtualisation.libvirt.package\""),
        expect![[r#"
            {
              "default": {
                "_type": "literalExpression",
                "text": "pkgs.libvirt"
              },
              "description": "The libvirt to use: the command `nixvirt` is built with it, and on NixOS it is the daemon.",
              "loc": [
                "virtualisation",
                "libvirt",
                "package"
              ],
              "readOnly": false,
              "type": "package"
            }
        "#]],
    );
}
