//! English for the facts of plans and reports. Nothing else in this program does that, and nothing reads it back.

use super::lacks;
use super::text::Tense;
use crate::change::human_size;
use crate::declared::{DeclarationError, ManifestPlace, PasswordProblem};
use crate::error::{Error, ErrorMessage};
use crate::image::{ImageSource, Preparation};
use crate::object::{Id, Type};
use crate::plan::{Effect, Entry, Obstacle, Prevented, Reason, SnapshotObstacle, UncreatedVolumes, Verdict, When};
use crate::reconcile::{ApplyError, LOCK_LIMIT, Unsafe};
use crate::seed;
use crate::state::UnreadableRecord;
use crate::step::{Metadata, NetworkUpdate, Operation, OriginStep, Purge, RecordUpdate, Shutdown, Step};
use std::path::Path;

/// How many names of a list are shown: enough to find the mistake that concerns all of them.
const MOST_NAMES: usize = 8;

/// A message, and what the user can do.
pub(super) struct Message {
    pub text: String,
    pub hint: Option<String>,
}

pub(super) fn message(text: impl Into<String>) -> Message {
    Message { text: text.into(), hint: None }
}

pub(super) fn hinted(text: impl Into<String>, hint: impl Into<String>) -> Message {
    Message { text: text.into(), hint: Some(hint.into()) }
}

/// The change to an object, in one line.
pub(super) fn headline(entry: &Entry, tense: Tense) -> String {
    let mut parts = Vec::new();
    parts.extend(outcome(entry, tense));
    parts.extend(actions(entry, tense));
    if parts.is_empty() {
        parts.push(if entry.steps.is_empty() { "unchanged" } else { "update the state record" }.to_owned());
    }
    let line = parts.join(", ");
    match effect(entry) {
        Some(effect) => format!("{line}; {effect}"),
        None => line,
    }
}

/// The verdict in words.
fn outcome(entry: &Entry, tense: Tense) -> Option<String> {
    let is_live = entry.steps.iter().any(|step| matches!(step, Step::Libvirt(operation) if operation.is_live()));
    let [planned, done] = match entry.verdict {
        Verdict::Create => ["create", "created"],
        Verdict::Change if is_live => ["change live", "changed live"],
        Verdict::Change => ["change", "changed"],
        Verdict::Adopt => ["adopt", "adopted"],
        Verdict::Move => {
            let uri = entry.reasons.iter().find_map(|reason| match reason {
                Reason::MovesFrom { uri } => Some(uri),
                _ => None,
            });
            return Some(format!("{} from {}", tense.pick("move", "moved"), uri?));
        }
        Verdict::Remove | Verdict::Kept | Verdict::Deferred if leading(entry).is_some() => {
            return leading(entry).map(|reason| self::reason(reason, &entry.id).text);
        }
        Verdict::Remove => return Some(removal(entry, tense)),
        Verdict::Kept => ["kept", "kept"],
        Verdict::Deferred => ["deferred", "deferred"],
        Verdict::Unchanged if !entry.pending.is_empty() => ["pending restart", "pending restart"],
        Verdict::Unchanged | Verdict::StateChange | Verdict::Error => return None,
    };
    Some(tense.pick(planned, done).to_owned())
}

/// The reason that says more than the verdict, and takes its place.
pub(super) fn leading(entry: &Entry) -> Option<&Reason> {
    let leads = |reason: &&Reason| {
        matches!(
            reason,
            Reason::NoLongerDeclared
                | Reason::RemovedOnceStopped
                | Reason::DeclaredElsewhere { .. }
                | Reason::MayRunElsewhere { .. }
                | Reason::MovesFrom { .. }
                | Reason::MovesOnceOff { .. }
                | Reason::MovesWithDomain { .. }
                | Reason::StillInUse { prevents: Prevented::Remove | Prevented::Rename, .. }
                | Reason::StillInUse { prevents: Prevented::Rewrite, .. }
                | Reason::WaitsForUsed { .. }
                | Reason::AlreadyGone
                | Reason::WaitsForPool { .. }
                | Reason::UnknownUntilPoolRuns { .. }
        )
    };
    match entry.verdict {
        Verdict::Remove | Verdict::Kept | Verdict::Deferred | Verdict::Move => entry.reasons.iter().find(leads),
        _ => None,
    }
}

