//! Migrating a running guest to another host.

use crate::calls::abort_job;
use crate::connection::Connection;
use crate::error::{Error, VirtError, ask, refused};
use nixvirt::manifest::Transport;
use nixvirt::step::MIGRATION_LIMIT;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use virt::domain::{Domain, DomainState, MigrateParameters};
use virt::sys;

/// How often the progress of a migration is read.
const LOOK: Duration = Duration::from_millis(250);

/// The guest has its definition on the other host afterwards, and none on this one. A guest that changes its memory faster than it
/// is sent is slowed down.
const FLAGS: u32 = sys::VIR_MIGRATE_LIVE
    | sys::VIR_MIGRATE_PERSIST_DEST
    | sys::VIR_MIGRATE_UNDEFINE_SOURCE
    | sys::VIR_MIGRATE_AUTO_CONVERGE
    | sys::VIR_MIGRATE_ABORT_ON_ERROR;

impl Connection {
    /// Migrates a running guest. The daemon of this host connects to the other one if it can; else this program connects the two,
    /// which a tunnel between the daemons does without.
    pub(crate) fn migrate(&self, migration: &Migration<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        let other = self.to_other(migration.uri)?;
        let until = Instant::now() + MIGRATION_LIMIT;
        match self.run(migration, sys::VIR_MIGRATE_PEER2PEER, until, progress) {
            Ok(()) => Ok(()),
            Err(_) if has_arrived(&other, migration.name)? => Ok(()),
            Err(why) if Instant::now() >= until || migration.transport == Transport::Tunnel => Err(why),
            Err(_) => self.run(migration, 0, until, progress),
        }
    }

    /// Runs a migration on a thread of its own until the end of its time, and shows its progress meanwhile.
    fn run(
        &self,
        migration: &Migration<'_>,
        more: u32,
        until: Instant,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Error> {
        let what = "cannot migrate the guest";
        let watched = self.domain(migration.name)?.ok_or_else(|| Error::libvirt("the guest no longer exists"))?;
        let guest = self.to_other(self.uri())?;
        let other = self.to_other(migration.uri)?;
        let (ends, end) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || ends.send(migration.perform(&guest, &other, more)));
            let mut is_aborted = false;
            loop {
                match end.recv_timeout(LOOK) {
                    Ok(Ok(())) => return Ok(()),
                    Ok(Err(why)) if is_aborted => {
                        let limit = MIGRATION_LIMIT.as_secs() / 60;
                        return Err(refused(
                            format!("the guest was not migrated within {limit} min, and keeps running on the old host"),
                            &why,
                        ));
                    }
                    Ok(Err(why)) => return Err(refused(what, &why)),
                    Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("the migration has no outcome")),
                    Err(RecvTimeoutError::Timeout) => show(&watched, progress),
                }
                if !is_aborted && Instant::now() >= until {
                    is_aborted = true;
                    ask(what, abort_job(&watched))?;
                }
            }
        })
    }
}

/// What is migrated where.
pub(crate) struct Migration<'m> {
    pub name: &'m str,
    pub uri: &'m str,
    /// The definition of the guest on the other host.
    pub persistent: String,
    /// The targets of the disks that are copied.
    pub disks: &'m [String],
    pub transport: Transport,
}

impl Migration<'_> {
    fn perform(&self, here: &Connection, other: &Connection, more: u32) -> Result<(), VirtError> {
        let guest = here.connect().lookup_domain_by_name(self.name)?;
        let parameters = MigrateParameters {
            persist_xml: Some(self.persistent.clone()),
            migrate_disks: self.disks.to_vec(),
            ..MigrateParameters::default()
        };
        let copied = if self.disks.is_empty() { 0 } else { sys::VIR_MIGRATE_NON_SHARED_DISK };
        let transport = match self.transport {
            Transport::Plain => 0,
            Transport::Tls => sys::VIR_MIGRATE_TLS,
            Transport::Tunnel => sys::VIR_MIGRATE_TUNNELLED,
        };
        let flags = FLAGS | copied | transport | more;
        if more & sys::VIR_MIGRATE_PEER2PEER == 0 {
            guest.migrate3(&other.connect(), parameters, flags).map(drop)
        } else {
            guest.migrate_to_uri3(Some(self.uri), parameters, flags)
        }
    }
}

/// Whether the guest runs on the host that it was to migrate to.
fn has_arrived(other: &Connection, name: &str) -> Result<bool, Error> {
    let what = "cannot tell whether the guest runs";
    match other.domain(name)? {
        Some(guest) => Ok(ask(what, guest.state())?.0.is(DomainState::Running)),
        None => Ok(false),
    }
}

/// Shows how much of the guest was sent. A migration that has just begun or ended has nothing to show.
fn show(guest: &Domain, progress: &mut dyn FnMut(u64, u64)) {
    if let Ok(job) = guest.job_info() {
        if let (Some(done), Some(total)) = (job.data_processed, job.data_total) {
            progress(done, total);
        }
    }
}
