//! The builtins in a real Nix, as far as golden folders cannot test them.

mod hostile;
mod loading;

use expect_test::{Expect, expect};
use nixvirt_tests::{Outcome, dedent, evaluate, is_on_c_api, nix, run};
use pretty_assertions::assert_eq;
use std::fs;

/// Evaluates in pure mode, as flakes do.
fn pure(expression: &str) -> Outcome {
    run(nix("eval").args(["--json", "--expr", expression]))
}

#[track_caller]
fn check(expression: &str, expected: Expect) {
    let outcome = pure(expression);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    expected.assert_eq(&outcome.stdout);
}

#[track_caller]
fn check_error(expression: &str, expected: Expect) {
    let outcome = pure(expression);
    if is_on_c_api() {
        // Without positions, problems have another order.
        assert_eq!(sorted(outcome.error()), sorted(&without_positions(expected)));
    } else {
        expected.assert_eq(outcome.error());
    }
}

/// An expected text without the positions in the expression, which Nix's C API does not tell.
fn without_positions(expected: Expect) -> String {
    let expected = dedent(expected.data().trim_start_matches('\n').trim_end());
    expected.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("at «string»:")).collect()
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn names() {
    check(
        "{ inherit (builtins.nixvirt) kinds; domain = builtins.attrNames builtins.nixvirt.domain; }",
        expect![[r#"
            {"domain":["fromXML","schema","toXML","toXMLFor","validate","validateFor"],"kinds":["domain","network","pool","volume","secret","nwfilter","nodedev","interface","snapshot","checkpoint"]}
        "#]],
    );
}

#[test]
fn a_spec_is_for_a_libvirt() {
    let spec = r#"{ type = "kvm"; name = "web"; memory = "2 GiB"; os.type = "hvm"; features.virtualization = true; }"#;
    check(
        &format!("map (problem: problem.message) (builtins.nixvirt.domain.validateFor \"11.3.0\" {spec})"),
        expect![[r#"
            ["attribute \"virtualization\" requires libvirt 12.1, but the target is libvirt 11.3"]
        "#]],
    );
    check(
        &format!("builtins.nixvirt.domain.validateFor \"12.8\" {spec}"),
        expect![[r#"
            []
        "#]],
    );
    check(
        &format!("builtins.nixvirt.domain.toXMLFor \"11.3\" {spec} == builtins.nixvirt.domain.toXML {spec}"),
        expect![[r#"
            true
        "#]],
    );
    check_error(
        &format!("builtins.nixvirt.domain.toXMLFor \"new\" {spec}"),
        expect![[r#"
            error: domain: invalid version "new": expected a release of libvirt, e.g. 12.8 or 12.8.0
        "#]],
    );
}

#[test]
fn schemas_are_values() {
    check(
        "builtins.all (kind: (builtins.deepSeq builtins.nixvirt.${kind}.schema builtins.nixvirt.${kind}.schema) ? \"$defs\") builtins.nixvirt.kinds",
        expect![[r#"
            true
        "#]],
    );
}

#[test]
fn version_is_that_of_the_package() {
    check(
        "builtins.nixvirt.version",
        expect![[r#"
        "0.1.0"
    "#]],
    );
}

#[test]
fn context_is_kept() {
    let expression = r#"
        let
          made = name: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; };
          disc = made "disc";
          xml = builtins.nixvirt.network.toXML {
            name = "lan";
            description = disc;
            title = "${made "title"}/x";
            domain.name = "plain";
          };
        in map (path: (builtins.match ".*-(.*).drv" path)) (builtins.attrNames (builtins.getContext xml))
    "#;
    let outcome = pure(expression);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    assert!(outcome.stdout.contains(r#"["disc"]"#) && outcome.stdout.contains(r#"["title"]"#), "{}", outcome.stdout);
}

#[test]
fn diagnostics_are_values() {
    check(
        r#"map (problem: removeAttrs problem [ "position" ]) (builtins.nixvirt.network.validate { nmae = "x"; name = "y"; })"#,
        expect![[r#"
            [{"code":"unknown-attribute","hint":null,"message":"unknown attribute \"nmae\"","path":"nmae","reference":"network.html#network","severity":"error","suggestion":"name"}]
        "#]],
    );
}

#[test]
fn a_position_is_a_file_a_line_and_a_column() {
    let folder = std::env::temp_dir().join(format!("nixvirt-position-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is room");
    let file = folder.join("spec.nix");
    fs::write(&file, "{\n  nmae = \"x\";\n  name = \"y\";\n}\n").expect("there is room");
    let spec = file.display();
    let outcome = evaluate(&format!(
        "builtins.toJSON (builtins.head (builtins.nixvirt.network.validate (import {spec}))).position"
    ));
    assert_eq!(outcome.stdout, format!(r#"{{"column":3,"file":"{spec}","line":2}}"#), "{}", outcome.stderr);
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn a_good_spec_has_no_diagnostics() {
    check(
        r#"builtins.nixvirt.network.validate { name = "y"; }"#,
        expect![[r#"
        []
    "#]],
    );
}

#[test]
fn values_that_throw_keep_their_own_error() {
    check_error(
        r#"builtins.nixvirt.network.toXML { name = throw "the caller's own"; }"#,
        expect![[r#"
            error: the caller's own
        "#]],
    );
}

#[test]
fn cycles_are_errors() {
    let spec = "let spec = { name = \"x\"; ip = [ spec ]; bridge = { mac = spec.bridge; }; dns = spec; }; in builtins.nixvirt.network.toXML spec";
    // The C API does not tell whether two sets are one: there, what contains itself is too deep.
    let expected = if is_on_c_api() {
        expect![[r#"
            error: network "x": 7 errors
                     error[wrong-type]: bridge: expected true, false or a set, e.g. { name = …; }, found too many values or too deep nesting
                     error[wrong-type]: dns: expected true, false or a set, e.g. { enable = …; }, found too many values or too deep nesting
                     error[unknown-attribute]: ip[0].bridge: unknown attribute "bridge": expected family, address, netmask, prefix, localPtr, tftp or dhcp
                       hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
                     error[unknown-attribute]: ip[0].dns: unknown attribute "dns": expected family, address, netmask, prefix, localPtr, tftp or dhcp
                       hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
                     error[unknown-attribute]: ip[0].ip: attribute "ip" belongs under `dhcp.host`
                     error[unknown-attribute]: ip[0].name: attribute "name" belongs under `dhcp.host`
                     error[ip-without-address]: ip[0]: an `ip` needs `address`, the address of the host in the network
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]]
    } else {
        expect![[r#"
            error: network "x": 3 errors
                     error[wrong-type]: ip[0]: expected true, false or a set, e.g. { family = …; }, found a set or list that contains itself
                       at «string»:1:26
                     error[unknown-attribute]: bridge.mac: unknown attribute "mac": expected name, zone, stp, delay or macTableManager
                       at «string»:1:52
                       hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
                     error[wrong-type]: dns: expected true, false or a set, e.g. { enable = …; }, found a set or list that contains itself
                       at «string»:1:74
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]]
    };
    check_error(spec, expected);
}

#[test]
fn endless_specs_are_errors() {
    check_error(
        "let deeper = n: { ip = deeper (n + 1); }; in builtins.nixvirt.network.toXML (deeper 0 // { name = \"x\"; })",
        expect![[r#"
            error: network "x": 2 errors
                     error[unknown-attribute]: ip.ip: attribute "ip" belongs under `dhcp.host`
                       at «string»:1:19
                     error[ip-without-address]: ip: an `ip` needs `address`, the address of the host in the network
                       at «string»:1:19
                   hint: for an explanation with examples, run `nixvirt explain CODE`
        "#]],
    );
    check_error(
        "let wider = n: if n == 0 then { } else { a = wider (n - 1); b = wider (n - 1); }; in builtins.nixvirt.network.toXML (wider 30 // { name = \"x\"; })",
        expect![[r#"
            error: network "x": 2 errors
                     error[unknown-attribute]: a: unknown attribute "a": expected connections, ipv6, trustGuestRxFilters, name, uuid, title, description, metadata, forward, bridge, …
                       at «string»:1:42
                       hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
                     error[unknown-attribute]: b: unknown attribute "b": expected connections, ipv6, trustGuestRxFilters, name, uuid, title, description, metadata, forward, bridge, …
                       at «string»:1:61
                       hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
                   hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
        "#]],
    );
}

#[test]
fn what_is_no_set_is_an_error() {
    check_error(
        "builtins.nixvirt.network.toXML [ ]",
        expect![[r#"
            error: network: 1 error
                     error[wrong-type]: expected a set, e.g. { name = …; }, found a list
                   hint: for an explanation with examples, run `nixvirt explain wrong-type`
        "#]],
    );
    check_error(
        "builtins.nixvirt.network.toXML (x: x)",
        expect![[r#"
            error: network: 1 error
                     error[wrong-type]: expected a set, e.g. { name = …; }, found a function
                   hint: for an explanation with examples, run `nixvirt explain wrong-type`
        "#]],
    );
}

#[test]
fn paths_are_not_copied() {
    let outcome =
        evaluate(r#"builtins.nixvirt.pool.toXML { type = "dir"; name = "x"; target.path = /var/lib/images; }"#);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("<path>/var/lib/images</path>"), "{}", outcome.stdout);
}

#[test]
fn xml_becomes_a_spec() {
    check(
        "builtins.nixvirt.network.fromXML \"<network><name>lan</name><bridge name='br0' stp='on'/><new a='b'/></network>\"",
        expect![[r#"
            {"bridge":{"name":"br0","stp":true},"extra":{"xml":"<new a='b'/>\n"},"name":"lan","uuid":false}
        "#]],
    );
    check_error(
        "builtins.nixvirt.network.fromXML \"<network>\"",
        expect![[r#"
            error: network: line 1, column 10: <network> is not closed
        "#]],
    );
}

/// Nix collects garbage while specs are read and XML is made. What the plugin holds stays.
#[test]
fn garbage_is_collected_meanwhile() {
    let spec = r#"{ name = "lan${toString n}"; ip = map (i: { address = "10.${toString i}.0.1"; prefix = 24; }) (builtins.genList (i: i) 50); }"#;
    let all =
        format!("builtins.concatStringsSep \"\" (builtins.genList (n: builtins.nixvirt.network.toXML {spec}) 300)");
    let expression = format!("builtins.hashString \"sha256\" ({all})");
    let with_heap = |size: &str| {
        let mut nix = nix("eval");
        nix.args(["--raw", "--expr", &expression]).env("GC_INITIAL_HEAP_SIZE", size).env("NIX_SHOW_STATS", "1");
        run(&mut nix)
    };
    let (small, large) = (with_heap("1M"), with_heap("1G"));
    assert_eq!(small.stdout, large.stdout);
    assert_eq!(small.stdout.len(), 64, "{}", small.stderr);
    let statistics = &small.stderr[small.stderr.find("{\n").expect("Nix prints statistics")..];
    let statistics: serde_json::Value = serde_json::from_str(statistics).expect("they are JSON");
    assert!(statistics["gc"]["cycles"].as_u64().is_some_and(|cycles| cycles > 3), "{statistics}");
}

#[test]
fn builtins_are_documented() {
    let outcome = run(nix("eval").args(["--raw", "--expr", "builtins.nixvirt.domain.toXML"]));
    assert!(outcome.stderr.contains("toXML"), "{}", outcome.stderr);
}
