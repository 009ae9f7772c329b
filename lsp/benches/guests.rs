//! The file that the language server is measured on.

/// Returns a module that declares 100 guests, 50 lines each.
pub fn module() -> String {
    let disk = |at: usize| {
        format!(
            "        {{\n          type = \"file\";\n          driver.type = \"qcow2\";\n          driver.cache = \"none\";\n          source.file = \"/var/lib/libvirt/images/{at}.qcow2\";\n          target.dev = \"vd{}\";\n        }}\n",
            (b'a' + at as u8) as char
        )
    };
    let disks: String = (0..5).map(disk).collect();
    let guest = |at: usize| {
        format!(
            "    guest{at} = {{\n      type = \"kvm\";\n      memory = \"2 GiB\";\n      vcpu = 2;\n      os = {{\n        type = \"hvm\";\n        arch = \"x86_64\";\n        machine = \"q35\";\n      }};\n      devices.disk = [\n{disks}      ];\n      devices.interface.first = {{\n        type = \"network\";\n        source.network = \"lan\";\n      }};\n    }};\n"
        )
    };
    let guests: String = (0..100).map(guest).collect();
    format!(
        "{{ lib, ... }}: {{\n  virtualisation.libvirt.connections.\"qemu:///system\".domains = {{\n{guests}  }};\n}}\n"
    )
}
