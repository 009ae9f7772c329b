//! Every element, attribute and text that libvirt's schemas allow has a place in the tables.

use libtest_mimic::{Arguments, Failed, Trial};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::grammar::Grammar;
use nixvirt_tests::libvirt::schema_of;
use nixvirt_tests::spots::Spots;

fn main() {
    let trials = Kind::ALL.iter().map(|kind| Trial::test(kind.name(), || check(*kind))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn check(kind: Kind) -> Result<(), Failed> {
    let paths = Grammar::read(&schema_of(kind)).paths();
    let missing: Vec<_> = paths.iter().filter(|path| !Spots::of(kind, path).exist()).collect();
    println!("{}: {} of {} paths are in the tables", kind.name(), paths.len() - missing.len(), paths.len());
    match missing.is_empty() {
        true => Ok(()),
        false => Err(missing.iter().map(|path| format!("{}\n", path.join("/"))).collect::<String>().into()),
    }
}
