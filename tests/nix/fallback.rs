//! Plain Nix renders the same text as the plugin: for the specs of the project, for libvirt's own test files, and for random
//! specs. It refuses what the types refuse, with the same problems, and has no rules.
//!
//! `NIXVIRT_SPECS` says how many random domains are tried, `NIXVIRT_SEED` where the seeds start.

use expect_test::expect;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::problem::Diagnostic;
use nixvirt_schema::engine::render::{render, render_types};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::generator::{mutated_spec, sound_spec, spec};
use nixvirt_tests::{Outcome, bare, errors, evaluate, files, folders, library, libvirt, lines, name, project, setting};
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, from_str, json};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An expression over `lib`, evaluated with the plugin and without.
pub fn both(expression: &str) -> [Json; 2] {
    let expression = format!("let lib = {}; in builtins.toJSON ({expression})", library());
    [evaluate, bare].map(|evaluate| json_of(evaluate(&expression)))
}

fn json_of(outcome: Outcome) -> Json {
    assert!(outcome.succeeded, "{}", outcome.stderr);
    from_str(&outcome.stdout).expect("Nix prints JSON")
}

/// The golden folders of valid specs, with their kinds.
pub fn cases() -> Vec<(String, PathBuf)> {
    let kinds = folders(&project().join("tests/specs")).into_iter();
    let cases = kinds.flat_map(|kind| folders(&kind).into_iter().map(move |case| (name(&kind).to_owned(), case)));
    cases.filter(|(_, case)| case.join("expected.xml").exists()).collect()
}

#[test]
fn golden_specs_are_the_same() {
    let cases = cases();
    let each = |(kind, case): &(String, PathBuf)| {
        let read = "spec: if builtins.isFunction spec then spec lib else spec";
        format!("(lib.{kind}.getXML (({read}) (import {}/spec.nix)))", case.display())
    };
    let [with, without] = both(&format!("[ {} ]", cases.iter().map(each).collect::<String>()));
    for (at, (_, case)) in cases.iter().enumerate() {
        assert_eq!(with[at], without[at], "{}", case.display());
    }
}

#[test]
fn examples_and_templates_are_the_same() {
    let [with, without] = both(&format!(
        "map (all: builtins.mapAttrs (kind: builtins.mapAttrs (_: lib.${{kind}}.getXML)) (import all lib)) \
         [ {0}/examples {0}/examples/templates.nix ]",
        project().display()
    ));
    assert_eq!(with, without);
}

/// A spec, its origin, and its expected result.
struct Case {
    spec: Json,
    from: String,
    xml: String,
    /// The errors that the types report.
    objections: Vec<Diagnostic>,
    /// Whether rules and types accept the spec.
    is_sound: bool,
}

/// The expected result of a spec. None for specs that Nix cannot express, and for errors about characters and free XML, which
/// only the plugin checks.
fn case(kind: Kind, from: String, spec: Json) -> Option<Case> {
    let text = spec.to_string();
    let read = json::parse(&text).expect("it was JSON before");
    let objections = errors(render_types(kind, &read).report);
    let is_unknown = objections.iter().any(|it| matches!(it.code, "bad-character" | "not-well-formed"));
    let rendered = render(kind, &read);
    let is_sound = !rendered.report.has_errors();
    let case = Case { from, xml: rendered.xml, objections, is_sound, spec };
    (!is_unknown && is_nix(&case.spec)).then_some(case)
}

/// Whether Nix keeps the numbers of a spec: to Nix, 1.0 is not an integer.
fn is_nix(spec: &Json) -> bool {
    match spec {
        Json::Array(items) => items.iter().all(is_nix),
        Json::Object(set) => set.values().all(is_nix),
        Json::Number(number) => number.is_i64() || number.as_f64().is_some_and(|it| it.fract() != 0.0),
        _ => true,
    }
}

