//! The loader with an implementation that is missing, broken or for another Nix: Nix must continue.

use expect_test::{Expect, expect};
use nixvirt_tests::{Outcome, files, plugin, project, run};
use pretty_assertions::assert_eq;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of the Nix that the tests run.
fn version() -> String {
    let outcome = run(Command::new("nix").arg("--version"));
    outcome.stdout.trim().rsplit(' ').next().expect("Nix tells its version").to_owned()
}

/// The names of the implementations for it.
fn exact() -> String {
    format!("{}.so", version())
}

fn minor() -> String {
    format!("{}.so", version().rsplit_once('.').expect("a version has parts").0)
}

/// The folder of the implementations that work.
fn implementations() -> PathBuf {
    Path::new(&plugin()).parent().and_then(Path::parent).expect("it is in a folder").join("libexec/nixvirt")
}

/// The bytes of the implementation that works.
fn implementation() -> Vec<u8> {
    fs::read(implementations().join(exact())).expect("the implementation for this Nix is built")
}

/// A plugin as a package lays it out, without an implementation. It is gone with the value.
struct Package(PathBuf);

impl Package {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("nixvirt-loading-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("lib")).expect("there is room");
        fs::create_dir_all(folder.join("libexec/nixvirt")).expect("there is room");
        fs::copy(plugin(), folder.join("lib/libnixvirt.so")).expect("the loader is built");
        Package(folder)
    }

    fn with(self, name: &str, bytes: &[u8]) -> Self {
        fs::write(self.implementation(name), bytes).expect("there is room");
        self
    }