fn removal(entry: &Entry, tense: Tense) -> String {
    let purged = entry.steps.iter().find_map(|step| match step {
        Step::Libvirt(Operation::Undefine { purge, .. }) if !purge.is_empty() => Some(purge),
        _ => None,
    });
    match (entry.id.kind, purged) {
        (Type::Volume, _) => tense.pick("delete with its content", "deleted with its content").to_owned(),
        (Type::Snapshot, _) => tense.pick("delete", "deleted").to_owned(),
        (_, Some(purge)) => {
            let parts: Vec<_> = purge.iter().map(|part| purged_state(*part)).collect();
            format!("{} with its {}", tense.pick("remove", "removed"), listing(&parts))
        }
        (_, None) => tense.pick("remove", "removed").to_owned(),
    }
}

fn purged_state(part: Purge) -> &'static str {
    match part {
        Purge::Nvram => "NVRAM",
        Purge::Tpm => "TPM state",
        Purge::ManagedSave => "saved state",
        Purge::Snapshots => "snapshots",
    }
}

/// The steps that neither the verdict nor the changed fields tell.
fn actions(entry: &Entry, tense: Tense) -> Vec<String> {
    let operations = || {
        entry.steps.iter().filter_map(|step| match step {
            Step::Libvirt(operation) => Some(operation),
            Step::Record(_) | Step::Origin(_) => None,
        })
    };
    let stops = operations().any(|operation| matches!(operation, Operation::Stop(_)));
    let starts = operations().any(|operation| *operation == Operation::Start);
    let mut actions = Vec::new();
    for operation in operations() {
        let action = match operation {
            Operation::Rename { from } => format!("{} from {from}", tense.pick("rename", "renamed")),
            Operation::Displace { name, .. } if *name != entry.id.name => {
                format!("{} {} {name}", tense.pick("replace", "replaced"), entry.id.kind)
            }
            Operation::SetValue { .. } => tense.pick("set its value", "value set").to_owned(),
            Operation::Start if stops => tense.pick("restart", "restarted").to_owned(),
            Operation::Start => tense.pick("start", "started").to_owned(),
            Operation::Stop(_) if !starts && entry.verdict != Verdict::Remove => {
                tense.pick("stop", "stopped").to_owned()
            }
            Operation::Autostart { on: true } => tense.pick("enable autostart", "autostart enabled").to_owned(),
            Operation::Autostart { on: false } => tense.pick("disable autostart", "autostart disabled").to_owned(),
            Operation::CloneVolume { pool, volume, .. } => {
                format!("{} from volume {pool}/{volume}", tense.pick("copy", "copied"))
            }
            Operation::Fill { image } => format!("{} from {}", tense.pick("fill", "filled"), source(image)),
            Operation::WriteSeed { .. } => tense.pick("write the seed", "seed written").to_owned(),
            Operation::CopyVolume { volume, .. } | Operation::PrepareVolume { volume, .. } => {
                format!("{} {volume}", tense.pick("copy", "copied"))
            }
            Operation::Grow { capacity } => {
                format!("{} to {}", tense.pick("grow", "grown"), human_size(*capacity))
            }
            Operation::RestoreSnapshot { name, .. } => {
                format!("{} the snapshot {name}", tense.pick("restore", "restored"))
            }
            Operation::TakeSnapshot { snapshot } => {
                format!("after taking the snapshot {snapshot}")
            }
            Operation::DropSnapshot { snapshot } => {
                format!("{} the snapshot {snapshot}", tense.pick("delete", "deleted"))
            }
            _ => continue,
        };
        actions.push(action);
    }
    actions
}

/// The effect on a running guest.
fn effect(entry: &Entry) -> Option<String> {
    let forced = entry.steps.iter().find_map(|step| match step {
        Step::Origin(OriginStep { step, .. }) => forced_off(step),
        step => forced_off(step),
    });
    let forced = forced.unwrap_or_default();
    match (entry.id.kind, entry.effect) {
        (_, Effect::None | Effect::Start) => None,
        (Type::Nwfilter, _) => Some("takes effect immediately in running guests".to_owned()),
        (_, Effect::Live) => Some("the guest keeps running".to_owned()),
        (_, Effect::Restart) => Some(format!("the guest shuts down{forced} and starts again")),
        (_, Effect::Stop) => Some(format!("the guest shuts down{forced}")),
    }
}

/// That a step forces a guest off.
fn forced_off(step: &Step) -> Option<String> {
    match step {
        Step::Libvirt(Operation::Stop(Shutdown { timeout, force: true })) => {
            Some(format!(" (forced off after {timeout} s)"))
        }
        _ => None,
    }
}

/// The time at which a change takes effect, as a suffix of the change. `is_live` is whether the object runs.
pub(super) fn when(when: When, is_live: bool) -> &'static str {
    match when {
        When::Now if is_live => " (live)",
        When::Now => "",
        When::NextStart => " (pending restart)",
        When::OnceStopped => " (once stopped)",
    }
}