/// The result of a function over `lib` and `specs`.
fn each(evaluate: fn(&str) -> Outcome, kind: Kind, cases: &[&Case], function: &str) -> Outcome {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let file = format!("{}/{}.json", env!("CARGO_TARGET_TMPDIR"), NEXT.fetch_add(1, Ordering::Relaxed));
    let specs: Vec<_> = cases.iter().map(|case| &case.spec).collect();
    fs::write(&file, json!(specs).to_string()).expect("a writable folder");
    let read = format!("builtins.fromJSON (builtins.readFile {file})");
    let outcome = evaluate(&format!("builtins.toJSON (({function}) ({}).{} ({read}))", library(), kind.name()));
    fs::remove_file(file).expect("the file can be removed");
    outcome
}

/// Specs that types and rules accept render the same with the plugin and without. Without the plugin, specs that only a rule
/// refuses render too, and those that a type refuses do not.
fn compare(kind: Kind, cases: &[Case]) {
    let (with, without): (Vec<_>, Vec<_>) =
        (cases.iter().filter(|case| case.is_sound).collect(), cases.iter().collect());
    let made = json_of(each(evaluate, kind, &with, "lib: map lib.getXML"));
    for (at, Case { xml, from, .. }) in with.iter().enumerate() {
        assert_eq!(made[at].as_str(), Some(&**xml), "{from}, with the plugin");
    }
    let function = "lib: map (spec: let tried = builtins.tryEval (lib.getXML spec); in if tried.success then tried.value else false)";
    let made = json_of(each(bare, kind, &without, function));
    let mut refused = 0;
    for (at, Case { spec, from, xml, objections, .. }) in without.iter().enumerate() {
        match made[at].as_str() {
            Some(made) if objections.is_empty() => assert_eq!(made, xml, "{from}"),
            // Plain Nix does not check the form of these texts.
            Some(_) if !spec.to_string().is_ascii() => {}
            Some(made) => panic!("{from}: {spec} has {} and became {made}", lines(objections)),
            None if objections.is_empty() => panic!("{from}: {spec} was refused and becomes {xml}"),
            None => refused += 1,
        }
    }
    println!("{}: {} with the plugin, {} without, {refused} refused", kind.name(), with.len(), without.len() - refused);
}

#[test]
fn the_xml_of_libvirts_tests_is_the_same() {
    for kind in Kind::ALL {
        let imported = files(&libvirt::tests(), "xml").into_iter().filter_map(|path| {
            let spec = import(*kind, &fs::read_to_string(&path).ok()?).ok()?;
            case(*kind, path.display().to_string(), json!(spec.root()))
        });
        compare(*kind, &imported.collect::<Vec<_>>());
    }
}

/// Random specs of a kind, valid and invalid ones.
fn random(kind: Kind, count: u64) -> Vec<Case> {
    let first = setting("NIXVIRT_SEED", 1);
    let specs = (first..first + count).flat_map(|seed| {
        let sound = sound_spec(kind, seed, None).map(|spec| (format!("sound seed {seed}"), spec));
        let mutated = sound.as_ref().map(|(_, spec)| (format!("mutated seed {seed}"), mutated_spec(spec, seed)));
        [sound, mutated, Some((format!("seed {seed}"), spec(kind, seed)))]
    });
    specs.flatten().filter_map(|(from, spec)| case(kind, from, spec)).collect()
}

#[test]
fn random_specs_are_the_same() {
    let domains = setting("NIXVIRT_SPECS", 400);
    for kind in Kind::ALL {
        compare(*kind, &random(*kind, if *kind == Kind::Domain { domains } else { domains.div_ceil(2) }));
    }
}

#[test]
fn mistakes_of_random_specs_are_told_as_the_plugin_tells_them() {
    for kind in Kind::ALL {
        let cases = random(*kind, 40);
        for case in cases.iter().filter(|case| !case.objections.is_empty() && case.spec.to_string().is_ascii()).take(8)
        {
            let outcome = each(bare, *kind, &[case], "lib: map lib.getXML");
            assert!(!outcome.succeeded, "{}: {} of {}", case.spec, outcome.stdout, lines(&case.objections));
            let sorted = |lines: Vec<&str>| -> String {
                let mut lines: Vec<_> = lines.into_iter().map(str::trim).collect();
                lines.sort_unstable();
                lines.join("\n")
            };
            let is_reference = |line: &&str| line.contains("`nixvirt explain ");
            let said = sorted(outcome.error().lines().skip(1).filter(|line| !is_reference(line)).collect());
            let told = lines(&case.objections);
            assert_eq!(said, sorted(told.lines().collect()), "{}", case.spec);
        }
    }
}

