//! The tables compared with libvirt's own schemas and test files, for each kind of object.

mod corpus;
mod coverage;
mod json_schema;
mod properties;

use libtest_mimic::{Arguments, Failed, Trial};
use nixvirt_schema::kind::Kind;

type Check = fn(Kind) -> Result<(), Failed>;

const CHECKS: &[(&str, Check)] = &[
    ("corpus", corpus::check),
    ("coverage", coverage::check),
    ("json_schema", json_schema::check),
    ("properties", properties::check),
];

fn main() {
    let of_kind = |kind: Kind| {
        let trial = move |(name, check): &(&str, Check)| {
            let check = *check;
            Trial::test(format!("{name}::{}", kind.name()), move || check(kind))
        };
        CHECKS.iter().map(trial)
    };
    let trials = Kind::ALL.iter().flat_map(|kind| of_kind(*kind)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