/// A reason.
pub(super) fn reason(reason: &Reason, id: &Id) -> Message {
    let kind = id.kind;
    match reason {
        Reason::InvalidDeclaration { error } => declaration_error(error, kind),
        Reason::UuidMismatch { uuid } => {
            hinted(format!("libvirt has another {id} with the UUID {uuid}"), "to adopt it, declare that UUID, or none")
        }
        Reason::RunsUnderOtherName { name } => hinted(
            format!("libvirt has this domain under the name {name}, and it is running"),
            "shut the guest down, so that the domain can be renamed",
        ),
        Reason::SavedUnderOtherName { name } => hinted(
            format!("libvirt has this domain under the name {name}, and cannot rename a domain with a saved state"),
            format!(
                "start {name} to resume the guest, and shut it down, or remove the state with `virsh managedsave-remove`"
            ),
        ),
        Reason::CannotRename { name } => hinted(
            format!("libvirt has this {kind} under the name {name}, and cannot rename a {kind}"),
            format!("declare the name {name}, or another UUID"),
        ),
        Reason::Replaces { uuid } => {
            message(format!("replaces the {kind} of this name with the UUID {uuid}, which is no longer declared"))
        }
        Reason::NameTaken { declared } => hinted(
            format!("another {kind} has this name, and cannot be renamed to {declared} now"),
            format!("the error of {kind} {declared} says why"),
        ),
        Reason::WaitsForUsed { object, by } if by.is_empty() => {
            message(format!("waits for {object}, which cannot change yet"))
        }
        Reason::WaitsForUsed { object, by } => {
            message(format!("waits until {object} is no longer in use by {}", domains(by)))
        }
        Reason::OtherObject { uuid, applied } => hinted(
            format!("libvirt has another {id}, with the UUID {uuid}; the one that was applied has the UUID {applied}"),
            format!("to manage the one in libvirt, declare its UUID or run `nixvirt adopt {kind} {}`", id.name),
        ),
        Reason::UnreadableDefinition { error: None } => message("the definition in libvirt cannot be read"),
        Reason::UnreadableDefinition { error: Some(error) } => failure(error),
        Reason::UnlistedParent { parent, error } => {
            Message { text: format!("{parent} cannot be read: {}", error.message), hint: error.hint.clone() }
        }
        Reason::MayBeAnother => message(
            "an earlier run was interrupted while it created the volume; the content is written if the volume is empty",
        ),
        Reason::UnknownUntilPoolRuns { pool } => {
            message(format!("{pool} is not running, so it is unknown whether the volume exists"))
        }
        Reason::PoolNotRunning { pool } => {
            hinted(format!("{pool} is not running, and not declared"), "start the pool, or declare it")
        }
        Reason::PoolMissing { pool } => {
            hinted(format!("{pool} does not exist, and is not declared"), "declare the pool")
        }
        Reason::WaitsForPool { pool } => message(format!("depends on the contents of {pool}, which is started first")),
        Reason::PoolDeclaredInactive { pool } => {
            message(format!("{pool} is declared with active = false; volumes are managed only while their pool runs"))
        }
        Reason::StillInUse { by, prevents } => {
            let what = match prevents {
                Prevented::Delete => "not deleted",
                Prevented::Stop => "not stopped",
                Prevented::Restart => "not restarted",
                Prevented::Rename => {
                    let free = "renamed by the next apply once no domain uses it";
                    return message(format!("kept, in use by {}; {free}", domains(by)));
                }
                Prevented::Rewrite => {
                    let free = "its new content is written by the next apply once no guest uses it";
                    return message(format!("kept, in use by {}; {free}", domains(by)));
                }
                Prevented::Remove => {
                    let free = "removed by the next apply once no domain uses it";
                    return message(format!("kept, in use by {}; {free}", domains(by)));
                }
            };
            message(format!("{what}: in use by {}", domains(by)))
        }
        Reason::RemovedOnceStopped => message("stays running; removed once it shuts down"),
        Reason::DeclaredElsewhere { uri } => message(format!(
            "kept while the guest runs; now declared at {uri} (shut the guest down, or set `move` there)"
        )),
        Reason::MayRunElsewhere { domain, uri } => {
            let who = if domain == id { "the guest".to_owned() } else { domain.to_string() };
            message(format!("created once {who} no longer runs at {uri}, where it was declared before"))
        }
        Reason::MovesFrom { uri } => message(format!("managed at {uri} before")),
        Reason::MovesOnceOff { uri } => message(format!(
            "moved once the guest is off at {uri} (shut it down, or set move = \"live\" or onChange = \"restart\")"
        )),
        Reason::MovesWithDomain { domain, uri } => {
            message(format!("its content is copied when {domain} moves from {uri}"))
        }
        Reason::CannotMove { uri, obstacle } => self::obstacle(obstacle, uri),
        Reason::WouldLoseTpmState => message(
            "libvirt would delete the TPM state of the running guest; once the guest is off, the next apply removes the domain",
        ),
        Reason::WouldLoseSavedState => hinted(
            "libvirt would delete the saved state of the guest; once the guest has resumed, the next apply removes the domain",
            "start the guest to resume it, or add \"managedSave\" to `purge`",
        ),
        Reason::FirmwareReplaced { loader, nvram } => message(format!(
            "its firmware {loader} is missing: libvirt chooses another one, which uses the same NVRAM {nvram}"
        )),
        Reason::BaseOfImage { base, overlay, snapshot } => {
            let hint = match snapshot {
                Some(snapshot) => format!(
                    "declare {overlay}; if it was merged into {base}, delete the metadata of the snapshot {snapshot} instead"
                ),
                None => format!("declare {overlay}, or merge it into {base} with `virsh blockcommit` first"),
            };
            hinted(format!("{base} is the base of the image {overlay}, which the guest used last"), hint)
        }
        Reason::UnreadableArchive { file, message: why } => hinted(
            format!("cannot read its archived snapshots from {}: {why}", file.display()),
            "remove that file to forget the snapshots",
        ),
        Reason::AlreadyGone => message("already gone"),
        Reason::Vanished => message("an earlier run created it, but it is missing in libvirt; created again"),
        Reason::VolumesGone { pool } => hinted(
            format!("libvirt has none of the volumes that were created in {pool}"),
            format!(
                "check that the file system of the pool is mounted; to create the volume again, run: nixvirt forget volume {}/{}",
                id.parent.as_deref().unwrap_or_default(),
                id.name
            ),
        ),
        Reason::NotCreatedInPool { pool_type, volumes } => {
            let (volumes, hint) = match volumes {
                UncreatedVolumes::All => ("volumes".to_owned(), "name a volume that the pool has, or use another pool"),
                UncreatedVolumes::OfFormat { format } => {
                    (format!("volumes of the format {format:?}"), "omit `target.format`, or use another pool")
                }
                UncreatedVolumes::Encrypted => {
                    ("encrypted volumes".to_owned(), "omit `target.encryption`, or use another pool")
                }
            };
            hinted(format!("libvirt creates no {volumes} in a pool of type {pool_type:?}"), hint)
        }
        Reason::SubnetsOverlap { other, subnets: [one, another], is_same } => {
            let names = both(&[other.clone(), id.name.clone()]);
            let subnets = format!("({one:?} and {another:?})");
            let what = if *is_same {
                format!("the same subnet {subnets}, and cannot run at the same time")
            } else {
                format!("overlapping subnets {subnets}: the host reaches some guests of only one of them")
            };
            hinted(format!("networks {names} have {what}"), "give each network a subnet of its own")
        }
        Reason::AllocatedAsWhole => message("`allocation` is ignored: NixVirt allocates the whole logical volume"),
        Reason::NoLongerDeclared => message("kept, no longer managed (set present = false to delete it)"),
        Reason::AdoptsExisting => message("exists already, and is adopted"),
        Reason::HasSavedState => message("a saved state exists: the next start resumes it with the old definition"),
        Reason::CannotSnapshot { obstacle } => hinted(
            format!("not changed: libvirt cannot take a snapshot first, since {}", snapshot_obstacle(obstacle)),
            "to change the guest without a snapshot, set rollbackSnapshots = 0, or apply without --snapshot",
        ),
        Reason::OnChangeNever => {
            message("not changed while it runs (onChange is \"never\"); once it is stopped, the next apply changes it")
        }
        Reason::SnapshotImmutable => {
            hinted("an existing snapshot cannot change", "declare the snapshot under another name")
        }
        Reason::ContentChanged => message("the declared files or secrets have changed"),
        Reason::RewritesContent => {
            message("its content is incomplete because an earlier run failed or was interrupted; it is written again")
        }
        Reason::ContentIncomplete => {
            message("its content is incomplete because an earlier run failed or was interrupted")
        }
        Reason::NeverShrinks { capacity } => {
            let present = capacity.map_or("as it is".to_owned(), human_size);
            message(format!("capacity stays {present}: a volume is never shrunk"))
        }
        Reason::FixedAtCreation { path, value, declared } => {
            let ignored = match (value, declared) {
                (Some(value), Some(declared)) => format!("{path} stays {value}, not {declared}"),
                (Some(value), None) => format!("{path} stays {value}"),
                (None, Some(declared)) => format!("{path} is not changed to {declared}"),
                (None, None) => format!("{path} stays as it is"),
            };
            message(format!("{ignored}: libvirt sets this field only when it creates the volume"))
        }
        Reason::ManagedUndeclared => message("managed, but not declared"),
    }
}

