//! `nixvirt wait`: until a guest runs, or is ready for use.

use super::names::guests;
use super::{Daemon, find};
use crate::cli::{MAX_SECONDS, number};
use crate::error::{Error, ErrorKind};
use crate::guest::{Facts, GuestState};
use crate::progress::Progress;
use crate::reconcile::{Backend, Connect};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::{Args, ValueEnum};
use clap_complete::ArgValueCompleter;
use serde_json::{Value, json};
use std::io::Read;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a guest is looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// How long an SSH server may take to answer.
const SSH_LIMIT: Duration = Duration::from_secs(2);

/// The port of SSH servers.
pub const SSH_PORT: u16 = 22;

/// The file in which cloud-init writes its result when it is done.
const RESULT: &str = "/run/cloud-init/result.json";

/// Options of `nixvirt wait`.
#[derive(Debug, Args)]
pub struct WaitOptions {
    /// Name of the guest.
    #[arg(add = ArgValueCompleter::new(guests))]
    name: String,
    /// State to wait for.
    #[arg(long = "for", value_enum, value_name = "STATE", default_value = "ssh")]
    state: Readiness,
    /// Seconds to wait.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = number(0, MAX_SECONDS))]
    timeout: u64,
    #[command(flatten)]
    daemon: Daemon,
}

/// State of a guest that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Readiness {
    /// The guest runs.
    Running,
    /// The guest has an address.
    Ip,
    /// The guest agent answers.
    Agent,
    /// The SSH server of the guest answers.
    Ssh,
    /// cloud-init has set up the guest, as the guest agent reports. If cloud-init had errors, the command fails.
    CloudInit,
}

/// Waits for a guest.
pub fn run(options: &WaitOptions, connect: Connect) -> Result<ExitCode, Error> {
    let backend = options.daemon.open(connect)?;
    let (uri, limit) = (&options.daemon.connect, Duration::from_secs(options.timeout));
    until_ready(&*backend, &options.name, uri, options.state, SSH_PORT, limit)?;
    Ok(ExitCode::SUCCESS)
}

/// Waits until a guest is ready, and returns the facts about it.
///
/// # Errors
/// There is no such guest, it is not ready in time, or cloud-init has failed.
pub fn until_ready(
    backend: &dyn Backend,
    name: &str,
    uri: &str,
    state: Readiness,
    port: u16,
    limit: Duration,
) -> Result<Facts, Error> {
    let begin = Instant::now();
    let progress = Progress::new(false);
    let _shown = progress.wait(format!("{name}: waiting until {}", state.clause()), Some(limit));
    loop {
        let guest = find(backend, name, uri)?;
        let missing = match state.missing(backend, &guest, uri, port)? {
            None => return Ok(guest),
            Some(missing) => missing,
        };
        if begin.elapsed() >= limit {
            let what = format!("{name} is not ready after {} s: {}", limit.as_secs(), missing.what);
            return Err(Error::libvirt(what).with_hint(missing.hint));
        }
        sleep(INTERVAL.min(limit));
    }
}

/// What a guest lacks to be ready, and what the user can do.
struct NotReady {
    what: String,
    hint: String,
}

impl NotReady {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Option<Self> {
        Some(NotReady { what: what.into(), hint: hint.into() })
    }
}

impl Readiness {
    fn clause(self) -> &'static str {
        match self {
            Readiness::Running => "it runs",
            Readiness::Ip => "it has an address",
            Readiness::Agent => "its guest agent answers",
            Readiness::Ssh => "its SSH server answers",
            Readiness::CloudInit => "cloud-init has set it up",
        }
    }

    /// What the guest lacks; None if it is ready.
    fn missing(self, backend: &dyn Backend, guest: &Facts, uri: &str, port: u16) -> Result<Option<NotReady>, Error> {
        if guest.state != GuestState::Running {
            let hint =
                format!("run `virsh --connect {uri} start {}`, or set `active = true` in the declaration", guest.name);
            return Ok(NotReady::new(format!("it is {}", guest.state.words()), hint));
        }
        Ok(match self {
            Readiness::Running => None,
            Readiness::Agent => agent_missing(backend, &guest.name)?,
            Readiness::CloudInit => cloud_init_missing(backend, &guest.name)?,
            Readiness::Ip => match guest.address() {
                Some(_) => None,
                None => no_address(guest),
            },
            Readiness::Ssh => match guest.address() {
                Some(ip) if answers_ssh(ip, port) => None,
                Some(ip) => NotReady::new(
                    format!("no SSH server answers at {}", SocketAddr::new(ip, port)),
                    "check that the guest has an SSH server, and that its firewall allows connections",
                ),
                None => no_address(guest),
            },
        })
    }
}

