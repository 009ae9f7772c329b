//! `nixvirt ssh`: log in to a guest.

use super::names::guests;
use super::user;
use super::wait::{Readiness, SSH_PORT, until_ready};
use super::{Daemon, become_program};
use crate::cli::{MAX_SECONDS, number};
use crate::commands::reconcile::DEFAULT_MANIFEST;
use crate::error::Error;
use crate::guest::Facts;
use crate::reconcile::Connect;
use crate::uri::is_local;
use clap::{Args, ValueHint};
use clap_complete::ArgValueCompleter;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Options of `nixvirt ssh`.
#[derive(Debug, Args)]
pub struct SshOptions {
    /// Name of the guest, or USER@NAME. Without USER, the user of the declared seed logs in, or else the one that `ssh` chooses.
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(guests))]
    guest: String,
    /// Command to run in the guest, instead of a shell.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<String>,
    /// User to log in as.
    #[arg(short, long)]
    user: Option<String>,
    /// File with the private key to log in with.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    identity: Option<PathBuf>,
    /// Port of the SSH server.
    #[arg(short, long, default_value_t = SSH_PORT)]
    port: u16,
    /// Option of `ssh`, such as ForwardAgent=yes. May be repeated.
    #[arg(short, long = "option", value_name = "KEY=VALUE")]
    options: Vec<String>,
    /// Seconds to wait until the SSH server of the guest answers.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = number(0, MAX_SECONDS))]
    timeout: u64,
    /// Manifest with the seed of the guest, whose user logs in: a JSON file, or - for standard input
    /// [default: /etc/nixvirt/manifest.json, if it can be read].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Connection")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    daemon: Daemon,
}

/// Logs in to a guest.
pub fn run(options: &SshOptions, connect: Connect) -> Result<ExitCode, Error> {
    let uri = &options.daemon.connect;
    let (_, name) = options.login();
    let guest = {
        let backend = options.daemon.open(connect)?;
        // The network of another host is reached through that host alone.
        let state = if is_local(uri) { Readiness::Ssh } else { Readiness::Ip };
        until_ready(&*backend, name, uri, state, options.port, Duration::from_secs(options.timeout))?
    };
    let address = guest.address().ok_or_else(|| Error::internal("the guest is ready, but has no address"))?;
    let user = options.user_of(&guest)?;
    let mut ssh = Command::new("ssh");
    ssh.args(options.arguments(&guest, user.as_deref(), address));
    Err(become_program(ssh, "install OpenSSH's client"))
}

impl SshOptions {
    /// The user and the name of the guest.
    fn login(&self) -> (Option<&str>, &str) {
        match (&self.user, self.guest.rsplit_once('@')) {
            (Some(user), _) => (Some(user), &self.guest),
            (None, Some((user, name))) => (Some(user), name),
            (None, None) => (None, &self.guest),
        }
    }

    /// The user that logs in: the one of the command line, or else of the seed. None leaves the choice to `ssh`.
    fn user_of(&self, guest: &Facts) -> Result<Option<String>, Error> {
        let definition = match (self.login(), guest.present()) {
            ((Some(user), _), _) => return Ok(Some(user.to_owned())),
            (_, None) => return Ok(None),
            (_, Some(definition)) => definition,
        };
        let uri = &self.daemon.connect;
        match &self.manifest {
            Some(manifest) => user::declared(manifest, uri, definition),
            None => Ok(user::declared(Path::new(DEFAULT_MANIFEST), uri, definition).unwrap_or_default()),
        }
    }

    /// The arguments of `ssh`.
    fn arguments(&self, guest: &Facts, user: Option<&str>, address: IpAddr) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut push = |option: &str, value: String| arguments.extend([option.to_owned(), value]);
        // The first value of an option holds.
        self.options.iter().for_each(|option| push("-o", option.clone()));
        push("-o", format!("HostKeyAlias={}", guest.uuid));
        push("-o", "StrictHostKeyChecking=accept-new".to_owned());
        if let Some(host) = jump_host(&self.daemon.connect) {
            push("-J", host.to_owned());
        }
        if let Some(user) = user {
            push("-l", user.to_owned());
        }
        if let Some(file) = &self.identity {
            push("-i", file.display().to_string());
        }
        push("-p", self.port.to_string());
        arguments.extend(["--".to_owned(), address.to_string()]);
        arguments.extend(self.command.iter().cloned());
        arguments
    }
}

/// The host of a libvirt that is reached by SSH: `me@host:2222` of `qemu+ssh://me@host:2222/system`.
fn jump_host(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let (_, transport) = scheme.split_once('+')?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    if matches!(transport, "ssh" | "libssh" | "libssh2") { Some(host) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use expect_test::expect;

    #[derive(Parser)]
    struct Ssh {
        #[command(flatten)]
        options: SshOptions,
    }

    #[test]
    fn the_arguments_of_ssh() {
        let shown = [
            "web",
            "me@web uname -r",
            "--user me@realm web -- -x",
            "-i key -p 2222 -o ForwardAgent=yes web ls -l --all",
            "--connect qemu+ssh://root@host:2222/system web",
            "--connect qemu+tls://host/system web",
        ]
        .map(|line| {
            let Ssh { options } = Ssh::parse_from(["ssh"].into_iter().chain(line.split_whitespace()));
            let guest = Facts { uuid: "1-2".to_owned(), ..Facts::default() };
            let user = options.user_of(&guest).expect("no manifest is read");
            let address = "192.0.2.7".parse().expect("an address");
            format!("{}: {}\n", options.login().1, options.arguments(&guest, user.as_deref(), address).join(" "))
        });
        expect![[r#"
            web: -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -p 22 -- 192.0.2.7
            web: -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -l me -p 22 -- 192.0.2.7 uname -r
            web: -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -l me@realm -p 22 -- 192.0.2.7 -x
            web: -o ForwardAgent=yes -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -i key -p 2222 -- 192.0.2.7 ls -l --all
            web: -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -J root@host:2222 -p 22 -- 192.0.2.7
            web: -o HostKeyAlias=1-2 -o StrictHostKeyChecking=accept-new -p 22 -- 192.0.2.7
        "#]].assert_eq(&shown.concat());
    }
}