/// What prevents a domain from moving here from a connection.
fn obstacle(obstacle: &Obstacle, uri: &str) -> Message {
    const SHARE: &str = "put the disks into storage that both hosts reach, or set storage = \"copy\"";
    match obstacle {
        Obstacle::RunsOnBoth => hinted(
            format!("the guest runs here and at {uri}, or is being migrated; nothing is changed"),
            "if it is being migrated, apply again later; otherwise find out which guest is in use, and force the other guest off",
        ),
        Obstacle::Transient => hinted(
            format!("not moved: the guest at {uri} has no persistent definition"),
            "shut the guest down; the domain is then created here",
        ),
        Obstacle::SavedState => hinted(
            format!("not moved: the saved state of the guest stays at {uri}"),
            "start the guest there to resume it, or remove the state with `virsh managedsave-remove`",
        ),
        Obstacle::Snapshots => hinted(
            format!("not moved: the snapshots of the domain stay at {uri}"),
            "delete the snapshots there, or their metadata with `virsh snapshot-delete --metadata`",
        ),
        Obstacle::Nvram => hinted(
            format!(
                "not moved: the UEFI variables are in a file of the host of {uri}, and are not copied while the guest is off"
            ),
            "set move = \"live\" and start the guest there, or declare an `os.nvram` in storage that both hosts reach",
        ),
        Obstacle::Tpm => hinted(
            format!(
                "not moved: the state of the TPM is in files of the host of {uri}, and is not copied while the guest is off"
            ),
            "set move = \"live\" and start the guest there",
        ),
        Obstacle::NotShared { volume } => hinted(
            format!(
                "not moved: {volume} of {uri} is missing here or differs, although the storage is declared as shared"
            ),
            SHARE,
        ),
        Obstacle::VolumeExists { volume } => hinted(
            format!("not copied from {uri}: {volume} exists here, and its content is unknown"),
            "delete the volume if it is not needed, or set storage = \"shared\" if it is the disk of the guest",
        ),
        Obstacle::CopyIncomplete { volume } => hinted(
            format!("{volume} is an incomplete copy of a volume at {uri}"),
            "set storage = \"copy\" on the domain to copy the volume again, or delete the volume",
        ),
        Obstacle::NoSource { disk } => hinted(
            format!("not moved: the disk {disk} is not a volume of a running pool at {uri}, so libvirt cannot read it"),
            "define a pool for the folder of the disk there",
        ),
        Obstacle::NoDestination { disk } => hinted(
            format!("not moved: the disk {disk} is not a declared volume, so it is unknown where to copy it"),
            "declare the disk in `volumes` of the domain",
        ),
        Obstacle::OtherBase { volume, base } => hinted(
            format!("not moved: {volume} at {uri} is based on {base}, and the declared volume is not"),
            "declare the same `backingStore`, and put its image on this host",
        ),
        Obstacle::NoRoom { pool, needed, available } => message(format!(
            "not moved: the disks need {}, and {pool} has {} left",
            human_size(*needed),
            human_size(*available)
        )),
        Obstacle::Unable { lacks } => {
            let named = lacks::grouped(lacks).into_iter().map(|(lack, words)| format!("{}: {words}", lack.path));
            let text = format!("not moved: this host cannot run the guest: {}", named.collect::<Vec<_>>().join("; "));
            Message { text, hint: lacks.iter().find_map(|lack| lacks::remedy(&lack.missing)) }
        }
        Obstacle::Tunnel => hinted(
            "not moved: libvirt's tunnel does not carry the disks of a running guest",
            "set transport = \"tls\", or storage = \"shared\" if both hosts reach the disks",
        ),
        Obstacle::OtherCpu => hinted(
            "not moved: the CPU of this host lacks features of the guest's CPU",
            "declare a CPU model that both hosts have, and restart the guest",
        ),
        Obstacle::Taken { name, uuid } => hinted(
            format!("not moved: libvirt has another domain here, {name} with the UUID {uuid}"),
            "rename that domain, or undefine it",
        ),
    }
}

