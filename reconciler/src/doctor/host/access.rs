//! The sockets of daemons, and who may use them.

use super::Process;

/// A socket of a daemon.
#[derive(Clone, Debug)]
pub struct Socket {
    /// The path.
    pub path: String,
    /// The daemon, such as `libvirtd` or `virtqemud`.
    pub daemon: String,
    /// Whether this process may use it.
    pub is_usable: bool,
}

/// The group of a host whose members may use libvirt.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name, such as `libvirt`.
    pub name: String,
    /// Whether this process has the group.
    pub is_effective: bool,
    /// Whether the user is a member. The group counts from the next login on.
    pub is_member: bool,
}

/// The sockets of the system's daemons.
pub fn sockets(process: &Process) -> Vec<Socket> {
    let names = process.names("/run/libvirt");
    let sockets = names.iter().filter_map(|name| {
        let daemon = name.strip_suffix("-sock").filter(|daemon| !daemon.ends_with("-admin"))?;
        let path = format!("/run/libvirt/{name}");
        let is_usable = (process.may_use)(&process.at(&path));
        let daemon = if daemon == "libvirt" { "libvirtd" } else { daemon };
        Some(Socket { daemon: daemon.to_owned(), path, is_usable })
    });
    sockets.collect()
}

/// The group `libvirt` or, on NixOS, `libvirtd`.
pub fn group(process: &Process) -> Option<Group> {
    let groups = process.text("/etc/group")?;
    let user = user_name(process);
    let found = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| ["libvirt", "libvirtd"].contains(name))?;
        let number = fields.nth(1)?.parse::<u32>().ok()?;
        let is_member = fields.next()?.split(',').any(|member| user.as_deref() == Some(member));
        Some(Group { name: name.to_owned(), is_effective: process.groups.contains(&number), is_member })
    });
    found
}

fn user_name(process: &Process) -> Option<String> {
    let users = process.text("/etc/passwd")?;
    let line = users.lines().find(|line| line.split(':').nth(2) == Some(process.user.to_string().as_str()))?;
    line.split(':').next().map(str::to_owned)
}
