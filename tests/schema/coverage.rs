//! Every element, attribute and text that libvirt's schemas allow has a place in the tables.

use libtest_mimic::Failed;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::field_paths::Targets;
use nixvirt_tests::libvirt::schema_of;
use nixvirt_tests::relax_ng::Grammar;

pub fn check(kind: Kind) -> Result<(), Failed> {
    let paths = Grammar::read(&schema_of(kind)).paths();
    let missing: Vec<_> = paths.iter().filter(|path| !Targets::of(kind, path).exist()).collect();
    println!("{}: {} of {} paths are in the tables", kind.name(), paths.len() - missing.len(), paths.len());
    match missing.is_empty() {
        true => Ok(()),
        false => Err(missing.iter().map(|path| format!("{}\n", path.join("/"))).collect::<String>().into()),
    }
}