/// The quick tests of texts accept some texts, and only those that match their patterns and that XML does not escape.
#[test]
fn quick_tests_accept_what_patterns_accept() {
    let expression = format!(
        r#"let
          render = {}/nix-lib/render;
          forms = import (render + "/forms.nix");
          regex = import (render + "/regex.nix");
          patterns = ({}).domain.schema."$defs";
          texts = [
            "" " " "/" "//" "/a" "a/b" "/a\nb" "/a\r" "." ".." "..." "a.b" ". ." "a\nb" "Ä" "," "a,b" "KVM Hv" "1234567890123"
            "cc7439ed-36af-4696-a6f2-000000000001" "cc7439eg-36af-4696-a6f2-000000000001" "cc7439ed-36af-4696-a6f2-00000000000" "0000"
            "52:54:00:6b:3c:58" "53:54:00:6b:3c:58" "52:54:00:6b:3c:5" "52:54:00:6b:3c:5g" "52-54-00-6b-3c-58"
            "a&b" "/<" "a>" "a'b" "a\tb" "virtio"
            "sda" "sdA" "sd1" "sd/" "vd{{" "hdz" "xda" "vdaa" "fd" "qemu" "qemu " "q35" "pc" "virbr0" "br0;" "127.0.0.1" "0.0.0.0"
          ];
          of = name: let accepted = builtins.filter forms.${{name}} texts; in {{
            isUsed = accepted != [];
            wrong = builtins.filter (text: builtins.match ".*[&<>'\t\r\n].*" text != null || !regex (patterns.${{name}}.pattern or ".*") text) accepted;
          }};
        in builtins.toJSON (map of (builtins.attrNames forms))"#,
        project().display(),
        library()
    );
    let found = json_of(bare(&expression));
    for form in found.as_array().expect("a list") {
        assert_eq!(*form, json!({ "isUsed": true, "wrong": [] }));
    }
}

/// Notations of numbers and texts that no golden spec has.
#[test]
fn words_are_the_same() {
    let [with, without] = both(
        r#"map (part: lib.domain.getXML ({ type = "kvm"; name = "web"; memory = 1; os.type = "hvm"; } // part)) [
            { type = "xen"; description = 1.5; bootloader_args = 2.0; metadata = [ " <a/>\n" null "" ]; uuid = false; }
            { description = "a\tb\r\n<&>'\""; "qemu-commandline".arg.value = "a\tb\r\n<&>'\""; currentMemory = "8MiB"; id = "7"; }
            { devices.hostdev = { mode = "subsystem"; type = "pci"; source.address = "0000:01:1f.7"; }; }
            { devices.hostdev = {
                mode = "subsystem"; type = "usb"; source = { vendor.id = "0x10de"; product.id = 16; };
                address = { type = "usb"; bus = 0; port = "2"; };
              }; }
            { devices.rng = {
                model = "virtio"; backend = { model = "random"; source = "/dev/random"; };
                address = { type = "pci"; domain = 0; bus = "0xff"; slot = "1f"; };
              }; }
            { devices.interface = [ null { type = "user"; } { type = "user"; mac = false; } ]; type = "xen"; }
            { devices.interface.type = "user"; extra = { attributes = { b = 1; a = "'"; c = null; }; xml = "<x/>\n"; }; }
            { devices.emulator = /bin/emulator; title = { __toString = _: "made"; }; }
            { vcpu = { count = 2; extra.xml = "<x/>"; }; features.acpi = { }; features.apic = true; features.pae = false; }
        ]"#,
    );
    assert_eq!(with, without);
}

