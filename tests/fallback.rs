//! Without the plugin, getXML gives the same text: for what is in the project, and for the XML that libvirt tests
//! itself with.

use expect_test::{Expect, expect};
use nixvirt_schema::import::import;
use nixvirt_schema::kind::Kind;
use nixvirt_schema::render::render;
use nixvirt_tests::{bare, evaluate, files, folders, library, name, project};
use serde_json::{Value as Json, from_str, json};
use std::fs;
use std::path::{Path, PathBuf};

/// What an expression over `lib` is, with the plugin and without.
fn both(expression: &str) -> [Json; 2] {
    let expression = format!("let lib = {}; in builtins.toJSON ({expression})", library());
    [evaluate, bare].map(|evaluate| {
        let outcome = evaluate(&expression);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        from_str(&outcome.stdout).expect("Nix prints JSON")
    })
}

/// Compares lists of the same things, of which `names` are the names.
fn compare(names: &[String], [with, without]: [Json; 2]) {
    let (with, without) = (with.as_array().expect("a list"), without.as_array().expect("a list"));
    assert_eq!((with.len(), without.len()), (names.len(), names.len()));
    for ((name, with), without) in names.iter().zip(with).zip(without) {
        assert_eq!(with, without, "{name}");
    }
}

/// The expression that imports the spec of a golden folder.
fn golden(case: &Path) -> String {
    format!("(spec: if builtins.isFunction spec then spec lib else spec) (import {}/spec.nix)", case.display())
}

/// The golden folders with the names of their kinds, where the spec is good or bad.
fn cases(is_good: bool) -> Vec<(String, PathBuf)> {
    let kinds = folders(&project().join("tests/specs")).into_iter();
    let cases = kinds.flat_map(|kind| folders(&kind).into_iter().map(move |case| (name(&kind).to_owned(), case)));
    cases.filter(|(_, case)| case.join("expected.xml").exists() == is_good).collect()
}

#[test]
fn golden_specs_are_the_same() {
    let cases = cases(true);
    let each: Vec<_> = cases.iter().map(|(kind, case)| format!("(lib.{kind}.getXML ({}))", golden(case))).collect();
    let names: Vec<_> = cases.iter().map(|(_, case)| case.display().to_string()).collect();
    compare(&names, both(&format!("[ {} ]", each.join(" "))));
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

/// What the plugin alone knows: the forms of words, how far numbers go, and rules. Of all else that is wrong, this is
/// told without it too.
const KNOWN: &[&str] = &["unknown-attribute", "missing", "wrong-type", "unknown-word"];

#[test]
fn bad_golden_specs_are_refused() {
    let cases = cases(false);
    let each = |function: &dyn Fn(&str, &str) -> String| {
        let all: Vec<_> = cases.iter().map(|(kind, case)| format!("({})", function(kind, &golden(case)))).collect();
        format!("[ {} ]", all.join(" "))
    };
    let expression = format!(
        "if builtins ? nixvirt then {} else {}",
        each(&|kind, spec| format!("map (problem: problem.code) (lib.{kind}.validate ({spec}))")),
        each(&|kind, spec| format!("(builtins.tryEval (lib.{kind}.getXML ({spec}))).success")),
    );
    let [codes, is_taken] = both(&expression);
    let codes: Vec<Vec<String>> = serde_json::from_value(codes).expect("lists of codes");
    let is_taken: Vec<bool> = serde_json::from_value(is_taken).expect("a list of Booleans");
    assert!(codes.len() == cases.len() && is_taken.len() == cases.len());
    for ((codes, is_taken), (_, case)) in codes.iter().zip(is_taken).zip(&cases) {
        let is_known = codes.iter().any(|code| KNOWN.contains(&code.as_str()));
        assert!(!(is_known && is_taken), "{}: {codes:?}", case.display());
    }
}

/// The XML that libvirt tests itself with, as specs.
fn corpus(kind: Kind) -> Vec<(String, Json)> {
    let specs = files(Path::new("/usr/src/libvirt/tests"), "xml").into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let spec = import(kind, &text).ok()?;
        let is_good = !render(kind, &spec).report.has_errors();
        is_good.then(|| (path.display().to_string(), json!(spec.root())))
    });
    specs.collect()
}

#[test]
fn the_xml_of_libvirts_tests_is_the_same() {
    for kind in Kind::ALL {
        let (names, specs): (Vec<_>, Vec<_>) = corpus(*kind).into_iter().unzip();
        let file = format!("{}/{}.json", env!("CARGO_TARGET_TMPDIR"), kind.name());
        fs::write(&file, Json::from(specs).to_string()).expect("a writable folder");
        let read = format!("builtins.fromJSON (builtins.readFile {file})");
        compare(&names, both(&format!("map lib.{}.getXML ({read})", kind.name())));
        println!("{}: {} files", kind.name(), names.len());
    }
}

