//! `<source protocol=…>` of disks:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::DiskAuth;
use super::backing::DiskDataStore;
use super::source::DiskSlices;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::reconnect::Reconnect;
use crate::formats::patterns::{AbsolutePath, DnsName, Ip, Token};
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{CookieName, CookieValue};
use crate::formats::storage::{Initiator, choice};
use nixvirt_schema_derive::element;

/// A disk on a server in the network.
#[element(rules)]
pub struct DiskSourceNetwork {
    /// How the server is spoken to.
    #[form]
    pub protocol: DiskSourceProtocol,
    /// The number by which libvirt's commands know it; libvirt gives one to a running guest.
    pub index: Option<Int<1, { u64::MAX }>>,
    /// The part of it that is used.
    pub slices: Option<DiskSlices>,
    /// An image of its own for the data of a qcow2 image.
    pub dataStore: Option<DiskDataStore>,
}

/// How a server in the network is spoken to.
#[element("protocol")]
pub enum DiskSourceProtocol {
    /// A network block device.
    Nbd {
        /// The name of the export.
        name: Option<String>,
        /// Whether the connection is encrypted.
        tls: Option<YesNo>,
        /// The name that the server's certificate must have, where it is not the host's.
        tlsHostname: Option<String>,
        /// The server.
        host: DiskSourceHost,
        /// How it is encrypted.
        encryption: Option<Encryption>,
        /// How long the connection may be lost.
        reconnect: Option<Reconnect>,
    },
    /// An image on a Gluster volume.
    Gluster {
        /// The volume, a slash, and the path of the image.
        name: String,
        /// The servers; at least one.
        host: Vec<DiskSourceHost>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// An image in a Ceph cluster.
    Rbd {
        /// The pool, a slash, and the image.
        name: Option<String>,
        /// The monitors of the cluster; those of the host's Ceph configuration where there are none.
        host: Vec<DiskSourceHost>,
        /// The snapshot of the image that is used.
        snapshot: Option<DiskSourceSnapshot>,
        /// The Ceph configuration.
        config: Option<DiskSourceConfig>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A unit of an iSCSI target.
    Iscsi {
        /// The qualified name of the target, a slash, and the number of the unit.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
        /// As which initiator the host logs in.
        initiator: Option<Initiator>,
    },
    /// A file on a web server.
    Http {
        /// The path on the server, without the slash at its start.
        name: String,
        /// What follows the path after a question mark.
        query: Option<String>,
        /// The server.
        host: DiskSourceHost,
        /// The cookies that are sent.
        cookies: Option<DiskSourceCookies>,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A file on a web server, fetched over TLS.
    Https {
        /// The path on the server, without the slash at its start.
        name: String,
        /// What follows the path after a question mark.
        query: Option<String>,
        /// The server.
        host: DiskSourceHost,
        /// Whether the server's certificate is checked.
        ssl: Option<DiskSourceSsl>,
        /// The cookies that are sent.
        cookies: Option<DiskSourceCookies>,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A file on an FTP server, fetched over TLS.
    Ftps {
        /// The path on the server, without the slash at its start.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// Whether the server's certificate is checked.
        ssl: Option<DiskSourceSsl>,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A file on an FTP server.
    Ftp {
        /// The path on the server, without the slash at its start.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// As whom the host logs in.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A file on a host that is reached by SSH.
    Ssh {
        /// The path on the server.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// The keys of servers that are known.
        knownHosts: Option<DiskSourceKnownHosts>,
        /// As whom the host logs in, with a key; not beside `auth`.
        identity: Option<DiskSourceSshIdentity>,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// As whom the host logs in, with a password; not beside `identity`.
        auth: Option<DiskAuth>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A virtual disk of a Sheepdog cluster.
    Sheepdog {
        /// The name of the virtual disk.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A file on a TFTP server.
    Tftp {
        /// The path on the server, without the slash at its start.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// How much is fetched ahead of what the guest reads.
        readahead: Option<DiskSourceReadahead>,
        /// How long an answer may take.
        timeout: Option<DiskSourceTimeout>,
        /// How it is encrypted.
        encryption: Option<Encryption>,
    },
    /// A volume of Veritas HyperScale.
    Vxhs {
        /// The id of the volume.
        name: String,
        /// Whether the connection is encrypted.
        tls: Option<YesNo>,
        /// The server.
        host: DiskSourceHost,
    },
    /// A file on an NFS server, read by QEMU itself.
    Nfs {
        /// The path on the server.
        name: String,
        /// The server.
        host: DiskSourceHost,
        /// As whom the file is read.
        identity: Option<DiskSourceNfsIdentity>,
    },
}

/// A server in the network.
#[element("transport")]
pub enum DiskSourceHost {
    /// One that is reached by TCP.
    #[default]
    Tcp {
        /// Its name or address.
        name: Either<DnsName, Ip>,
        /// Its port; that of the protocol when absent.
        port: Option<u32>,
    },
    /// One that is reached by RDMA.
    Rdma {
        /// Its name or address.
        name: Either<DnsName, Ip>,
        /// Its port; that of the protocol when absent.
        port: Option<u32>,
    },
    /// One on the host itself, reached by a Unix socket.
    Unix {
        /// The path of the socket.
        socket: AbsolutePath,
    },
}

/// A snapshot of an image.
#[element]
pub struct DiskSourceSnapshot {
    /// Its name.
    pub name: Token,
}

/// A file of Ceph's configuration.
#[element]
pub struct DiskSourceConfig {
    /// The path of the file.
    pub file: AbsolutePath,
}

/// Whether a server's certificate is checked.
#[element]
pub struct DiskSourceSsl {
    /// Whether it is; on by default.
    pub verify: YesNo,
}

/// The cookies that are sent to a web server.
#[element(rules)]
pub struct DiskSourceCookies {
    /// One cookie.
    pub cookie: Vec<DiskSourceCookie>,
}

/// A cookie that is sent to a web server.
#[element]
pub struct DiskSourceCookie {
    /// Its name.
    pub name: CookieName,
    /// What it holds.
    #[text]
    #[secret]
    pub value: CookieValue,
}

/// How much is fetched ahead of what a guest reads.
#[element]
pub struct DiskSourceReadahead {
    /// How many bytes.
    pub size: Int<1, { u64::MAX }>,
}

/// How long an answer of a server may take.
#[element]
pub struct DiskSourceTimeout {
    /// How many seconds.
    pub seconds: Int<1, { u64::MAX }>,
}

/// The keys of servers that are known.
#[element]
pub struct DiskSourceKnownHosts {
    /// The path of a file such as OpenSSH's known_hosts.
    pub path: AbsolutePath,
}

/// As whom the host logs in by SSH: with a key in a file, or one that an agent holds.
#[element(rules)]
pub struct DiskSourceSshIdentity {
    /// The user.
    pub username: Token,
    /// The path of the private key; not beside `agentsock`.
    pub keyfile: Option<AbsolutePath>,
    /// The path of the socket of an agent; not beside `keyfile`.
    pub agentsock: Option<AbsolutePath>,
}

/// As whom a file on an NFS server is read.
#[element]
pub struct DiskSourceNfsIdentity {
    /// The user: a name, or + and a number.
    pub user: Option<Token>,
    /// The group: a name, or + and a number.
    pub group: Option<Token>,
}

impl View<'_, DiskSourceNetwork> {
    fn rules(self, report: &mut Report<'_>) {
        match self.protocol().protocol().and_then(Read::text).as_deref() {
            Some("gluster") => choice::some(self.value(), "host", "at least one server", report),
            Some("ssh") => {
                choice::one_at_most(self.value(), &["identity", "auth"], "disk-ssh-identity-or-auth", report);
            }
            _ => {}
        }
    }
}

impl View<'_, DiskSourceCookies> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "cookie", "at least one cookie", report);
    }
}

impl View<'_, DiskSourceSshIdentity> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["keyfile", "agentsock"], "disk-ssh-keyfile-or-agentsock", report);
    }
}