/// What prevents a snapshot of a guest.
fn snapshot_obstacle(obstacle: &SnapshotObstacle) -> String {
    match obstacle {
        SnapshotObstacle::SavedState => "a saved state of the guest exists".to_owned(),
        SnapshotObstacle::NoDisk => "the guest has no disk that holds snapshots".to_owned(),
        SnapshotObstacle::Disk { target, format } => {
            let format = format.as_deref().unwrap_or("unknown");
            format!("disk {target} is in the format {format}, and only qcow2 holds snapshots")
        }
        SnapshotObstacle::Nvram => {
            "the NVRAM of the running guest is in the format raw, and only qcow2 holds snapshots".to_owned()
        }
    }
}

/// The error of an object that a reason prevents.
pub fn refusal(reason: &Reason, id: &Id) -> Error {
    let Message { text, hint } = self::reason(reason, id);
    let error = Error::input(text);
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// Problem of a declaration.
pub(super) fn declaration_error(error: &DeclarationError, kind: Type) -> Message {
    match error {
        DeclarationError::NoDefinition => hinted("the declaration has no definition", "set `definition` or `xml`"),
        DeclarationError::TwoDefinitions => {
            hinted("the declaration has both `definition` and `xml`", "set only one of them")
        }
        DeclarationError::UnreadableDefinition { file, message: why } => {
            message(format!("cannot read {}: {why}", file.display()))
        }
        DeclarationError::InvalidXml { file, line, column, message: why } => match file {
            Some(file) => message(format!("{}:{line}:{column}: {why}", file.display())),
            None => message(format!("invalid XML, line {line}, column {column}: {why}")),
        },
        DeclarationError::NoName { file } => {
            let missing = match kind {
                Type::Secret => "<usage> nor <uuid>, one of which identifies a secret",
                Type::Nwfilter => "attribute `name`",
                _ => "<name>",
            };
            let has = if kind == Type::Secret { "has neither" } else { "has no" };
            message(format!("{} {has} {missing}", definition(file.as_deref())))
        }
        DeclarationError::InvalidName { name, problem } => message(format!("the name {name:?} {problem}")),
        DeclarationError::NameMismatch { file, manifest, definition: name } => message(format!(
            "{} names the {kind} {name:?}, but the manifest names it {manifest:?}",
            definition(file.as_deref())
        )),
        DeclarationError::UnreadableValue { file, message: why } => {
            message(format!("cannot read the secret's value from {}: {why}", file.display()))
        }
        DeclarationError::UnreadablePassword { file, message: why } => {
            message(format!("cannot read the password from {}: {why}", file.display()))
        }
        DeclarationError::InvalidPassword { console, file, problem } => {
            let problem = password_problem(*problem);
            message(format!("the {} password in {} {problem}", console.name(), file.display()))
        }
        DeclarationError::NoConsole { console } => hinted(
            format!("`graphicsPasswordFile.{0}` is set, but the domain has no {0} console", console.name()),
            format!("declare `devices.graphics` of type {}, or remove the file", console.name()),
        ),
        DeclarationError::TwoPasswords { console } => hinted(
            format!("the {0} console has both `passwd` and `graphicsPasswordFile.{0}`", console.name()),
            "remove `passwd` from the definition",
        ),
        DeclarationError::UnreadableSecretFile { file, message: why } => {
            message(format!("cannot read the secret from {}: {why}", file.display()))
        }
        DeclarationError::InvalidSecretFile { name, file, problem } => {
            message(format!("the secret {name:?} in {} {}", file.display(), password_problem(*problem)))
        }
        DeclarationError::NoPlaceholder { name } => hinted(
            format!("`secretFiles` has {name:?}, but the definition has no placeholder @{name}@"),
            "write the placeholder in an OEM string, a value of fwcfg, or an argument or environment variable of QEMU",
        ),
        DeclarationError::NoPlaceholderInSeed { name } => hinted(
            format!("`secretFiles` has {name:?}, but no file of the seed has the placeholder @{name}@"),
            "write the placeholder where the secret belongs, or remove the secret",
        ),
        DeclarationError::InvalidSeedLabel { label } => hinted(
            format!("a seed cannot have the label {label:?}"),
            "a label has up to 11 letters, digits, spaces, hyphens and underscores",
        ),
        DeclarationError::InvalidSeedFile { paths } => hinted(
            format!("a seed cannot have a file of one of these names: {}", few(paths)),
            r#"a name is a path without ".", ".." and the characters " * : < > ? \ |"#,
        ),
        DeclarationError::SeedPathTaken { path } => hinted(
            format!("two files of the seed cannot have the path {path:?}"),
            "rename one of them: the file system of a seed ignores case, and a path is either a file or a folder",
        ),
        DeclarationError::SeedNotRaw { format } => {
            hinted(format!("a seed cannot be in a {format} volume"), "declare the format of the volume as raw")
        }
        DeclarationError::InvalidUrl => hinted(
            "the URL of the content is invalid: expected https:// or http://".to_owned(),
            "write it as in url = \"https://example.org/image.qcow2\"",
        ),
        DeclarationError::InvalidHash { hash } => hinted(
            format!("invalid hash {hash:?} of the content: expected SHA-256 or SHA-512"),
            "write it as sha256-BASE64, as Nix does, or as sha256:HEX, from the publisher's list",
        ),
        DeclarationError::SeedTooLarge => {
            message(format!("the files of the seed are larger than {} together", human_size(seed::MAX_SIZE)))
        }
        DeclarationError::DeclaredTwice { places } => {
            let places: Vec<_> = places.iter().map(place).collect();
            message(format!("declared {} times: {}", places.len(), few(&places)))
        }
        DeclarationError::SharedUuid { uuid, names } => {
            message(format!("the UUID {uuid} is declared for several {kind}s: {}", few(names)))
        }
        DeclarationError::SharedBridge { bridge, names } => {
            let hint = "give each network a bridge of its own, or omit `bridge.name`";
            hinted(format!("networks {} have the same bridge {bridge:?}", both(names)), hint)
        }
        DeclarationError::SharedFolder { folder, names } => {
            let hint = "give each pool a folder of its own";
            hinted(format!("pools {} have the same folder {folder:?}", both(names)), hint)
        }
        DeclarationError::InvalidParent { parent } => message(format!("the declaration of {parent} is invalid")),
    }
}

/// The problem of a file with a secret, after its name.
fn password_problem(problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::Empty => "is empty".to_owned(),
        PasswordProblem::NotText => "is not UTF-8 text".to_owned(),
        PasswordProblem::NotALine => "is not a single line of UTF-8 text".to_owned(),
        PasswordProblem::TooLong { max } => format!("is longer than {max} bytes"),
    }
}

