//! `<source protocol=…>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::DiskAuth;
use super::backing::DiskDataStore;
use super::source::DiskSlices;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, InUnit, Int, YesNo};
use crate::engine::value::Value;
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::patterns::{AbsolutePath, DnsName, Ip, Token};
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{CookieName, CookieValue};
use crate::formats::storage::{Initiator, choice};
use nixvirt_schema_derive::element;
use std::collections::BTreeSet;

/// Source of a disk on a network server.
#[element(rules)]
pub struct DiskSourceNetwork {
    /// Protocol to access the network storage.
    #[form]
    pub protocol: DiskSourceProtocol,
    /// Number that identifies the image in libvirt commands. libvirt assigns a number while the guest runs.
    #[output]
    pub index: Option<Int<1, { u64::MAX }>>,
    /// Part of the storage to use as the disk.
    pub slices: Option<DiskSlices>,
    /// External data file of a `qcow2` image.
    #[since = "10.10"]
    pub dataStore: Option<DiskDataStore>,
}

/// Protocol to access network storage.
#[element("protocol")]
pub enum DiskSourceProtocol {
    /// Network block device (NBD).
    Nbd {
        /// Name of the NBD export.
        name: Option<String>,
        /// Whether the connection uses TLS.
        tls: Option<YesNo>,
        /// Host name expected in the server's TLS certificate, if different from the host name of the server.
        tlsHostname: Option<String>,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
        /// Reconnection behavior: time that the connection may be lost before requests fail.
        #[since = "9.2"]
        reconnect: Option<Reconnect>,
    },
    /// Image on a Gluster volume.
    Gluster {
        /// Gluster volume and path of the image, separated by a slash: `volume/path`.
        name: String,
        /// Servers of the Gluster volume. At least one is required.
        host: Vec<DiskSourceHost>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// Image in a Ceph cluster (RBD).
    Rbd {
        /// Ceph pool and image, separated by a slash: `pool/image`.
        name: Option<String>,
        /// Monitors of the Ceph cluster. Defaults to the monitors in the host's Ceph configuration.
        host: Vec<DiskSourceHost>,
        /// Snapshot of the image to use.
        snapshot: Option<DiskSourceSnapshot>,
        /// Ceph configuration file.
        config: Option<DiskSourceConfig>,
        /// Credentials for the Ceph cluster.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// Logical unit of an iSCSI target.
    Iscsi {
        /// iSCSI qualified name (IQN) of the target and number of the logical unit, separated by a slash.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Credentials for the iSCSI target.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
        /// iSCSI initiator that the host uses to log in.
        initiator: Option<Initiator>,
    },
    /// File on a web server, accessed over HTTP.
    Http {
        /// Path of the file on the server, without the leading slash.
        name: String,
        /// Query string of the URL, without the question mark.
        query: Option<String>,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Cookies to send to the server.
        cookies: Option<DiskSourceCookies>,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Credentials for the server.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// File on a web server, accessed over HTTPS.
    Https {
        /// Path of the file on the server, without the leading slash.
        name: String,
        /// Query string of the URL, without the question mark.
        query: Option<String>,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Verification of the server's TLS certificate.
        ssl: Option<DiskSourceSsl>,
        /// Cookies to send to the server.
        cookies: Option<DiskSourceCookies>,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Credentials for the server.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// File on an FTP server, accessed over TLS.
    Ftps {
        /// Path of the file on the server, without the leading slash.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Verification of the server's TLS certificate.
        ssl: Option<DiskSourceSsl>,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Credentials for the server.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// File on an FTP server.
    Ftp {
        /// Path of the file on the server, without the leading slash.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Credentials for the server.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// File on a server, accessed over SSH.
    #[since = "9.8"]
    Ssh {
        /// Path of the file on the server.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// File with the known SSH host keys.
        knownHosts: Option<DiskSourceKnownHosts>,
        /// Credentials for SSH login with a key. Cannot be combined with `auth`.
        identity: Option<DiskSourceSshIdentity>,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Credentials for SSH login with a password. Cannot be combined with `identity`.
        auth: Option<DiskAuth>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// Virtual disk of a Sheepdog cluster.
    Sheepdog {
        /// Name of the Sheepdog virtual disk.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// File on a TFTP server.
    Tftp {
        /// Path of the file on the server, without the leading slash.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// Read-ahead buffer: data fetched ahead of the guest's reads.
        readahead: Option<DiskSourceReadahead>,
        /// Timeout for responses of the server.
        timeout: Option<DiskSourceTimeout>,
        /// Encryption of the disk.
        encryption: Option<Encryption>,
    },
    /// Volume of Veritas HyperScale (VxHS).
    Vxhs {
        /// Identifier of the VxHS volume.
        name: String,
        /// Whether the connection uses TLS.
        tls: Option<YesNo>,
        /// Server that provides the storage.
        host: DiskSourceHost,
    },
    /// File on an NFS server, accessed by QEMU's NFS client.
    Nfs {
        /// Path of the file on the server.
        name: String,
        /// Server that provides the storage.
        host: DiskSourceHost,
        /// User and group for access to the file on the NFS server.
        identity: Option<DiskSourceNfsIdentity>,
    },
}

/// Network server that provides storage.
#[element("transport")]
pub enum DiskSourceHost {
    /// Server reached over TCP.
    #[default]
    Tcp {
        /// Host name or IP address of the server.
        name: Either<DnsName, Ip>,
        /// Port of the server. Defaults to the port of the protocol.
        port: Option<u32>,
    },
    /// Server reached over RDMA.
    Rdma {
        /// Host name or IP address of the server.
        name: Either<DnsName, Ip>,
        /// Port of the server. Defaults to the port of the protocol.
        port: Option<u32>,
    },
    /// Server on the host itself, reached through a Unix socket.
    Unix {
        /// Path of the Unix socket.
        socket: AbsolutePath,
    },
}

/// Snapshot of an image.
#[element]
pub struct DiskSourceSnapshot {
    /// Name of the snapshot.
    pub name: Token,
}

/// Ceph configuration file.
#[element]
pub struct DiskSourceConfig {
    /// Path of the Ceph configuration file.
    pub file: AbsolutePath,
}

/// Verification of a server's TLS certificate.
#[element]
pub struct DiskSourceSsl {
    /// Whether to verify the server's TLS certificate. Defaults to `true`.
    pub verify: YesNo,
}

/// Cookies to send to a web server.
#[element(rules)]
pub struct DiskSourceCookies {
    /// Cookie to send to the web server.
    pub cookie: Vec<DiskSourceCookie>,
}

/// Cookie to send to a web server.
#[element]
pub struct DiskSourceCookie {
    /// Name of the cookie.
    pub name: CookieName,
    /// Value of the cookie.
    #[text]
    #[secret]
    pub value: CookieValue,
}

/// Read-ahead buffer: data fetched ahead of the guest's reads.
#[element]
pub struct DiskSourceReadahead {
    /// Size of the read-ahead buffer, in bytes.
    pub size: InUnit<Int<1, { u64::MAX }>, 1>,
}

/// Timeout for responses of a server.
#[element]
pub struct DiskSourceTimeout {
    /// Timeout, in seconds.
    pub seconds: Int<1, { u64::MAX }>,
}

/// File with known SSH host keys.
#[element]
pub struct DiskSourceKnownHosts {
    /// Path of the file with known host keys, in the format of OpenSSH's `known_hosts`.
    pub path: AbsolutePath,
}

/// Credentials for SSH login: a private key in a file, or a key held by an SSH agent.
#[element(rules)]
pub struct DiskSourceSshIdentity {
    /// User name for the SSH login.
    pub username: Token,
    /// Path of the private key. Cannot be combined with `agentsock`.
    pub keyfile: Option<AbsolutePath>,
    /// Path of the SSH agent's socket. Cannot be combined with `keyfile`.
    pub agentsock: Option<AbsolutePath>,
}

/// User and group for access to a file on an NFS server.
#[element]
pub struct DiskSourceNfsIdentity {
    /// User for NFS access: a name, or `+` and a number.
    pub user: Option<Token>,
    /// Group for NFS access: a name, or `+` and a number.
    pub group: Option<Token>,
}

impl View<'_, DiskSourceNetwork> {
    fn rules(self, report: &mut Report<'_>) {
        let hosts = || self.value().attribute("host").into_iter().flat_map(Value::items);
        for port in hosts().filter_map(|host| host.attribute("port")) {
            if port.number::<u32>(10).is_some_and(|port| port > u32::from(u16::MAX)) {
                report.error(port, "disk-host-port", format!("{} is no port: expected at most 65535", port.shown()));
            }
        }
        match self.protocol().protocol().and_then(Read::text).as_deref() {
            Some("gluster") => {
                choice::some(self.value(), "host", "expected at least one server", report);
                has_an_image(self.value(), report);
            }
            Some("rbd") => {
                choice::some(self.value(), "name", "expected the pool, a slash, and the name of the image", report);
                has_an_image(self.value(), report);
            }
            Some("ssh") => {
                choice::one_at_most(self.value(), &["identity", "auth"], "disk-ssh-identity-or-auth", report);
            }
            Some("nfs") => hosts().for_each(|host| nfs_host(host, report)),
            _ => {}
        }
    }
}

/// Reports a name without one of its two parts.
fn has_an_image(source: Value<'_>, report: &mut Report<'_>) {
    let Some(name) = source.attribute("name") else { return };
    if name.text().is_some_and(|name| matches!(name.find('/'), None | Some(0))) {
        let message = "`name` needs the pool or volume, a slash, and the name of the image";
        report.error(name, "disk-pool-image", message);
    }
}

/// Reports what QEMU's NFS client does not let choose.
fn nfs_host(host: Value<'_>, report: &mut Report<'_>) {
    let transport = host.attribute("transport").filter(|transport| transport.text() != Some("tcp"));
    let port = host.attribute("port").filter(|port| port.number::<u32>(10) != Some(0));
    for part in transport.into_iter().chain(port) {
        report.error(
            part,
            "disk-nfs-host",
            "an NFS server is reached over TCP and at its usual port: remove this part",
        );
    }
}

impl View<'_, DiskSourceCookies> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "cookie", "expected at least one cookie", report);
        let mut names = BTreeSet::new();
        for cookie in self.value().attribute("cookie").into_iter().flat_map(Value::items) {
            let part = |name: &str| cookie.attribute(name).filter(|it| it.text().is_some());
            let is_half_quoted = |it: &Value<'_>| it.text().is_some_and(|it| it.starts_with('"') != it.ends_with('"'));
            if let Some(value) = part("value").filter(is_half_quoted) {
                report.error(
                    value,
                    "disk-cookie-quote",
                    "a quote is at one end only: expected one at both ends or none",
                );
            }
            if let Some(name) = part("name").filter(|name| !names.insert(name.text())) {
                report.error(name, "disk-cookie-taken", "another cookie has this name already");
            }
        }
    }
}

impl View<'_, DiskSourceSshIdentity> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["keyfile", "agentsock"], "disk-ssh-keyfile-or-agentsock", report);
    }
}