/// Evaluates functions of networks in a Nix that has a plugin of this version.
fn with_plugin_of(version: &str, expression: &str) -> Outcome {
    let plugin = format!("{{ version = {version:?}; network.toXML = _: \"the plugin's\"; }}");
    bare(&format!(
        "let network = builtins.scopedImport {{ builtins = builtins // {{ nixvirt = {plugin}; }}; }} {}/nix-lib/kind.nix \
         {{ libvirt = null; pkgs = null; }} \"network\"; in {expression}",
        project().display()
    ))
}

#[test]
fn a_plugin_of_another_release_is_left_alone() {
    let network = r#"network.getXML { name = "lan"; uuid = false; }"#;
    let patched = with_plugin_of(&env!("CARGO_PKG_VERSION").replace(".0", ".99"), network);
    assert_eq!(patched.stdout, "the plugin's", "{}", patched.stderr);
    for version in ["0.0.9", "0.10.0", "1.1.0", "none"] {
        let other = with_plugin_of(version, network);
        assert_eq!(other.stdout, "<network>\n  <name>lan</name>\n</network>\n", "{version}: {}", other.stderr);
    }
}

#[test]
fn what_needs_the_plugin_says_so() {
    let none = bare(&format!("({}).network.fromXML \"<network/>\"", library()));
    expect![[r#"
        error: `lib.network.fromXML` requires the NixVirt plugin 0.1.0, but this Nix has loaded none
               hint: load the plugin with `nix --plugin-files /path/to/libnixvirt.so …`, or permanently with `plugin-files = /path/to/libnixvirt.so` in nix.conf
               hint: `nix build .#plugin` builds it for the Nix of this flake's nixpkgs
               hint: without the plugin, `nixvirt import` prints the spec of an XML file, as Nix
    "#]].assert_eq(none.error());
    expect![[r#"
        error: `lib.network.validate` requires the NixVirt plugin 0.1.0, but this Nix has loaded version 0.9.0
               hint: load the plugin with `nix --plugin-files /path/to/libnixvirt.so …`, or permanently with `plugin-files = /path/to/libnixvirt.so` in nix.conf
               hint: `nix build .#plugin` builds it for the Nix of this flake's nixpkgs
               hint: without the plugin, `nixvirt check --kind network` checks a spec in JSON
    "#]].assert_eq(with_plugin_of("0.9.0", "network.validate { }").error());
}

#[test]
fn schemas_are_those_of_the_plugin() {
    let same = format!(
        "builtins.toJSON (builtins.filter (kind: ({}).${{kind}}.schema != builtins.nixvirt.${{kind}}.schema) builtins.nixvirt.kinds)",
        library()
    );
    assert_eq!(json_of(evaluate(&same)), json!([]));
    let title = bare(&format!("({}).checkpoint.schema.title", library()));
    assert_eq!(title.stdout, "libvirt checkpoint", "{}", title.stderr);
}

#[test]
fn the_version_is_that_of_the_plugin() {
    let outcome = bare(&format!("import {}/nix-lib/version.nix", project().display()));
    assert_eq!(outcome.stdout, env!("CARGO_PKG_VERSION"));
    let package = fs::read_to_string(project().join("packaging/nixpkgs/package.nix")).expect("a readable file");
    assert!(package.contains(&format!("version = \"{}\";", env!("CARGO_PKG_VERSION"))), "{package}");
}

#[test]
fn context_is_kept() {
    let made = r#"derivation { name = "disc"; system = "x86_64-linux"; builder = "/bin/sh"; }"#;
    let [with, without] =
        both(&format!("builtins.getContext (lib.network.getXML {{ name = \"lan\"; description = {made}; }})"));
    assert!(with == without && with.to_string().contains("disc.drv"), "{with} {without}");
}

/// As `./disk.img` in a flake is.
#[test]
fn a_path_in_the_store_is_kept() {
    let path = r#"/. + builtins.unsafeDiscardStringContext (builtins.toFile "disk.img" "x")"#;
    let [with, without] =
        both(&format!("builtins.getContext (lib.network.getXML {{ name = \"lan\"; description = {path}; }})"));
    assert!(with == without && with.to_string().contains("disk.img"), "{with} {without}");
}