/// A place in the manifest, with the file of its definition.
pub(super) fn place(place: &ManifestPlace) -> String {
    match &place.definition {
        Some(file) => format!("{} ({})", place.path, file.display()),
        None => place.path.clone(),
    }
}

fn definition(file: Option<&Path>) -> String {
    file.map_or("the definition".to_owned(), |file| file.display().to_string())
}

/// The error that stopped an object, or kept a change from a running object.
pub(super) fn apply_error(error: &ApplyError) -> Message {
    match error {
        ApplyError::ParentFailed { parent } => message(format!("{parent} could not be applied")),
        ApplyError::SourceFailed { source } => message(format!("not copied: {source} could not be applied")),
        ApplyError::IncompleteVolume { volume, prevents } => {
            let what = match prevents {
                Unsafe::Start => "not started",
                Unsafe::Restart => "not restarted",
                Unsafe::Attach => "disk not attached",
            };
            message(format!("{what}: its {volume} could not be applied"))
        }
        ApplyError::NeededFailed { object } => message(format!("not moved: its {object} could not be applied")),
        ApplyError::Failed(error) => failure(error),
    }
}

/// What libvirt or the operating system said.
fn failure(error: &ErrorMessage) -> Message {
    Message { text: error.message.clone(), hint: error.hint.clone() }
}

