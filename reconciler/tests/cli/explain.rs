//! `nixvirt explain`.

use super::check;
use expect_test::expect;

#[test]
fn codes_of_specs_and_of_files() {
    check(
        &["explain", "disk-target-taken", "[not-json]"],
        "",
        expect![[r#"
            error[disk-target-taken]

            Two disks have the same target name. libvirt refuses the domain.

            Invalid domain:

                devices.disk = [
                  { source.file = "/vm.img"; target.dev = "vda"; }
                  { source.file = "/vm.img"; target.dev = "vda"; }
                ];

            Valid domain:

                devices.disk = [
                  { source.file = "/vm.img"; target.dev = "vda"; }
                  { source.file = "/vm.img"; target.dev = "vdb"; }
                ];

            error[not-json]

            The file is not JSON. `nixvirt import` converts XML to a spec, and `nix eval --json` evaluates Nix.
            exit code 0
        "#]],
    );
}

#[test]
fn an_unknown_code() {
    check(
        &["explain", "disk-target-token"],
        "",
        expect![[r#"
        error: unknown problem code "disk-target-token"; did you mean "disk-target-taken"?
        hint: `nixvirt explain` lists all codes
        exit code 1
    "#]],
    );
    check(
        &["explain", "disk-lun"],
        "",
        expect![[r#"
        error: unknown problem code "disk-lun"; did you mean "disk-lun-blockio"?
        hint: `nixvirt explain` lists all codes
        exit code 1
    "#]],
    );
}
