//! `nixvirt render`.

use super::{Folder, check};
use expect_test::expect;

#[test]
fn many_files() {
    let folder = Folder::new(&[
        ("networks/lan.json", r#"{ "name": "lan" }"#),
        ("networks/dmz.json", r#"{ "name": "dmz", "brigde": {} }"#),
        ("networks/guests/lan.json", r#"{ "name": "lan2" }"#),
        ("manifest.json", r#"{ "version": 1, "connections": {} }"#),
    ]);
    folder.check(
        &["render", "networks"],
        expect![[r#"
            <network>
              <name>lan2</name>
              <uuid>f8d6e19d-be07-82bc-ab83-3d88599b40ce</uuid>
            </network>
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
            </network>
            error: network "dmz": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at networks/dmz.json:1:28
            3 files: 1 error
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    folder.check(
        &["render", "--output", "xml/all", "networks"],
        expect![[r#"
            error: network "dmz": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at networks/dmz.json:1:28
            error: cannot write the result of networks/lan.json: xml/all/lan.xml already has the result of networks/guests/lan.json
            hint: rename one of them, or use another folder for --output
            3 files: 2 errors
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    expect![[r#"
        <network>
          <name>lan2</name>
          <uuid>f8d6e19d-be07-82bc-ab83-3d88599b40ce</uuid>
        </network>
    "#]]
    .assert_eq(&folder.read("xml/all/lan.xml"));
    folder.check(
        &["render", "manifest.json"],
        expect![[r#"
        error: manifest.json is a manifest, which has no XML of its own
        hint: render the specs, or see the changes with `nixvirt plan --diff`
        exit code 1
    "#]],
    );
    folder.check_with(
        &["render", "--kind", "network", "--output", "xml", "-"],
        r#"{ "name": "lan" }"#,
        expect![[r#"
        error: standard input has no file name, which --output needs
        exit code 1
    "#]],
    );
}

#[test]
fn warnings_can_be_denied() {
    let warned = r#"{ "name": "lan", "bridge": { "name": "a-name-of-over-15" } }"#;
    check(
        &["render", "--kind", "network", "--deny-warnings", "-"],
        warned,
        expect![[r#"
            warning: network "lan": 1 warning
              warning[bridge-name-too-long]: bridge.name: bridge name "a-name-of-over-15" is longer than 15 characters, the most that the host accepts
                at <stdin>:1:38
            hint: for an explanation with examples, run `nixvirt explain bridge-name-too-long`
            exit code 1
        "#]],
    );
}

#[test]
fn render() {
    check(
        &["render", "--kind", "network", "-"],
        r#"{ "name": "lan", "bridge": { "name": "br0" } }"#,
        expect![[r#"
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <bridge name='br0'/>
            </network>
            exit code 0
        "#]],
    );
}

#[test]
fn rules_can_be_ignored() {
    let two_of_a_name = r#"{ "name": "lan", "dns": { "host": [
        { "ip": "10.0.0.1", "hostname": "a" }, { "ip": "10.0.0.1", "hostname": "b" } ] }, "bridge": { "name": "br/0" } }"#;
    // The second name is that of earlier versions.
    for option in ["--ignore-rules", "--in-spite-of-rules"] {
        check(
            &["render", "--kind", "network", option, "-"],
            two_of_a_name,
            expect![[r#"
                <network>
                  <name>lan</name>
                  <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
                  <bridge name='br/0'/>
                  <dns>
                    <host ip='10.0.0.1'>
                      <hostname>a</hostname>
                    </host>
                    <host ip='10.0.0.1'>
                      <hostname>b</hostname>
                    </host>
                  </dns>
                </network>
                warning: network "lan": 1 error
                  error[device-name-character]: bridge.name: device name "br/0" contains a blank, a slash or a colon, which the host refuses
                    at <stdin>:2:111
                hint: for an explanation with examples, run `nixvirt explain device-name-character`
                exit code 0
            "#]],
        );
    }
    let no_type = r#"{ "name": "lan", "brigde": {} }"#;
    check(
        &["render", "--kind", "network", "--ignore-rules", "-"],
        no_type,
        expect![[r#"
            error: network "lan": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at <stdin>:1:28
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
}

#[test]
fn what_is_no_json() {
    check(
        &["render", "--kind", "network", "-"],
        "{ name = 1; }",
        expect![[r#"
        error: <stdin> is not JSON: line 1, column 3: key must be a string
        exit code 1
    "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        "",
        expect![[r#"
            error: <stdin> is not JSON: line 1, column 1: the text is empty
            exit code 1
        "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        r#"{ "name": "a", "name": "b" }"#,
        expect![[r#"
            error: network "a": 1 error
              error[said-twice]: name: attribute "name" is given twice
                at <stdin>:1:24
            hint: for an explanation with examples, run `nixvirt explain said-twice`
            exit code 1
        "#]],
    );
}

#[test]
fn what_is_no_file() {
    check(
        &["render", "--kind", "network", "/no/such/file"],
        "",
        expect![[r#"
        error: cannot read /no/such/file: No such file or directory (os error 2)
        exit code 1
    "#]],
    );
}

#[test]
fn for_kubevirt() {
    let folder = Folder::new(&[
        (
            "web.json",
            r#"{ "type": "kvm", "name": "Web_1", "memory": "2 GiB", "vcpu": 2, "os": { "type": "hvm", "firmware": "efi", "boot": { "dev": "hd" } },
  "devices": {
    "disk": { "type": "file", "source": { "file": "/web.qcow2" }, "target": { "dev": "hda", "bus": "ide" } },
    "interface": [ { "type": "network", "source": { "network": "default" } }, { "type": "bridge", "source": { "bridge": "br0" } } ],
    "shmem": { "name": "memory", "model": { "type": "ivshmem-plain" } } } }"#,
        ),
        ("container.json", r#"{ "type": "lxc", "name": "日本", "os": { "type": "exe" }, "memory": "1 GiB" }"#),
        ("lan.json", r#"{ "name": "lan", "forward": { "mode": "nat" } }"#),
    ]);
    folder.check(&["render", "--to", "kubevirt", "web.json"], expect![[r#"
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: br0
        spec:
          config: "{\"cniVersion\":\"0.3.1\",\"type\":\"bridge\",\"bridge\":\"br0\",\"ipam\":{}}"
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: web-1
        spec:
          runStrategy: Manual
          template:
            spec:
              architecture: amd64
              domain:
                cpu:
                  sockets: 2
                devices:
                  autoattachGraphicsDevice: false
                  autoattachSerialConsole: false
                  disks:
                    - bootOrder: 1
                      disk:
                        bus: sata
                      name: hda
                  interfaces:
                    - macAddress: "52:54:00:06:e2:29"
                      masquerade: {}
                      name: net0
                    - bridge: {}
                      macAddress: "52:54:00:9d:04:15"
                      name: net1
                firmware:
                  bootloader:
                    efi:
                      persistent: true
                      secureBoot: false
                  uuid: c62f8137-cdb2-8056-a4f9-114ca2f55eca
                memory:
                  guest: "2Gi"
              networks:
                - name: net0
                  pod: {}
                - multus:
                    networkName: br0
                  name: net1
              volumes:
                - name: hda
                  persistentVolumeClaim:
                    claimName: web-1-hda
        warning: domain "Web_1": 5 warnings
          warning[disk-format-unset]: devices.disk: the format of "/web.qcow2" is not set: the guest sees the file as raw data
            at web.json:3:13
            hint: set driver.type = "qcow2" if that is its format
          warning[kubevirt-needs]: devices.disk[0].source: needs a PersistentVolumeClaim web-1-hda with the content of the disk
            at web.json:3:41
          warning[kubevirt-lost]: devices.disk[0].target.bus: KubeVirt has no "ide": the virtual machine gets "sata"
            at web.json:3:100
          warning[kubevirt-needs]: devices.interface[1].type: needs a bridge br0 on each node
            at web.json:4:89
          warning[kubevirt-lost]: devices.shmem: KubeVirt has no counterpart
            at web.json:5:14
        hint: for an explanation with examples, run `nixvirt explain CODE`
        exit code 0
    "#]]);
    folder.check(
        &["render", "--to", "kubevirt-json", "--output", "out", "web.json", "container.json", "lan.json"],
        expect![[r#"
            warning: domain "Web_1": 5 warnings
              warning[disk-format-unset]: devices.disk: the format of "/web.qcow2" is not set: the guest sees the file as raw data
                at web.json:3:13
                hint: set driver.type = "qcow2" if that is its format
              warning[kubevirt-needs]: devices.disk[0].source: needs a PersistentVolumeClaim web-1-hda with the content of the disk
                at web.json:3:41
              warning[kubevirt-lost]: devices.disk[0].target.bus: KubeVirt has no "ide": the virtual machine gets "sata"
                at web.json:3:100
              warning[kubevirt-needs]: devices.interface[1].type: needs a bridge br0 on each node
                at web.json:4:89
              warning[kubevirt-lost]: devices.shmem: KubeVirt has no counterpart
                at web.json:5:14
            error: domain "日本": 2 errors, 1 warning
              error[kubevirt-impossible]: type: KubeVirt runs guests with KVM, not with lxc
                at container.json:1:11
              error[kubevirt-impossible]: name: no letter or digit of "日本" can be part of a name in Kubernetes
                at container.json:1:26
              warning[kubevirt-lost]: os.type: KubeVirt has no counterpart of "exe"
                at container.json:1:48
            error: lan.json is a network, and only domains become virtual machines
            hint: name only files of domains: their documents include the networks and volumes that they use
            3 files: 3 errors, 6 warnings
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 1
        "#]],
    );
    assert!(folder.read("out/web.json").contains("VirtualMachine"));
}

/// What several virtual machines, or one with a long name, make impossible.
#[test]
fn for_kubevirt_with_names_that_are_taken_or_too_long() {
    let domain = |name: &str| {
        format!(
            r#"{{ "type": "kvm", "name": "{name}", "memory": "2 GiB", "os": {{ "type": "hvm", "bios": {{ "useserial": true }} }}, "devices": {{ "serial": {{ "type": "pty" }} }} }}"#
        )
    };
    let long = domain(&"a".repeat(64));
    let folder = Folder::new(&[("one.json", &domain("web_1")), ("two.json", &domain("Web-1")), ("long.json", &long)]);
    let unused = ["--gpu", "0000:01:00.0=vendor.test/card", "--deny-warnings"];
    folder.check(
        &[&["render", "--to", "kubevirt", "one.json", "two.json", "long.json"], &unused[..]].concat(),
        expect![[r#"
            ---
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata:
              name: web-1
            spec:
              runStrategy: Manual
              template:
                spec:
                  architecture: amd64
                  domain:
                    devices:
                      autoattachGraphicsDevice: false
                      autoattachSerialConsole: true
                    firmware:
                      bootloader:
                        bios:
                          useSerial: true
                      uuid: "71d5a16b-d57f-8472-a4fa-9a621e841465"
                    memory:
                      guest: "2Gi"
            error: one.json and two.json become virtual machines of the same name, web-1
            hint: rename one of the domains: names in Kubernetes have lower-case letters, digits and hyphens only
            error: domain "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": 1 error
              error[kubevirt-impossible]: name: a virtual machine cannot be called "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": Kubernetes allows 63 characters
                at long.json:1:26
            warning: no domain has the device 0000:01:00.0, which --gpu names vendor.test/card
            hint: the domains have no devices of the host
            3 files: 2 errors, 1 warning
            hint: for an explanation with examples, run `nixvirt explain kubevirt-impossible`
            exit code 1
        "#]],
    );
}

#[test]
fn for_kubevirt_with_the_names_of_the_cluster() {
    let folder = Folder::new(&[(
        "web.json",
        r#"{ "type": "kvm", "name": "web", "memory": "2 GiB", "os": { "type": "hvm" },
  "devices": {
    "interface": [ { "type": "network", "source": { "network": "lan" } }, { "type": "user" } ],
    "hostdev": [
      { "type": "pci", "source": { "address": { "bus": 1, "slot": 0, "function": 0 } } },
      { "type": "pci", "source": { "address": "0000:01:00.1" } },
      { "type": "usb", "source": { "vendor": { "id": "0x046d" }, "product": { "id": "0xc52b" } } } ] } }"#,
    )]);
    folder.check(
        &[
            "render",
            "--to",
            "kubevirt",
            "--pod-network",
            "lan",
            "--gpu",
            "0000:01:00.0=vendor.test/card",
            "--host-device",
            "046d:C52B=vendor.test/mouse",
            "web.json",
        ],
        expect![[r#"
            ---
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata:
              name: web
            spec:
              runStrategy: Manual
              template:
                spec:
                  architecture: amd64
                  domain:
                    devices:
                      autoattachGraphicsDevice: false
                      autoattachSerialConsole: false
                      gpus:
                        - deviceName: vendor.test/card
                          name: hostdev0
                      hostDevices:
                        - deviceName: nixvirt/web-hostdev1
                          name: hostdev1
                        - deviceName: vendor.test/mouse
                          name: hostdev2
                      interfaces:
                        - macAddress: "52:54:00:8d:98:86"
                          masquerade: {}
                          name: net0
                    firmware:
                      uuid: "38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39"
                    memory:
                      guest: "2Gi"
                  networks:
                    - name: net0
                      pod: {}
            warning: domain "web": 2 warnings
              warning[kubevirt-lost]: devices.interface[1]: the interface is left out: a virtual machine has one interface in the network of the pod
                at web.json:3:75
              warning[kubevirt-needs]: devices.hostdev[1].source: needs the device under `permittedHostDevices` of the cluster, with the resource name nixvirt/web-hostdev1
                at web.json:6:34
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 0
        "#]],
    );
    folder.check(&["render", "--to", "kubevirt", "--gpu", "0000:01:00.0", "web.json"], expect![[r#"
        error: invalid value '0000:01:00.0' for '--gpu <ADDRESS=NAME>': expected an address and a name, e.g. 0000:01:00.0=nvidia.com/GA102
        hint: see `nixvirt render --help`
        exit code 64
    "#]]);
}