/// A state record that could not be read.
pub fn record_warning(record: &UnreadableRecord) -> String {
    format!("cannot read the state record {}: {}; the record is ignored", record.path.display(), record.message)
}

/// That this run waits for another one, which has locked a connection with that file.
pub fn waits_for_lock(path: &Path) -> String {
    format!("another run has locked {}; waiting up to {} min for it to end", path.display(), LOCK_LIMIT.as_secs() / 60)
}

/// A step, as it is executed.
pub fn step(step: &Step) -> String {
    match step {
        Step::Record(RecordUpdate::SaveRecord { .. }) => "save its state record".to_owned(),
        Step::Record(RecordUpdate::DropRecord { object }) => format!("drop the state record of {object}"),
        Step::Record(RecordUpdate::ArchiveSnapshots { .. }) => "archive its snapshots".to_owned(),
        Step::Record(RecordUpdate::ConfirmArchive { .. }) => "confirm the archive of its snapshots".to_owned(),
        Step::Record(RecordUpdate::DropArchive { .. }) => "drop the archive of its snapshots".to_owned(),
        Step::Libvirt(operation) => self::operation(operation),
        Step::Origin(OriginStep { uri, step, .. }) => format!("at {uri}: {}", self::step(step)),
    }
}

fn operation(operation: &Operation) -> String {
    match operation {
        Operation::Define { .. } => "define".to_owned(),
        Operation::Rename { from } => format!("rename from {from}"),
        Operation::MoveAside { to, .. } => format!("temporarily rename the domain of this name to {to}"),
        Operation::Displace { name, .. } => {
            format!("stop and undefine {name}, which has the name, bridge or folder of this object")
        }
        Operation::Build => "create its folder, and set the permissions of the folder".to_owned(),
        Operation::SetValue { .. } => "set its value".to_owned(),
        Operation::Start => "start".to_owned(),
        Operation::Stop(_) => "stop".to_owned(),
        Operation::Autostart { on: true } => "enable autostart".to_owned(),
        Operation::Autostart { on: false } => "disable autostart".to_owned(),
        Operation::Attach { .. } => "attach a device".to_owned(),
        Operation::Detach { .. } => "detach a device".to_owned(),
        Operation::Update { .. } => "update a device".to_owned(),
        Operation::SetMemory { kib } => format!("set its memory to {}", human_size(kib.saturating_mul(1024))),
        Operation::SetVcpus { count } => format!("set its virtual CPUs to {count}"),
        Operation::SetMetadata(Metadata::Title { .. }) => "set its title".to_owned(),
        Operation::SetMetadata(Metadata::Description { .. }) => "set its description".to_owned(),
        Operation::SetMetadata(Metadata::Element { .. }) => "set its metadata".to_owned(),
        Operation::UpdateNetwork { how: NetworkUpdate::Add, element, .. } => format!("add a <{}>", element.name),
        Operation::UpdateNetwork { how: NetworkUpdate::Delete, element, .. } => format!("remove a <{}>", element.name),
        Operation::CreateVolume { .. } | Operation::CreateSnapshot { .. } => "create".to_owned(),
        Operation::CheckEmpty => "check that it is empty".to_owned(),
        Operation::CloneVolume { pool, volume, .. } => format!("copy from volume {pool}/{volume}"),
        Operation::Fill { image } => format!("fill from {}", source(image)),
        Operation::WriteSeed { .. } => "write the seed".to_owned(),
        Operation::CopyVolume { volume, .. } => format!("copy {volume}"),
        Operation::PrepareVolume { volume, .. } => format!("create {volume}"),
        Operation::Migrate { uri, .. } => format!("migrate to {uri}"),
        Operation::Grow { capacity } => format!("grow to {}", human_size(*capacity)),
        Operation::DeleteVolume | Operation::DeleteSnapshot => "delete".to_owned(),
        Operation::Undefine { .. } => "undefine".to_owned(),
        Operation::RestoreSnapshot { name, .. } => format!("restore the snapshot {name}"),
        Operation::TakeSnapshot { snapshot } => format!("take the snapshot {snapshot}"),
        Operation::DropSnapshot { snapshot } => format!("delete the snapshot {snapshot}"),
        Operation::Revert { snapshot } => format!("revert to the snapshot {snapshot}"),
    }
}

