//! Hostile values in a real Nix: each is an error of Nix, and never ends its process.

use super::{check_error, pure};
use expect_test::expect;
use nixvirt_tests::{Outcome, evaluate, nix, plugin, run};
use pretty_assertions::assert_eq;
use std::fs;
use std::process::Command;

/// A list of that many numbers.
fn numbers(count: usize) -> String {
    format!("(builtins.genList (number: number) {count})")
}

/// A string that is repeated ten times, `power` times over.
fn long(power: u32, ten: &str) -> String {
    let times = ["shorter"; 10].join(" + ");
    format!(
        "(let long = power: if power == 0 then {ten:?} else let shorter = long (power - 1); in {times}; in long {power})"
    )
}

#[test]
fn nesting_of_100_000() {
    let sets = format!("builtins.foldl' (below: _: {{ ip = below; }}) {{ }} {}", numbers(100_000));
    check_error(
        &format!("builtins.nixvirt.network.toXML {{ name = \"x\"; ip = {sets}; }}"),
        expect![[r#"
            error: network "x": 2 errors
                     error[ip-without-address]: ip: an `ip` needs `address`, the address of the host in the network
                       at «string»:1:46
                     error[unknown-attribute]: ip.ip: attribute "ip" belongs under `dhcp.host`
                       at «string»:1:80
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]],
    );
    let lists = format!("builtins.foldl' (below: _: [ below ]) [ ] {}", numbers(100_000));
    check_error(
        &format!("builtins.nixvirt.network.toXML {{ name = \"x\"; ip = {lists}; }}"),
        expect![[r#"
            error: network "x": 1 error
                     error[wrong-type]: ip[0]: expected true, false or a set, e.g. { family = …; }, found a list
                       at «string»:1:46
                   hint: for an explanation with examples, run `nixvirt explain wrong-type`
        "#]],
    );
    check_error(
        "let deeper = n: if n == 0 then { } else { ip = deeper (n - 1); }; in builtins.nixvirt.network.toXML { name = \"x\"; ip = deeper 100000; }",
        expect![[r#"
            error: network "x": 2 errors
                     error[unknown-attribute]: ip.ip: attribute "ip" belongs under `dhcp.host`
                       at «string»:1:43
                     error[ip-without-address]: ip: an `ip` needs `address`, the address of the host in the network
                       at «string»:1:115
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]],
    );
}

/// A thunk that depends on 100,000 others, and a set that is its own text: Nix fails with the same message as without the
/// plugin.
#[test]
fn what_exhausts_the_stack_of_nix() {
    let chain = format!("(builtins.foldl' (below: n: {{ v = below.v + 1; }}) {{ v = 0; }} {}).v", numbers(100_000));
    let cycle = "(let text = { outPath = text; }; in text)";
    // Nix accepts this one until 2.33.
    let strings = format!("(builtins.foldl' (below: _: {{ outPath = below; }}) \"1\" {})", numbers(100_000));
    for value in [&chain, cycle, &strings] {
        let with = pure(&format!("builtins.nixvirt.network.toXML {{ name = \"x\"; mtu.size = {value}; }}"));
        let without = pure(&format!("let value = {value}; in if builtins.isInt value then value else \"${{value}}\""));
        assert_eq!(with.succeeded, without.succeeded, "{}", with.stderr);
        if with.succeeded {
            assert!(with.stdout.contains("<mtu size='1'/>"), "{}", with.stdout);
        } else {
            // From Nix 2.34 on, a position follows.
            let first = |outcome: &Outcome| outcome.error().lines().next().unwrap_or_default().to_owned();
            assert!(first(&with).starts_with("error: stack overflow"), "{}", with.stderr);
            assert_eq!(first(&without), first(&with));
        }
    }
    assert!(!pure(&chain).succeeded && !pure(&format!("\"${{{cycle}}}\"")).succeeded);
}

#[test]
fn values_without_end() {
    let list = numbers(3_000_000);
    check_error(
        &format!("builtins.nixvirt.network.toXML {{ name = \"x\"; ip = {list}; }}"),
        expect![[r#"
            error: network "x": 1 error
                     error[wrong-type]: ip: expected true, false or a set, e.g. { family = …; }, found too many values or too deep nesting
                       at «string»:1:46
                   hint: for an explanation with examples, run `nixvirt explain wrong-type`
        "#]],
    );
}

/// 100,000 unknown attributes: the first 1,000 are reported.
#[test]
fn mistakes_without_end() {
    let attributes = "builtins.listToAttrs (builtins.genList (n: { name = \"n${toString n}\"; value = 1; }) 100000)";
    let outcome = pure(&format!("builtins.length (builtins.nixvirt.network.validate ({attributes}))"));
    assert_eq!(outcome.stdout, "1000\n", "{}", outcome.stderr);
    let outcome = pure(&format!("builtins.nixvirt.network.toXML ({attributes})"));
    assert!(outcome.error().contains("\n         …\n       hint: "), "the end is left out");
}

#[test]
fn long_strings() {
    let sixty = long(6, "&sixty characters, so that sixty million of them are it all.");
    let outcome = pure(&format!(
        "builtins.stringLength (builtins.nixvirt.network.toXML {{ name = \"x\"; description = {sixty}; }})"
    ));
    assert_eq!(outcome.stdout, "64000120\n", "{}", outcome.stderr);
    let hundred = long(7, "ten bytes,");
    check_error(
        &format!("builtins.nixvirt.network.toXML {{ name = \"x\"; description = {hundred}; }}"),
        expect![[r#"
            error: network "x": 1 error
                     error[wrong-type]: description: expected a string, found too much text
                       at «string»:1:46
                   hint: for an explanation with examples, run `nixvirt explain wrong-type`
        "#]],
    );
    check_error(
        &format!("builtins.nixvirt.network.fromXML {hundred}"),
        expect![[r#"
            error: network: line 1, column 1: the XML is larger than 67108864 bytes
        "#]],
    );
    // Long values are cut in messages.
    let outcome = pure(&format!(
        "builtins.nixvirt.network.toXML {{ name = \"x\"; uuid = {}; ${{{hundred}}} = 1; }}",
        long(6, "ten bytes,")
    ));
    assert!(outcome.error().contains('…') && outcome.stderr.len() < 20_000, "{}", outcome.stderr.len());
}

/// If memory is exhausted, Nix reports an error and exits. It does not abort.
#[test]
fn memory_that_is_not_there() {
    // A spec borrows a string, and copies the text of a set with `outPath`.
    for description in ["text", "{ outPath = text; }"] {
        check_memory(&format!(
            "let text = {}; in builtins.nixvirt.network.toXML {{ name = \"x\"; description = {description}; }}",
            long(6, "&sixty characters, so that sixty million of them are it all.")
        ));
    }
}

fn check_memory(spec: &str) {
    let mut told = 0;
    for megabytes in [200, 300, 400, 500, 600, 800, 1000, 1300, 3000] {
        let shell =
            "ulimit -v \"$0\"000; exec nix eval --offline --plugin-files \"$1\" --expr \"builtins.stringLength ($2)\"";
        let mut nix = Command::new("sh");
        nix.args(["-c", shell, &megabytes.to_string(), &plugin(), spec]).env("GC_INITIAL_HEAP_SIZE", "1M");
        let outcome = run(&mut nix);
        let is_told = outcome.stderr.contains("error: network: not enough memory for a spec of this size");
        told += u32::from(is_told);
        assert!(
            outcome.stdout == "64000120\n"
                || is_told
                || ["error: out of memory", "bad_alloc"].iter().any(|text| outcome.stderr.contains(text)),
            "{megabytes} MB: {}",
            outcome.stderr
        );
    }
    assert!(told > 0, "none of these is between what Nix needs and what the plugin needs");
}

#[test]
fn text_that_is_not_utf8() {
    let folder = std::env::temp_dir().join(format!("nixvirt-bytes-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is room");
    let file = folder.join("spec.nix");
    fs::write(&file, b"{ name = \"a\xff\xfe\"; \"k\xff\" = 1; }").expect("there is room");
    let spec = file.display();
    let outcome = evaluate(&format!("builtins.nixvirt.network.toXML (import {spec})"));
    expect![[r#"
        error: network: 2 errors
                 error[wrong-type]: name: expected text without a slash or line break, found a string that is not valid UTF-8
                   at spec.nix:1:3
                 error[unknown-attribute]: "k�": unknown attribute "k�": expected connections, ipv6, trustGuestRxFilters, name, uuid, title, description, metadata, forward, bridge, …
                   at spec.nix:1:17
                   hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
               hint: for an explanation with examples, run `nixvirt explain CODE`
    "#]]
    .assert_eq(&outcome.error().replace(&format!("{}/", folder.display()), ""));
    let outcome = evaluate(&format!("builtins.nixvirt.network.fromXML (builtins.readFile {spec})"));
    expect![[r#"
        error: network: the XML is not valid UTF-8
    "#]]
    .assert_eq(outcome.error());
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn functions_and_derivations() {
    check_error(
        r#"builtins.nixvirt.network.toXML {
             name = derivation { name = "lan"; system = "x86_64-linux"; builder = "/bin/sh"; };
             uuid = x: x;
             mtu = builtins.add;
             bridge.name = builtins.add 1;
             title = { __functor = self: x: x; };
           }"#,
        expect![[r#"
            error: network "/nix/store/3j03hf1b5v3ivb9zmm0h0fq29dw4592z-lan": 5 errors
                     error[bad-form]: name: invalid name "/nix/store/3j03hf1b5v3ivb9zmm0h0fq29dw4592z-lan": expected text without a slash or line break
                       at «string»:2:14
                     error[wrong-type]: uuid: expected a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11, found a function
                       at «string»:3:14
                     error[wrong-type]: mtu: expected a set, e.g. { size = …; }, found a function
                       at «string»:4:14
                     error[wrong-type]: bridge.name: expected letters, digits, "_", ".", "-", "\", ":" or "/", e.g. eth0, found a function
                       at «string»:5:14
                     error[wrong-type]: title: expected text on one line, found a set
                       at «string»:6:14
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]],
    );
    check_error(
        "builtins.nixvirt.network.toXML { name = derivation { }; }",
        expect![[r#"
        error: attribute 'name' missing
    "#]],
    );
    check_error(
        "builtins.nixvirt.network.toXML { name = { outPath = 1; }; }",
        expect![[r#"
        error: cannot coerce an integer to a string: 1
    "#]],
    );
}

/// A value that throws keeps its own error and position.
#[test]
fn values_that_throw() {
    // Between a conversion and what it throws are so many steps that Nix shows the last only if it is asked for all.
    for (value, error, flags) in [
        ("throw \"mine\"", "error: mine", &[][..]),
        ("abort \"mine\"", "error: evaluation aborted with the following error message: 'mine'", &[]),
        ("assert false; 1", "error: assertion 'false' failed", &[]),
        ("{ }.missing", "error: attribute 'missing' missing", &[]),
        ("(let endless = endless; in endless)", "error: infinite recursion encountered", &[]),
        ("{ __toString = self: throw \"mine\"; }", "error: mine", &["--show-trace"]),
    ] {
        let spec = format!("{{\n  name = \"x\";\n  bridge.name = {value};\n}}");
        let outcome = run(nix("eval").args(flags).args(["--expr", &format!("builtins.nixvirt.network.toXML {spec}")]));
        assert!(outcome.error().starts_with(error), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("«string»:3:"), "{}", outcome.stderr);
    }
    // `tryEval` catches the errors that it always catches, and problems of a spec.
    for spec in [r#"{ name = throw "mine"; }"#, "{ name = 1; nmae = 2; }"] {
        let caught = pure(&format!("(builtins.tryEval (builtins.nixvirt.network.toXML {spec})).success"));
        assert_eq!(caught.stdout, "false\n", "{spec}: {}", caught.stderr);
    }
    let caught = pure("(builtins.tryEval (builtins.nixvirt.network.fromXML \"<network\")).success");
    assert_eq!(caught.stdout, "false\n", "{}", caught.stderr);
}

/// Ctrl-C stops a walk between any two values. Nix does not check for it during the evaluation of one value.
#[test]
fn interrupts() {
    let fold = format!("builtins.foldl' (a: b: a + b) 0 {}", numbers(10_000));
    let many = format!("{{ name = \"x\"; ip = map (_: {fold}) {}; }}", numbers(1_000_000));
    for function in ["toXML", "validate"] {
        let expression = format!("builtins.nixvirt.network.{function} {many}");
        let mut timeout = Command::new("timeout");
        timeout.args(["--kill-after=30", "--signal=INT", "2", "nix", "eval", "--offline", "--plugin-files", &plugin()]);
        let outcome = run(timeout.args(["--expr", &expression]));
        assert_eq!(outcome.error(), "error: interrupted by the user\n", "{}", outcome.stderr);
    }
}