#[track_caller]
fn check_error(spec: &str, expected: Expect) {
    let outcome = bare(&format!("({}).domain.getXML {spec}", library()));
    assert!(!outcome.succeeded, "it should fail, and gave {}", outcome.stdout);
    let error = outcome.stderr.rfind("error:").expect("Nix says what went wrong");
    expected.assert_eq(&outcome.stderr[error..]);
}

#[test]
fn mistakes_are_told_with_their_path() {
    check_error(
        "[ ]",
        expect![[r#"
        error: domain: expected a set, found a list
    "#]],
    );
    check_error(
        "{ name = \"web\"; }",
        expect![[r#"
        error: domain "web": type: is required
    "#]],
    );
    let web =
        |part: &str| format!("{{ type = \"kvm\"; name = \"web\"; memory = \"2 GiB\"; os.type = \"hvm\"; {part} }}");
    check_error(
        &web("vcpus = 2;"),
        expect![[r#"
        error: domain "web": vcpus: expected true, false or a set, found a number
    "#]],
    );
    check_error(
        &web("vcpu = \"two\";"),
        expect![[r#"
        error: domain "web": vcpu: "two" is not a number from 1 to 65535
    "#]],
    );
    check_error(
        &web("vcpu = 0;"),
        expect![[r#"
        error: domain "web": vcpu: 0 is not a number from 1 to 65535
    "#]],
    );
    check_error(
        &web("title = { };"),
        expect![[r#"
        error: domain "web": title: expected text on one line, found a set
    "#]],
    );
    check_error(
        &web("os.bootmenu = true;"),
        expect![[r#"
        error: domain "web": os.bootmenu: expected a set, found true
    "#]],
    );
    check_error(
        &web("devices.disk = [ null { target.dev = \"vda\"; target.bus = \"virtoi\"; } ];"),
        expect![[r#"
        error: domain "web": devices.disk[1].target.bus: "virtoi" is not one of ide, fdc, scsi, virtio, xen, usb, uml, sata, sd
    "#]],
    );
    check_error(
        &web("devices.disk.type = \"flie\";"),
        expect![[r#"
        error: domain "web": devices.disk.type: "flie" is not one of file, block, dir, network, volume, nvme, vhostuser, vhostvdpa
    "#]],
    );
    check_error(
        &web("devices.graphics = { type = \"vnc\"; passwd = true; };"),
        expect![[r#"
        error: domain "web": devices.graphics.passwd: expected a string, found true
    "#]],
    );
    check_error(
        &web("\"qemu-commandline\".\"new one\" = 1;"),
        expect![[r#"
        error: domain "web": qemu-commandline."new one": unknown attribute; known here are arg, env
    "#]],
    );
    check_error(
        &web("extra.atributes = { };"),
        expect![[r#"
        error: domain "web": extra.atributes: unknown attribute; known here are attributes, xml
    "#]],
    );
}

/// What golden specs leave out: the ways to write numbers and texts.
#[test]
fn words_are_the_same() {
    let [with, without] = both(
        r#"map (part: lib.domain.getXML ({ type = "kvm"; name = "web"; memory = 1; os.type = "hvm"; } // part)) [
            { description = 1.5; bootloader_args = 2.0; metadata = [ " <a/>\n" null "" ]; uuid = false; }
            { description = "a\tb\r\n<&>'\""; "qemu-commandline".arg.value = "a\tb\r\n<&>'\""; currentMemory = "8MiB"; id = "7"; }
            { devices.hostdev = { mode = "subsystem"; type = "pci"; source.address = "0000:01:1f.7"; }; }
            { devices.hostdev = {
                mode = "subsystem"; type = "usb"; source = { vendor.id = "0x10de"; product.id = 16; };
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

#[test]
fn the_version_is_that_of_the_plugin() {
    let outcome = bare(&format!("import {}/nix-lib/version.nix", project().display()));
    assert_eq!(outcome.stdout, env!("CARGO_PKG_VERSION"));
}

#[test]
fn context_is_kept() {
    let made = r#"derivation { name = "disc"; system = "x86_64-linux"; builder = "/bin/sh"; }"#;
    let [with, without] =
        both(&format!("builtins.getContext (lib.network.getXML {{ name = \"lan\"; description = {made}; }})"));
    assert!(with == without && with.to_string().contains("disc.drv"), "{with} {without}");
}