/// Where an image comes from.
fn source(image: &ImageSource) -> String {
    match image {
        ImageSource::File(file) => file.display().to_string(),
        ImageSource::Download(download) => download.shown(),
    }
}

/// What happens to the image of a volume.
pub fn preparation(preparation: Preparation) -> &'static str {
    match preparation {
        Preparation::Download => "download its image",
        Preparation::Unpack => "unpack its image",
    }
}

fn domains(names: &[String]) -> String {
    let word = if names.len() == 1 { "domain" } else { "domains" };
    format!("{word} {}", few(names))
}

/// Names of objects that have something in common, as the modules write them.
fn both(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" and ")
}

/// The first names of a list that may be long, and how many more there are.
fn few(names: &[String]) -> String {
    match names.split_at_checked(MOST_NAMES) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => names.join(", "),
    }
}

fn listing(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [words @ .., last] => format!("{} and {last}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn long_lists_are_cut() {
        let names = |count: usize| (1..=count).map(|at| at.to_string()).collect::<Vec<_>>();
        assert_eq!(few(&names(MOST_NAMES)), "1, 2, 3, 4, 5, 6, 7, 8");
        assert_eq!(few(&names(1000)), "1, 2, 3, 4, 5, 6, 7, 8 and 992 more");
    }
}
