//! Every element, attribute, text and literal value that libvirt's schemas allow has a place in the tables, and the tables know
//! which release introduced it.
//!
//! `libvirt/NEWER-after-OLDER.txt` lists what the schemas of one release have and those of an older one lack, for releases that
//! the development root does not have. `dev/run schemas` makes the lists.

use libtest_mimic::Failed;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::formats::RELEASE;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::coverage::{kind_of, missing, paths, read};
use nixvirt_tests::field_paths::Targets;
use nixvirt_tests::libvirt::schemas;
use nixvirt_tests::relax_ng::Steps;

/// The lists: the newer release, the older one, and what only the newer one has.
const LISTS: &[(&str, &str, &str)] = &[
    ("11.3", "9.0", include_str!("libvirt/11.3-after-9.0.txt")),
    ("12.8", "11.3", include_str!("libvirt/12.8-after-11.3.txt")),
];

/// Starts of paths whose release is none between those of the schemas, and the reasons.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("device/capability/state", "libvirt's manual and release notes do not tell the release"),
    ("domain/devices/crypto", "libvirt 9.0 has the device; its schema lacked it"),
    ("domainsnapshot/disks/disk/snapshotDeleteInProgress", "libvirt 9.0 has the element; its schema lacked it"),
];

pub fn check(kind: Kind) -> Result<(), Failed> {
    let paths = paths(&schemas(), kind);
    let mut wrong = missing(kind, &paths);
    let newest = LISTS.iter().filter_map(|(newer, ..)| newer.parse().ok()).max();
    assert_eq!(newest, Some(RELEASE), "the newest list is that of the release that the tables know");
    println!("{}: {} of {} paths are in the tables", kind.name(), paths.len() - wrong.len(), paths.len());
    for (newer, older, list) in LISTS {
        let [newer, older] = [newer, older].map(|release| release.parse().expect("it is a release"));
        let listed: Vec<_> = list.lines().map(read).filter(|path| kind_of(path) == Some(kind)).collect();
        wrong.extend(missing(kind, &listed));
        wrong.extend(listed.iter().filter_map(|path| unmarked(kind, path, older, newer)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.iter().map(|line| format!("{line}\n")).collect::<String>().into())
}

/// The problem of the release that the tables have for a path.
fn unmarked(kind: Kind, path: &Steps, older: Release, newer: Release) -> Option<String> {
    let since = Targets::of(kind, path).since();
    let is_right = since.is_some_and(|since| since > older && since <= newer);
    let line = path.join("/");
    let is_exception = EXCEPTIONS.iter().any(|(start, _)| line.starts_with(start));
    (!is_right && !is_exception).then(|| format!("{line}: since {since:?}"))
}
