//! Mistakes on the command line.

use super::check;
use expect_test::expect;

#[test]
fn a_mistake_exits_with_64() {
    check(
        &["rendr"],
        "",
        expect![[r#"
        error: unrecognized subcommand 'rendr'
        hint: did you mean 'render'?
        hint: see `nixvirt --help`
        exit code 64
    "#]],
    );
    check(
        &["render"],
        "",
        expect![[r#"
        error: the following required arguments were not provided:
          <FILE>...
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["render", "--kind", "netwrok", "-"],
        "",
        expect![[r#"
        error: invalid value 'netwrok' for '--kind <KIND>'
          [possible values: domain, network, pool, volume, secret, nwfilter, nodedev, interface, snapshot, checkpoint, manifest]
        hint: did you mean 'network'?
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["plan", "--detailed-exit-code"],
        "",
        expect![[r#"
        error: unexpected argument '--detailed-exit-code' found
        hint: did you mean '--detailed-exitcode'?
        hint: see `nixvirt plan --help`
        exit code 64
    "#]],
    );
    check(
        &["plan", "--wait", "18446744073709551615"],
        "",
        expect![[r#"
        error: invalid value '18446744073709551615' for '--wait <SECONDS>': 18446744073709551615 is not in 0..=31536000
        hint: see `nixvirt plan --help`
        exit code 64
    "#]],
    );
    check(
        &["adopt", "domian", "web"],
        "",
        expect![[r#"
        error: invalid value 'domian' for '<TYPE>'
          [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]
        hint: did you mean 'domain'?
        hint: see `nixvirt adopt --help`
        exit code 64
    "#]],
    );
    check(
        &["render", "--ignore-rules", "--deny-warnings", "-"],
        "",
        expect![[r#"
        error: the argument '--ignore-rules' cannot be used with '--deny-warnings'
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["completions", "tcsh"],
        "",
        expect![[r#"
        error: invalid value 'tcsh' for '<SHELL>'
          [possible values: bash, elvish, fish, powershell, zsh]
        hint: did you mean 'zsh'?
        hint: see `nixvirt completions --help`
        exit code 64
    "#]],
    );
}