    /// Compiles a library in the place of an implementation.
    fn with_compiled(self, name: &str, c: &str) -> Self {
        let (source, library) = (self.0.join("source.c"), self.0.join("library.so"));
        fs::write(&source, c).expect("there is room");
        let outcome = run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]));
        assert!(outcome.succeeded, "{}", outcome.stderr);
        let mut seal = Command::new(project().join("plugin/seal"));
        assert!(run(seal.args([library, self.implementation(name)])).succeeded);
        self
    }

    fn loader(&self) -> PathBuf {
        self.0.join("lib/libnixvirt.so")
    }

    fn implementation(&self, name: &str) -> PathBuf {
        self.0.join("libexec/nixvirt").join(name)
    }

    fn nix(&self, expression: &str) -> Command {
        eval(&self.loader().display().to_string(), expression)
    }

    /// Nix must answer 1 and warn once: one line of warning, and one with a hint.
    #[track_caller]
    fn steps_aside(&self) -> String {
        let outcome = run(&mut self.nix("1"));
        assert!(outcome.succeeded && outcome.stdout == "1\n", "{}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stderr.starts_with("warning: NixVirt plugin disabled"), "{}", outcome.stderr);
        let [_, hint] = outcome.stderr.lines().collect::<Vec<_>>()[..] else { panic!("{}", outcome.stderr) };
        assert!(hint.starts_with("hint: "), "{}", outcome.stderr);
        outcome.stderr.replace(&self.0.display().to_string(), "…").replace(&version(), "VERSION")
    }

    #[track_caller]
    fn check_warning(&self, expected: Expect) {
        expected.assert_eq(&self.steps_aside());
    }

    #[track_caller]
    fn works(&self) {
        check_version(&run(&mut self.nix("builtins.nixvirt.version")));
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn eval(plugins: &str, expression: &str) -> Command {
    let mut nix = Command::new("nix");
    nix.args(["eval", "--offline", "--plugin-files", plugins, "--expr", expression]);
    nix
}

/// The plugin answered, and nobody was warned.
#[track_caller]
fn check_version(outcome: &Outcome) {
    assert_eq!(
        (outcome.stdout.as_str(), outcome.stderr.as_str()),
        (concat!("\"", env!("CARGO_PKG_VERSION"), "\"\n"), "")
    );
}

#[test]
fn an_implementation_for_the_version_is_taken() {
    Package::new("exact").with(&exact(), &implementation()).works();
}

#[test]
fn an_implementation_for_the_minor_version_is_taken() {
    Package::new("minor").with(&minor(), &implementation()).works();
}

#[test]
fn an_implementation_for_the_very_version_comes_first() {
    Package::new("both").with(&exact(), &implementation()).with(&minor(), b"").works();
}

#[test]
fn no_implementation() {
    Package::new("none").check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: no implementation for Nix VERSION in …/libexec/nixvirt (found: none)
        hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

#[test]
fn implementations_for_other_versions() {
    let (older, newer) = ("2.3.so", "2.999.1.so");
    let package = Package::new("others").with(older, &implementation()).with(newer, &implementation());
    package.check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: no implementation for Nix VERSION in …/libexec/nixvirt (found: 2.3, 2.999.1)
        hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

#[test]
fn no_folder_of_implementations() {
    let package = Package::new("no-folder");
    fs::remove_dir(package.0.join("libexec/nixvirt")).expect("it is empty");
    package.steps_aside();
}

#[test]
fn an_implementation_built_for_another_nix() {
    let c = "extern void of_another_nix(void); int nixvirt_register(void) { of_another_nix(); return 1; }";
    Package::new("another").with_compiled(&exact(), c).check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: …/libexec/nixvirt/VERSION.so: undefined symbol: of_another_nix
        hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

#[test]
fn an_implementation_that_is_none() {
    // Nix's own libraries have such code too.
    let c = "#include <stdlib.h>\n__attribute__((constructor)) static void first(void) { abort(); }";
    let package = Package::new("unsealed").with_compiled(&exact(), c);
    fs::rename(package.0.join("library.so"), package.implementation(&exact())).expect("both are in one folder");
    package.check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: not a complete implementation of the plugin
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
    Package::new("no-entry").with_compiled(&exact(), "void other(void) {}").steps_aside();
    Package::new("refused").with_compiled(&exact(), "_Bool nixvirt_register(void) { return 0; }").check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: the builtins could not be registered
        hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

/// Places in a file of that size: all that its header is made of, and some from everywhere.
fn places(size: usize) -> impl Iterator<Item = usize> {
    [0, 1, 4, 5, 16, 18, 20, 32, 40, 54, 62, 63, 64, 65, 120]
        .into_iter()
        .chain((0..40).map(move |at| size / 40 * at))
        .chain([size - 1])
}

#[test]
fn a_truncated_implementation() {
    let whole = implementation();
    for size in places(whole.len()) {
        Package::new("truncated").with(&exact(), &whole[..size]).steps_aside();
    }
    Package::new("truncated").with(&exact(), &whole[..whole.len() / 2]).check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: not a complete implementation of the plugin
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

/// A file after a loss of power: of the same length, with zeros from some position on.
#[test]
fn an_implementation_whose_end_was_not_written() {
    let whole = implementation();
    for size in places(whole.len()).filter(|size| *size < whole.len() - 64) {
        let mut bytes = whole.clone();
        bytes[size..].fill(0);
        Package::new("zeros").with(&exact(), &bytes).steps_aside();
    }
}

/// A file of which the disk has lost one page.
#[test]
fn an_implementation_with_a_damaged_page() {
    const PAGE: usize = 4096;
    let mut random = fastrand::Rng::with_seed(1);
    for file in files(&implementations(), "so") {
        let whole = fs::read(file).expect("the implementation is built");
        let last = whole.len() / PAGE * PAGE;
        for page in (0..last).step_by(last / PAGE / 10 * PAGE).chain([last]) {
            let end = whole.len().min(page + PAGE);
            let mut bytes = whole.clone();
            bytes[page..end].fill_with(|| random.u8(..));
            Package::new("page").with(&exact(), &bytes).steps_aside();
            bytes[page..end].fill(0);
            if bytes != whole {
                Package::new("page").with(&exact(), &bytes).steps_aside();
            }
        }
    }
    let mut bytes = implementation();
    bytes[PAGE * 100] ^= 1;
    Package::new("bit").with(&exact(), &bytes).check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: the file is damaged
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

#[test]
fn the_command_in_the_hint_repairs_an_implementation_in_the_store() {
    let package = Package::new("store").with(&exact(), &implementation());
    let copy = format!(
        "derivation {{ name = \"plugin\"; system = builtins.currentSystem; builder = \"/bin/sh\"; PATH = \"/usr/bin:/bin\"; \
         args = [\"-c\" \"cp -r ${{{}}} $out\"]; }}",
        package.0.display()
    );
    let mut build = Command::new("nix");
    let built = run(build.args(["build", "--impure", "--offline", "--no-link", "--print-out-paths", "--expr", &copy]));
    assert!(built.succeeded, "{}", built.stderr);
    let stored = Path::new(built.stdout.trim());
    let (loader, file) = (stored.join("lib/libnixvirt.so"), stored.join("libexec/nixvirt").join(exact()));
    let nix = |expression| run(&mut eval(&loader.display().to_string(), expression));
    check_version(&nix("builtins.nixvirt.version"));
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("a file of root");
    fs::write(&file, b"not a library at all").expect("there is room");
    let outcome = nix("1");
    assert_eq!(outcome.stdout, "1\n");
    let command =
        outcome.stderr.split('`').nth(1).and_then(|it| it.strip_prefix("sudo ")).expect("the hint has a command");
    assert!(run(Command::new("sh").args(["-c", command])).succeeded, "{command}");
    check_version(&nix("builtins.nixvirt.version"));
}

#[test]
fn garbage_for_an_implementation() {
    let whole = implementation();
    let mut random = fastrand::Rng::with_seed(1);
    for size in places(whole.len()).filter(|size| *size < whole.len() - 4096) {
        let mut bytes = whole.clone();
        bytes[size..].fill_with(|| random.u8(..));
        Package::new("garbage").with(&exact(), &bytes).steps_aside();
    }
    Package::new("text").with(&exact(), b"not a library at all\n".repeat(10).as_slice()).check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: not a complete implementation of the plugin
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

#[test]
fn what_cannot_be_read() {
    let package = Package::new("folder");
    fs::create_dir(package.implementation(&exact())).expect("there is room");
    package.check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: not a regular file
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
    let package = Package::new("pipe");
    assert!(run(Command::new("mkfifo").arg(package.implementation(&exact()))).succeeded);
    package.steps_aside();
    let package = Package::new("loop");
    symlink(exact(), package.implementation(&exact())).expect("there is room");
    package.steps_aside();
    let package = Package::new("broken-link");
    symlink("gone", package.implementation(&exact())).expect("there is room");
    package.check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: No such file or directory (os error 2)
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
    // The tests run as root, which may enter every folder, but no file.
    let package = Package::new("closed-folder");
    fs::remove_dir(package.0.join("libexec/nixvirt")).expect("it is empty");
    fs::write(package.0.join("libexec/nixvirt"), "").expect("there is room");
    package.check_warning(expect![[r#"
        warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: …/libexec/nixvirt/VERSION.so: Not a directory (os error 20)
        hint: install the plugin again, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
    "#]]);
}

/// Programs that load the plugin as Nix does.
mod stand_ins {
    use super::Package;
    use expect_test::expect;
    use nixvirt_tests::run;
    use pretty_assertions::assert_eq;
    use std::fs;
    use std::process::Command;

    /// A program that loads a plugin as Nix does, and exports what the loader reads of a Nix: a fork, or a version that is not
    /// here.
    struct StandIn {
        /// Declarations in C of what it exports.
        exports: String,
    }

    impl StandIn {
        /// A Nix whose C++ constant of that name is this version.
        fn new(constant: &str, version: &str) -> Self {
            StandIn {
                exports: format!(
                    "struct {{ const char *data; unsigned long len; }} {constant} = {{ {version:?}, {} }};",
                    version.len()
                ),
            }
        }

        /// The C API of that version.
        fn with_c_api(mut self, version: &str) -> Self {
            self.exports += &format!(
                "const char *nix_version_get(void) {{ return {version:?}; }} int nix_register_primop(void) {{ return 0; }}"
            );
            self
        }

        /// Loads the plugin of a package. Returns what was printed.
        #[track_caller]
        fn load(&self, package: &Package) -> String {
            let (source, program) = (package.0.join("stand-in.c"), package.0.join("stand-in"));
            let main = r#"
                #include <dlfcn.h>
                int main(int count, char **arguments) {
                    void *plugin = dlopen(arguments[1], RTLD_LAZY | RTLD_LOCAL);
                    ((void (*)(void)) dlsym(plugin, "nix_plugin_entry"))();
                    return 0;
                }
            "#;
            fs::write(&source, format!("{}{main}", self.exports)).expect("there is room");
            let outcome = run(Command::new("cc").args(["-rdynamic", "-o"]).args([&program, &source]));
            assert!(outcome.succeeded, "{}", outcome.stderr);
            let outcome = run(Command::new(program).arg(package.loader()));
            assert!(outcome.succeeded, "{}", outcome.stderr);
            (outcome.stdout + &outcome.stderr).replace(&package.0.display().to_string(), "…")
        }
    }

    const NIX_VERSION: &str = "_ZN3nix10nixVersionB5cxx11E";
    const DETERMINATE_VERSION: &str = "_ZN3nix21determinateNixVersionB5cxx11E";

    /// A package whose implementation on the C API tells that it was opened.
    fn with_c_api(name: &str) -> Package {
        Package::new(name).with_compiled(
            "c-api.so",
            "#include <stdio.h>\n_Bool nixvirt_register(void) { puts(\"opened\"); return 1; }",
        )
    }

    #[test]
    fn lix_goes_on_without_the_plugin() {
        expect![[r#"
            warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: no implementation for Nix 2.93.3 in …/libexec/nixvirt (found: c-api)
            hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
        "#]]
        .assert_eq(&StandIn::new(NIX_VERSION, "2.93.3").load(&with_c_api("lix")));
    }

    #[test]
    fn a_c_api_is_used_from_2_35_on() {
        let package = with_c_api("c-api");
        assert_eq!(StandIn::new(NIX_VERSION, "2.35.2").with_c_api("2.35.2").load(&package), "opened\n");
        assert_eq!(StandIn::new(DETERMINATE_VERSION, "3.20.0").with_c_api("2.36.0").load(&package), "opened\n");
        assert_eq!(StandIn::new("of_no_meaning", "").with_c_api("2.36.0").load(&package), "opened\n");
        expect![[r#"
            warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: no implementation for Nix 2.34.8 in …/libexec/nixvirt (found: c-api)
            hint: build the plugin for this version of Nix, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
        "#]]
        .assert_eq(&StandIn::new(NIX_VERSION, "2.34.8").with_c_api("2.34.8").load(&package));
        expect![[r#"
            warning: NixVirt plugin disabled, builtins.nixvirt is unavailable: the running Nix exports no symbols, so it cannot load plugins
            hint: use a Nix that supports plugins, such as that of nixos.org, or set NIXVIRT_PLUGIN_QUIET=1 to hide this warning
        "#]]
        .assert_eq(&StandIn::new("of_no_meaning", "").load(&package));
    }

    #[test]
    fn an_implementation_for_the_version_comes_before_that_on_the_c_api() {
        let package = with_c_api("first").with_compiled(
            "2.35.2.so",
            "#include <stdio.h>\n_Bool nixvirt_register(void) { puts(\"for 2.35.2\"); return 1; }",
        );
        assert_eq!(StandIn::new(NIX_VERSION, "2.35.2").with_c_api("2.35.2").load(&package), "for 2.35.2\n");
    }
}

#[test]
fn the_warning_can_be_silenced() {
    let package = Package::new("quiet");
    let outcome = run(package.nix("1").env("NIXVIRT_PLUGIN_QUIET", "1"));
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("1\n", ""));
}

#[test]
fn nobody_to_warn() {
    let package = Package::new("closed");
    let nix = format!("exec nix eval --plugin-files {} --expr 1 2>&-", package.loader().display());
    let outcome = run(Command::new("sh").args(["-c", &nix]));
    assert!(outcome.succeeded && outcome.stdout == "1\n");
}

#[test]
fn a_link_to_the_loader_is_the_loader() {
    let package = Package::new("link").with(&exact(), &implementation());
    let link = package.0.join("link.so");
    symlink(package.loader(), &link).expect("there is room");
    check_version(&run(&mut eval(&link.display().to_string(), "builtins.nixvirt.version")));
}

#[test]
fn the_folder_of_the_loader_may_be_named() {
    let package = Package::new("named").with(&exact(), &implementation());
    let folder = package.loader().parent().expect("it is in a folder").display().to_string();
    check_version(&run(&mut eval(&folder, "builtins.nixvirt.version")));
}

#[test]
fn the_loader_may_be_named_twice() {
    let package = Package::new("twice").with(&exact(), &implementation());
    let twice = format!("{0} {0} {1}", package.loader().display(), plugin());
    check_version(&run(&mut eval(&twice, "builtins.nixvirt.version")));
    let count = r#"builtins.length (builtins.filter (name: name == "nixvirt") (builtins.attrNames builtins))"#;
    let outcome = run(&mut eval(&twice, count));
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("1\n", ""));
}

/// The loader loads into any Nix: it needs no symbol of Nix, no library that Nix does not load, and nothing newer than glibc
/// 2.34, which was released in 2021.
#[test]
fn the_loader_needs_next_to_nothing() {
    let symbols = run(Command::new("objdump").args(["-T", &plugin()])).stdout;
    let undefined: Vec<_> = symbols.lines().filter(|line| line.contains("*UND*")).collect();
    assert!(!undefined.is_empty() && !undefined.iter().any(|line| line.contains("_ZN")), "{symbols}");
    let glibc = undefined.iter().filter_map(|line| line.split_once("GLIBC_")?.1.split(')').next()?.strip_prefix("2."));
    let newest = glibc.filter_map(|minor| minor.split('.').next()?.parse::<u32>().ok()).max();
    assert!(newest.is_some_and(|minor| minor <= 34), "{symbols}");
    let dynamic = run(Command::new("readelf").args(["-dW", &plugin()])).stdout;
    let needed: Vec<_> =
        dynamic.lines().filter_map(|line| line.split_once("library: [")?.1.split(']').next()).collect();
    assert!(
        needed
            .iter()
            .all(|it| it.starts_with("libc.so") || it.starts_with("libgcc_s.so") || it.starts_with("ld-linux")),
        "{needed:?}"
    );
}
