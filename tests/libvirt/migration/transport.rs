//! Running guests that are sent over TLS, or through a tunnel between the daemons.

use super::{Host, Hosts, with_a_running_guest};
use expect_test::expect;
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::process::Command;

/// Makes a certificate authority, and for each host a certificate with its name, and starts the daemons with them.
fn set_up_tls(hosts: &Hosts) {
    let script = r#"
        key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        openssl req -x509 $key -days 2 -subj /CN=authority -keyout authority-key.pem -out authority.pem
        for host in alpha beta; do
          mkdir $host/pki
          openssl req $key -subj /CN=$host -addext subjectAltName=DNS:$host -keyout $host/pki/server-key.pem -out request.pem
          openssl x509 -req -in request.pem -CA authority.pem -CAkey authority-key.pem -days 2 -copy_extensions copy \
            -out $host/pki/server-cert.pem
          cp authority.pem $host/pki/ca-cert.pem
          cp $host/pki/server-key.pem $host/pki/client-key.pem
          cp $host/pki/server-cert.pem $host/pki/client-cert.pem
        done"#;
    let made = run(Command::new("sh").args(["-euc", script]).current_dir(&hosts.folder));
    assert!(made.succeeded, "{}", made.stderr);
    for host in [&hosts.alpha, &hosts.beta] {
        let folder = host.folder.join("pki");
        let setting = format!("migrate_tls_x509_cert_dir = \"{}\"", folder.display());
        host.shell(&format!("echo '{setting}' >> /etc/libvirt/qemu.conf"));
        host.kill_daemon();
        host.start_daemon();
    }
}

#[test]
fn a_guest_that_moves_over_tls() {
    let (hosts, mut web) = with_a_running_guest("tls");
    web["transport"] = json!("tls");
    hosts.declare("beta", &web);
    hosts.fails("apply");
    assert_eq!(hosts.runs(), [Some(true), None], "without certificates, nothing is sent");
    set_up_tls(&hosts);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(true)]);
    hosts.have_equal_disks();
    hosts.beta.force_off();
}

#[test]
fn a_guest_that_moves_through_a_tunnel() {
    let hosts = Hosts::new("tunnel");
    let xml = "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os></domain>";
    let web = |storage: &str| json!({ "xml": xml, "active": true, "move": "live", "storage": storage, "transport": "tunnel" });
    hosts.declare("alpha", &web("shared"));
    hosts.nixvirt("apply");
    hosts.declare("beta", &web("copy"));
    expect![[r#"
        BETA
          ! domain web:
              error: not moved: libvirt's tunnel does not carry the disks of a running guest
              hint: set transport = "tls", or storage = "shared" if both hosts reach the disks

        Legend: ! error
        2 unchanged, 1 error
    "#]]
    .assert_eq(&hosts.fails("plan"));
    // The daemons have a connection that is not in the network.
    let cut = |host: &Host, number: usize| host.shell(&format!("ip link set mvtunnel{number} down"));
    cut(&hosts.alpha, 0);
    cut(&hosts.beta, 1);
    hosts.declare("beta", &web("shared"));
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(true)]);
    hosts.beta.force_off();
}