fn no_address(guest: &Facts) -> Option<NotReady> {
    let hint = format!(
        "check with `nixvirt console {}` that the guest has booted; a guest without an address from libvirt's DHCP needs the guest agent",
        guest.name
    );
    NotReady::new("it has no address", hint)
}

fn agent_missing(backend: &dyn Backend, guest: &str) -> Result<Option<NotReady>, Error> {
    Ok(match answer(backend, guest, &json!({ "execute": "guest-ping" }))? {
        Some(_) => None,
        None => no_agent(),
    })
}

fn no_agent() -> Option<NotReady> {
    NotReady::new(
        "its guest agent does not answer",
        "install qemu-guest-agent in the guest, and declare the channel org.qemu.guest_agent.0",
    )
}

/// Reads the result of cloud-init by the guest agent.
fn cloud_init_missing(backend: &dyn Backend, guest: &str) -> Result<Option<NotReady>, Error> {
    if let Some(missing) = agent_missing(backend, guest)? {
        return Ok(Some(missing));
    }
    let open = json!({ "execute": "guest-file-open", "arguments": { "path": RESULT } });
    let Some(handle) = answer(backend, guest, &open)? else {
        return Ok(NotReady::new(
            "cloud-init is not done",
            "check that cloud-init is installed in the guest: `cloud-init status --long`",
        ));
    };
    let read = json!({ "execute": "guest-file-read", "arguments": { "handle": handle } });
    let content = answer(backend, guest, &read)?;
    answer(backend, guest, &json!({ "execute": "guest-file-close", "arguments": { "handle": handle } }))?;
    let text = content.as_ref().and_then(|content| BASE64_STANDARD.decode(content["buf-b64"].as_str()?).ok());
    let Some(result) = text.and_then(|text| serde_json::from_slice::<Value>(&text).ok()) else {
        return Ok(NotReady::new("the result of cloud-init cannot be read", format!("look at {RESULT} in the guest")));
    };
    let errors: Vec<_> = result["v1"]["errors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if errors.is_empty() {
        return Ok(None);
    }
    let what = format!("cloud-init has failed in {guest}: {}", errors.join("; "));
    Err(Error::libvirt(what).with_hint("the log is /var/log/cloud-init.log in the guest"))
}

/// The answer of the guest agent. None if it does not answer, or refuses the command.
fn answer(backend: &dyn Backend, guest: &str, command: &Value) -> Result<Option<Value>, Error> {
    match backend.ask_agent(guest, &command.to_string()) {
        Ok(answer) => Ok(serde_json::from_str::<Value>(&answer).ok().map(|answer| answer["return"].clone())),
        Err(error) if error.kind() == ErrorKind::Connection => Err(error),
        Err(_) => Ok(None),
    }
}

/// Whether an SSH server greets at an address.
fn answers_ssh(ip: IpAddr, port: u16) -> bool {
    let greeting = || {
        let mut stream = TcpStream::connect_timeout(&SocketAddr::new(ip, port), SSH_LIMIT)?;
        stream.set_read_timeout(Some(SSH_LIMIT))?;
        let mut greeting = [0; 4];
        stream.read_exact(&mut greeting).map(|()| greeting)
    };
    greeting().is_ok_and(|greeting| &greeting == b"SSH-")
}
