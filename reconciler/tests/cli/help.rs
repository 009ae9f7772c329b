//! Help, completion scripts and manual pages.

use super::{Folder, check};
use expect_test::expect;
use std::fs;
use std::process::Command;

#[test]
fn of_the_program() {
    check(
        &["--help"],
        "",
        expect![[r#"
            Declare libvirt's guests, networks, storage and other objects.

            A spec declares one object, as JSON that mirrors libvirt's XML. A manifest declares all objects of
            one or more libvirt connections. `nixvirt apply` brings libvirt in line with a manifest, and
            `nixvirt plan` shows the changes first.

            Usage: nixvirt <COMMAND>

            Specs:
              init         Declare the objects of this host in a new folder
              check        Check specs and manifests, and list their problems
              explain      Explain problem codes, with a wrong and a right example
              render       Print the libvirt XML of specs, or their documents for KubeVirt
              import       Convert libvirt XML to a spec, as Nix or JSON
              schema       Print the JSON Schema of specs, manifests or reports
              lsp          Run a language server, which helps editors with specs in Nix files

            Connections:
              plan         Show what `apply` would change, without changing anything
              apply        Bring libvirt in line with the manifest
              status       Show the state of declared and managed objects
              graph        Draw hosts with their networks, pools, guests, disks and snapshots
              doctor       Show whether this host is ready for NixVirt
              adopt        Start managing existing objects without changing them
              forget       Stop managing objects, leaving them in place

            Guests:
              list         List the guests of a connection, or of a manifest, with their addresses
              wait         Wait until a guest runs, or is ready for use
              ssh          Log in to a guest by SSH
              console      Connect this terminal to the serial console of a guest
              view         Show the screen of a guest in a window
              rollback     Undo the last change of a guest by going back to a snapshot

            Shell and documentation:
              completions  Print a completion script for a shell
              man          Print or write the manual pages
              help         Print the help of a command

            Options:
              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Exit codes: 0 success, 1 error, 2 changes (only if requested), 64 wrong command line, 66 no manifest, 69 no connection
            exit code 0
        "#]],
    );
    // Without a command, help is printed, and the command fails.
    check(
        &[],
        "",
        expect![[r#"
            Declare libvirt's guests, networks, storage and other objects

            Usage: nixvirt <COMMAND>

            Specs:
              init         Declare the objects of this host in a new folder
              check        Check specs and manifests, and list their problems
              explain      Explain problem codes, with a wrong and a right example
              render       Print the libvirt XML of specs, or their documents for KubeVirt
              import       Convert libvirt XML to a spec, as Nix or JSON
              schema       Print the JSON Schema of specs, manifests or reports
              lsp          Run a language server, which helps editors with specs in Nix files

            Connections:
              plan         Show what `apply` would change, without changing anything
              apply        Bring libvirt in line with the manifest
              status       Show the state of declared and managed objects
              graph        Draw hosts with their networks, pools, guests, disks and snapshots
              doctor       Show whether this host is ready for NixVirt
              adopt        Start managing existing objects without changing them
              forget       Stop managing objects, leaving them in place

            Guests:
              list         List the guests of a connection, or of a manifest, with their addresses
              wait         Wait until a guest runs, or is ready for use
              ssh          Log in to a guest by SSH
              console      Connect this terminal to the serial console of a guest
              view         Show the screen of a guest in a window
              rollback     Undo the last change of a guest by going back to a snapshot

            Shell and documentation:
              completions  Print a completion script for a shell
              man          Print or write the manual pages
              help         Print the help of a command

            Options:
              -h, --help     Print help (see more with '--help')
              -V, --version  Print version

            Exit codes: 0 success, 1 error, 2 changes (only if requested), 64 wrong command line, 66 no manifest, 69 no connection
            exit code 64
        "#]],
    );
}

#[test]
fn of_commands_on_specs() {
    check(
        &["check", "--help"],
        "",
        expect![[r#"
            Check specs and manifests, and list their problems.

            Lists all problems at once, each with its path, position, code and the expected value. For a
            manifest, only the JSON is checked. `nixvirt plan` also reads the XML files that the manifest names.

            Usage: nixvirt check [OPTIONS] <FILE>...

            Arguments:
              <FILE>...
                      JSON files, folders with JSON files, or - for standard input

            Options:
                  --json
                      Print the problems of all files as one JSON list, even if a file cannot be read.

                      Fields of a problem: `file`, `severity` ("error" or "warning"), `code`, `path`, `message`,
                      `suggestion`, `hint`, `reference` (page and anchor below `reference/fields` in the guide)
                      and `position` (`file`, `line`, `column`).

                  --libvirt <VERSION>
                      Release of libvirt that the specs are for, such as 11.3. Newer fields and values cause
                      warnings. With --connect, the default is the release of the daemon

                  --connect <URI>
                      Also warn if the host of this libvirt daemon, such as qemu:///system, lacks what a domain
                      needs.

                      The daemon reports which machine types, CPU models, firmware and devices its guests can
                      have. The networks, pools, volumes and network filters of a domain must be in the daemon
                      or among the files. For a daemon on this host, files and network interfaces are checked
                      too. `nixvirt plan` does the same for a manifest.

                  --kind <KIND>
                      Kind of all files. Guessed from the content, the file name and the folder if omitted

                      [possible values: domain, network, pool, volume, secret, nwfilter, nodedev, interface,
                      snapshot, checkpoint, manifest]

                  --deny-warnings
                      Treat warnings as errors

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Examples:
              # Check all specs and manifests in a folder
              nixvirt check specs/
              # Check a spec that Nix evaluates
              nix eval --json --file web.nix | nixvirt check --kind domain -
              # Warn of what a host lacks
              nixvirt check --connect qemu:///system specs/
              # Fail on warnings in CI, and print the problems as JSON
              nixvirt check --deny-warnings --json specs/
            exit code 0
        "#]],
    );
    check(
        &["render", "--help"],
        "",
        expect![[r#"
            Print the libvirt XML of specs, or their documents for KubeVirt.

            Problems are listed on standard error. A spec with errors has no XML. The XML of several specs is
            printed one after the other. With `--to kubevirt`, the result is a virtual machine of KubeVirt with
            its networks. Warnings list what KubeVirt lacks, and what the cluster must have.

            Usage: nixvirt render [OPTIONS] <FILE>...

            Arguments:
              <FILE>...
                      JSON files, folders with JSON files, or - for standard input

            Options:
                  --to <FORMAT>
                      Format of the result

                      Possible values:
                      - xml:           XML for libvirt
                      - kubevirt:      Documents for KubeVirt, as YAML: domains only
                      - kubevirt-json: Documents for KubeVirt, as JSON: domains only

                      [default: xml]

              -o, --output <DIR>
                      Write the result of each spec to a file in this folder, named after the spec's file

                  --ignore-rules
                      Print the XML even if rules report errors. Errors of types are never ignored

                  --kind <KIND>
                      Kind of all files. Guessed from the content, the file name and the folder if omitted

                      [possible values: domain, network, pool, volume, secret, nwfilter, nodedev, interface,
                      snapshot, checkpoint, manifest]

                  --deny-warnings
                      Treat warnings as errors

                  --pod-network <NAME>
                      Network of libvirt that the network of the pod replaces. The first interface of a guest on
                      such a network is connected to the network of the pod. May be repeated

                      [default: default]

                  --gpu <ADDRESS=NAME>
                      Name of a graphics card in the cluster, by its address on the host, such as
                      0000:01:00.0=nvidia.com/GA102

                  --host-device <ADDRESS=NAME>
                      Name of another device in the cluster, by its address on the host. The address of a USB
                      device is its ID, such as 046d:c52b

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Examples:
              # Print the XML of a spec
              nixvirt render lan.network.json
              # Write the XML of all specs in a folder
              nixvirt render --output xml/ specs/
              # Create a virtual machine of KubeVirt
              nixvirt render --to kubevirt web.json | kubectl apply -f -
            exit code 0
        "#]],
    );
    check(
        &["import", "--help"],
        "",
        expect![[r#"
            Convert libvirt XML to a spec, as Nix or JSON.

            Elements and attributes that NixVirt does not know are kept under `extra`. Console passwords of
            domains in libvirt are left out, with a warning. Several objects become one set of specs, by name.

            Usage: nixvirt import [OPTIONS] <FILE|URI[/NAME]>...

            Arguments:
              <FILE|URI[/NAME]>...
                      XML files, folders with XML files, - for standard input, or the URI of one libvirt daemon.

                      The URI of a daemon, such as qemu:///system, means all its objects of the kind. A URI with
                      a name, such as qemu:///system/web, means one object.

            Options:
                  --kind <KIND>
                      Kind of the objects [default: domain for a daemon, and the kind of the XML for a file]

                      [possible values: domain, network, pool, volume, secret, nwfilter, nodedev, interface,
                      snapshot, checkpoint]

                  --brief
                      Leave out what libvirt fills in again: defaults, addresses, the controllers that devices
                      need, the version of the machine type.

                      An existing guest keeps these values when the brief spec is applied. For a new guest,
                      libvirt chooses the newest version of the machine type, and addresses in the order of the
                      devices.

                  --json
                      Print JSON instead of Nix

                  --all
                      Write declarations of all objects of a daemon to the folder that --to names: brief specs,
                      a module and a flake. No file is overwritten

                  --to <DIR>
                      Folder for the declarations of --all. It is created if it is missing

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Examples:
              # Convert the definition of a domain
              virsh dumpxml --inactive web | nixvirt import -
              # Read the domain web from a libvirt daemon
              nixvirt import qemu:///system/web
              # Read it without the values that libvirt fills in again
              nixvirt import --brief qemu:///system/web
              # Read all networks from a libvirt daemon
              nixvirt import --kind network qemu:///system
              # Declare all objects of a host
              nixvirt import --all qemu+ssh://root@alpha/system --to alpha/
            exit code 0
        "#]],
    );
}

#[test]
fn of_commands_on_connections() {
    check(
        &["plan", "--help"],
        "",
        expect![[r#"
            Show what `apply` would change, without changing anything.

            Lists the changes of each object with the old and the new value of each field, and says whether a
            running guest gets the change live or at the next start.

            Usage: nixvirt plan [OPTIONS]

            Options:
                  --diff
                      Also show the differences in the XML of each object that changes, with secrets redacted

                  --detailed-exitcode
                      Exit with 2 if there are changes.

                      Without this option, the exit code is 0 whether or not there are changes. The exit codes
                      of errors are the same with and without this option.

                  --snapshot
                      Take a snapshot of each guest before its definition changes, for `nixvirt rollback`.

                      The three newest of these snapshots are kept for each guest, or the number in
                      `rollbackSnapshots`. If libvirt cannot take a snapshot of a guest, the guest is not
                      changed, and an error is reported.

                  --reset <NAME>...
                      Also undo drift in these objects: what others changed since the last apply.

                      The objects are defined again as they are declared. A running guest gets the changes live
                      where libvirt can make them. Devices that others attached only to the running guest, and
                      not to its definition, are removed. Without this option, drift stays until the declaration
                      changes.

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Output:
                  --json
                      Print the report as JSON. `nixvirt schema plan` prints the JSON Schema for `plan` and
                      `apply`, and `nixvirt schema status` the one for `status`

              -v, --verbose
                      Also show unchanged objects, and each step as it runs

            Manifest and connection:
                  --manifest <FILE>
                      Manifest: a JSON file, or - for standard input

                      [default: /etc/nixvirt/manifest.json]

                  --connect <URI>
                      Use only this connection, such as qemu:///system.

                      With this option, the manifest can also be one of NixVirt 0.6: a JSON object with
                      `domains`, `networks` and `pools`.

                  --on <HOST>
                      Use only the connections to this host, such as alpha for qemu+ssh://root@alpha/system. May
                      be repeated

                  --jobs <NUMBER>
                      Number of connections to work on at the same time

                      [default: 32]

                  --state <DIR>
                      Directory for state records [default: /var/lib/nixvirt for root, else
                      $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]

                  --wait <SECONDS>
                      Seconds to wait for a libvirt daemon that is starting

                      [default: 10]

                  --timeout <SECONDS>
                      Seconds to wait for the libvirt daemon to answer a request.

                      If a request gets no answer, an error is reported for its object. Starting a guest and
                      taking a snapshot may take ten times as long. Copying the content of a volume has no limit
                      as long as the daemon responds.

                      [default: 60]

            Examples:
              # Show the changes, with the XML that changes
              nixvirt plan --diff
              # Exit with 2 if there are changes
              nixvirt plan --manifest manifest.json --detailed-exitcode
            exit code 0
        "#]],
    );
    check(
        &["apply", "-h"],
        "",
        expect![[r#"
            Bring libvirt in line with the manifest

            Usage: nixvirt apply [OPTIONS]

            Options:
                  --snapshot         Take a snapshot of each guest before its definition changes, for `nixvirt
                                     rollback`
                  --reset <NAME>...  Also undo drift in these objects: what others changed since the last apply
              -h, --help             Print help (see more with '--help')
              -V, --version          Print version

            Output:
                  --json     Print the report as JSON. `nixvirt schema plan` prints the JSON Schema for `plan`
                             and `apply`, and `nixvirt schema status` the one for `status`
              -v, --verbose  Also show unchanged objects, and each step as it runs

            Manifest and connection:
                  --manifest <FILE>    Manifest: a JSON file, or - for standard input [default:
                                       /etc/nixvirt/manifest.json]
                  --connect <URI>      Use only this connection, such as qemu:///system
                  --on <HOST>          Use only the connections to this host, such as alpha for
                                       qemu+ssh://root@alpha/system. May be repeated
                  --jobs <NUMBER>      Number of connections to work on at the same time [default: 32]
                  --state <DIR>        Directory for state records [default: /var/lib/nixvirt for root, else
                                       $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]
                  --wait <SECONDS>     Seconds to wait for a libvirt daemon that is starting [default: 10]
                  --timeout <SECONDS>  Seconds to wait for the libvirt daemon to answer a request [default: 60]

            Examples:
              # Apply a manifest, waiting a minute for libvirt to start
              nixvirt apply --manifest manifest.json --wait 60
              # Undo what others changed in a domain
              nixvirt apply --reset web
            exit code 0
        "#]],
    );
    check(
        &["status", "-h"],
        "",
        expect![[r#"
            Show the state of declared and managed objects

            Usage: nixvirt status [OPTIONS]

            Options:
                  --exit-code  Exit with 2 if an object is not in sync
              -h, --help       Print help (see more with '--help')
              -V, --version    Print version

            Output:
                  --json     Print the report as JSON. `nixvirt schema plan` prints the JSON Schema for `plan`
                             and `apply`, and `nixvirt schema status` the one for `status`
              -v, --verbose  Also show unchanged objects, and each step as it runs

            Manifest and connection:
                  --manifest <FILE>    Manifest: a JSON file, or - for standard input [default:
                                       /etc/nixvirt/manifest.json]
                  --connect <URI>      Use only this connection, such as qemu:///system
                  --on <HOST>          Use only the connections to this host, such as alpha for
                                       qemu+ssh://root@alpha/system. May be repeated
                  --jobs <NUMBER>      Number of connections to work on at the same time [default: 32]
                  --state <DIR>        Directory for state records [default: /var/lib/nixvirt for root, else
                                       $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]
                  --wait <SECONDS>     Seconds to wait for a libvirt daemon that is starting [default: 10]
                  --timeout <SECONDS>  Seconds to wait for the libvirt daemon to answer a request [default: 60]

            Examples:
              # Exit with 2 if an object is not in sync
              nixvirt status --exit-code
            exit code 0
        "#]],
    );
    check(
        &["adopt", "--help"],
        "",
        expect![[r#"
            Start managing existing objects without changing them.

            The objects must be declared, because the next `nixvirt apply` removes managed objects that are not
            declared. `nixvirt apply` also adopts declared objects without this command.

            Usage: nixvirt adopt [OPTIONS] <TYPE> <NAME>...

            Arguments:
              <TYPE>
                      Type of the objects

                      [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]

              <NAME>...
                      Names of the objects: POOL/NAME for a volume, DOMAIN/NAME for a snapshot

            Options:
              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Manifest and connection:
                  --manifest <FILE>
                      Manifest: a JSON file, or - for standard input

                      [default: /etc/nixvirt/manifest.json]

                  --connect <URI>
                      Use only this connection, such as qemu:///system.

                      With this option, the manifest can also be one of NixVirt 0.6: a JSON object with
                      `domains`, `networks` and `pools`.

                  --on <HOST>
                      Use only the connections to this host, such as alpha for qemu+ssh://root@alpha/system. May
                      be repeated

                  --jobs <NUMBER>
                      Number of connections to work on at the same time

                      [default: 32]

                  --state <DIR>
                      Directory for state records [default: /var/lib/nixvirt for root, else
                      $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]

                  --wait <SECONDS>
                      Seconds to wait for a libvirt daemon that is starting

                      [default: 10]

                  --timeout <SECONDS>
                      Seconds to wait for the libvirt daemon to answer a request.

                      If a request gets no answer, an error is reported for its object. Starting a guest and
                      taking a snapshot may take ten times as long. Copying the content of a volume has no limit
                      as long as the daemon responds.

                      [default: 60]

            Output:
              -v, --verbose
                      Also show unchanged objects, and each step as it runs

            Examples:
              # Manage two existing domains
              nixvirt adopt domain web db
            exit code 0
        "#]],
    );
    check(
        &["forget", "-h"],
        "",
        expect![[r#"
            Stop managing objects, leaving them in place

            Usage: nixvirt forget [OPTIONS] <TYPE> <NAME>...

            Arguments:
              <TYPE>     Type of the objects [possible values: secret, nwfilter, pool, volume, network, domain,
                         snapshot]
              <NAME>...  Names of the objects: POOL/NAME for a volume, DOMAIN/NAME for a snapshot

            Options:
              -h, --help     Print help (see more with '--help')
              -V, --version  Print version

            Manifest and connection:
                  --manifest <FILE>    Manifest: a JSON file, or - for standard input [default:
                                       /etc/nixvirt/manifest.json]
                  --connect <URI>      Use only this connection, such as qemu:///system
                  --on <HOST>          Use only the connections to this host, such as alpha for
                                       qemu+ssh://root@alpha/system. May be repeated
                  --jobs <NUMBER>      Number of connections to work on at the same time [default: 32]
                  --state <DIR>        Directory for state records [default: /var/lib/nixvirt for root, else
                                       $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]
                  --wait <SECONDS>     Seconds to wait for a libvirt daemon that is starting [default: 10]
                  --timeout <SECONDS>  Seconds to wait for the libvirt daemon to answer a request [default: 60]

            Output:
              -v, --verbose  Also show unchanged objects, and each step as it runs

            Examples:
              # Stop managing a domain
              nixvirt forget --connect qemu:///system domain web
              # Stop managing a volume
              nixvirt forget volume default/web.qcow2
            exit code 0
        "#]],
    );
}

#[test]
fn of_other_commands() {
    check(
        &["schema", "-h"],
        "",
        expect![[r#"
            Print the JSON Schema of specs, manifests or reports

            Usage: nixvirt schema <FORMAT>

            Arguments:
              <FORMAT>  A kind of spec, `manifest`, `plan` (the JSON of `nixvirt plan` and `apply`), `status`
                        (the JSON of `nixvirt status`), `doctor` (the JSON of `nixvirt doctor`), `guests` (the
                        JSON of `nixvirt list`), or `rollback` (the JSON of `nixvirt rollback`) [possible
                        values: domain, network, pool, volume, secret, nwfilter, nodedev, interface, snapshot,
                        checkpoint, manifest, plan, status, doctor, guests, rollback]

            Options:
              -h, --help     Print help
              -V, --version  Print version

            Examples:
              # Let an editor complete specs of domains
              nixvirt schema domain > domain.schema.json
            exit code 0
        "#]],
    );
    check(
        &["completions", "-h"],
        "",
        expect![[r#"
            Print a completion script for a shell

            Usage: nixvirt completions <SHELL> [PROGRAM]

            Arguments:
              <SHELL>    Shell that runs the script [possible values: bash, elvish, fish, powershell, zsh]
              [PROGRAM]  Program that the script completes [default: nixvirt] [possible values: nixvirt,
                         virtdeclare]

            Options:
              -h, --help     Print help (see more with '--help')
              -V, --version  Print version

            Examples:
              # Complete commands in this shell
              source <(nixvirt completions bash)
              # Complete virtdeclare too
              source <(nixvirt completions bash virtdeclare)
            exit code 0
        "#]],
    );
    check(
        &["man", "--help"],
        "",
        expect![[r#"
            Print or write the manual pages.

            Prints the page nixvirt(1). With --dir, writes all pages: nixvirt(1), virtdeclare(1), and one for
            each command, such as nixvirt-plan(1).

            Usage: nixvirt man [OPTIONS]

            Options:
                  --dir <DIR>
                      Folder to write all pages to. It is created if it is missing

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Examples:
              # Write the page of each command
              nixvirt man --dir /usr/local/share/man/man1
            exit code 0
        "#]],
    );
}

#[test]
fn of_help() {
    check(
        &["help", "--help"],
        "",
        expect![[r#"
        Print the help of a command

        Usage: nixvirt help [COMMAND]

        Arguments:
          [COMMAND]  Name of the command [possible values: init, check, explain, render, import, schema,
                     lsp, plan, apply, status, graph, doctor, adopt, forget, list, wait, ssh, console, view,
                     rollback, completions, man, help]

        Options:
          -h, --help     Print help
          -V, --version  Print version

        Examples:
          # Print the help of plan
          nixvirt help plan
        exit code 0
    "#]],
    );
    check(
        &["help", "man"],
        "",
        expect![[r#"
        Print or write the manual pages.

        Prints the page nixvirt(1). With --dir, writes all pages: nixvirt(1), virtdeclare(1), and one for
        each command, such as nixvirt-plan(1).

        Usage: nixvirt man [OPTIONS]

        Options:
              --dir <DIR>
                  Folder to write all pages to. It is created if it is missing

          -h, --help
                  Print help (see a summary with '-h')

          -V, --version
                  Print version

        Examples:
          # Write the page of each command
          nixvirt man --dir /usr/local/share/man/man1
        exit code 0
    "#]],
    );
    check(
        &["help", "plna"],
        "",
        expect![[r#"
        error: invalid value 'plna' for '[COMMAND]'
          [possible values: init, check, explain, render, import, schema, lsp, plan, apply, status, graph, doctor, adopt, forget, list, wait, ssh, console, view, rollback, completions, man, help]
        hint: did you mean 'plan'?
        hint: see `nixvirt help --help`
        exit code 64
    "#]],
    );
}

#[test]
fn a_manual_page_for_each_command() {
    let folder = Folder::new(&[]);
    folder.check(
        &["man", "--dir", "share/man1"],
        expect![[r#"
        exit code 0
    "#]],
    );
    let mut pages: Vec<_> = fs::read_dir(folder.path().join("share/man1"))
        .expect("the folder was created")
        .map(|entry| entry.expect("it can be read").file_name().into_string().expect("names are ASCII"))
        .collect();
    pages.sort();
    expect![[r#"
        nixvirt-adopt.1
        nixvirt-apply.1
        nixvirt-check.1
        nixvirt-completions.1
        nixvirt-console.1
        nixvirt-doctor.1
        nixvirt-explain.1
        nixvirt-forget.1
        nixvirt-graph.1
        nixvirt-help.1
        nixvirt-import.1
        nixvirt-init.1
        nixvirt-list.1
        nixvirt-lsp.1
        nixvirt-man.1
        nixvirt-plan.1
        nixvirt-render.1
        nixvirt-rollback.1
        nixvirt-schema.1
        nixvirt-ssh.1
        nixvirt-status.1
        nixvirt-view.1
        nixvirt-wait.1
        nixvirt.1
        virtdeclare.1"#]]
    .assert_eq(&pages.join("\n"));
    expect![[r#"
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .TH nixvirt 1  "nixvirt 0.1.0" "NixVirt manual"
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH NAME
        nixvirt \- Declare libvirt\*(Aqs guests, networks, storage and other objects
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH SYNOPSIS
        \fBnixvirt\fR [\fB\-h\fR|\fB\-\-help\fR] [\fB\-V\fR|\fB\-\-version\fR] <\fIcommand\fR>
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH DESCRIPTION
        Declare libvirt\*(Aqs guests, networks, storage and other objects.
        .PP
        A spec declares one object, as JSON that mirrors libvirt\*(Aqs XML. A manifest declares all objects of one or more libvirt connections. `nixvirt apply` brings libvirt in line with a manifest, and `nixvirt plan` shows the changes first.
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH COMMANDS
        .TP
        nixvirt\-check(1)
        Check specs and manifests, and list their problems
        .TP
        nixvirt\-render(1)
        Print the libvirt XML of specs, or their documents for KubeVirt
        .TP
        nixvirt\-import(1)
        Convert libvirt XML to a spec, as Nix or JSON
        .TP
        nixvirt\-init(1)
        Declare the objects of this host in a new folder
        .TP
        nixvirt\-plan(1)
        Show what `apply` would change, without changing anything
        .TP
        nixvirt\-apply(1)
        Bring libvirt in line with the manifest
        .TP
        nixvirt\-status(1)
        Show the state of declared and managed objects
        .TP
        nixvirt\-doctor(1)
        Show whether this host is ready for NixVirt
        .TP
        nixvirt\-graph(1)
        Draw hosts with their networks, pools, guests, disks and snapshots
        .TP
        nixvirt\-adopt(1)
        Start managing existing objects without changing them
        .TP
        nixvirt\-forget(1)
        Stop managing objects, leaving them in place
        .TP
        nixvirt\-list(1)
        List the guests of a connection, or of a manifest, with their addresses
        .TP
        nixvirt\-wait(1)
        Wait until a guest runs, or is ready for use
        .TP
        nixvirt\-ssh(1)
        Log in to a guest by SSH
        .TP
        nixvirt\-console(1)
        Connect this terminal to the serial console of a guest
        .TP
        nixvirt\-view(1)
        Show the screen of a guest in a window
        .TP
        nixvirt\-rollback(1)
        Undo the last change of a guest by going back to a snapshot
        .TP
        nixvirt\-explain(1)
        Explain problem codes, with a wrong and a right example
        .TP
        nixvirt\-schema(1)
        Print the JSON Schema of specs, manifests or reports
        .TP
        nixvirt\-lsp(1)
        Run a language server, which helps editors with specs in Nix files
        .TP
        nixvirt\-completions(1)
        Print a completion script for a shell
        .TP
        nixvirt\-man(1)
        Print or write the manual pages
        .TP
        nixvirt\-help(1)
        Print the help of a command
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH OPTIONS
        .TP
        \fB\-h\fR, \fB\-\-help\fR
        Print help (see a summary with \*(Aq\-h\*(Aq)
        .TP
        \fB\-V\fR, \fB\-\-version\fR
        Print version
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH "EXIT STATUS"
        .TP
        \fB0\fR
        Success.
        .TP
        \fB1\fR
        A spec or a checked manifest has errors, an object cannot be applied, doctor found a problem, or libvirt or the system refused a request.
        .TP
        \fB2\fR
        With plan \-\-detailed\-exitcode: there are changes. With status \-\-exit\-code: an object is not in sync. With doctor \-\-exit\-code: there are warnings.
        .TP
        \fB64\fR
        The command line is wrong.
        .TP
        \fB66\fR
        With plan, apply, status, adopt, forget, graph and list: the manifest cannot be read, or its structure has errors. Nothing was changed.
        .TP
        \fB69\fR
        A connection failed as a whole: its libvirt daemon cannot be reached, or its state directory cannot be used. Other connections are applied.
        .SH FILES
        .TP
        \fB/etc/nixvirt/manifest.json\fR
        The manifest that commands read by default.
        .TP
        \fB/var/lib/nixvirt\fR
        The state records of root.
        .TP
        \fB~/.local/state/nixvirt\fR
        The state records of other users.
        .SH ENVIRONMENT
        .TP
        \fBXDG_STATE_HOME\fR
        Folder of the state records of users other than root, in place of ~/.local/state.
        .TP
        \fBNO_COLOR\fR
        Disables colors if it is set and not empty.
    "#]].assert_eq(&folder.read("share/man1/nixvirt.1"));
    expect![[r#"
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .TH nixvirt-plan 1  "nixvirt 0.1.0" "NixVirt manual"
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH NAME
        nixvirt\-plan \- Show what `apply` would change, without changing anything
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH SYNOPSIS
        \fBnixvirt plan\fR [\fB\-\-diff\fR] [\fB\-\-detailed\-exitcode\fR] [\fB\-\-snapshot\fR] [\fB\-\-reset\fR] [\fB\-\-json\fR] [\fB\-\-manifest\fR] [\fB\-\-connect\fR] [\fB\-\-on\fR] [\fB\-\-jobs\fR] [\fB\-\-state\fR] [\fB\-\-wait\fR] [\fB\-\-timeout\fR] [\fB\-v\fR|\fB\-\-verbose\fR] [\fB\-h\fR|\fB\-\-help\fR] [\fB\-V\fR|\fB\-\-version\fR]
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH DESCRIPTION
        Show what `apply` would change, without changing anything.
        .PP
        Lists the changes of each object with the old and the new value of each field, and says whether a running guest gets the change live or at the next start.
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH OPTIONS
        .TP
        \fB\-\-diff\fR
        Also show the differences in the XML of each object that changes, with secrets redacted
        .TP
        \fB\-\-detailed\-exitcode\fR
        Exit with 2 if there are changes.

        Without this option, the exit code is 0 whether or not there are changes. The exit codes of errors are the same with and without this option.
        .TP
        \fB\-\-snapshot\fR
        Take a snapshot of each guest before its definition changes, for `nixvirt rollback`.

        The three newest of these snapshots are kept for each guest, or the number in `rollbackSnapshots`. If libvirt cannot take a snapshot of a guest, the guest is not changed, and an error is reported.
        .TP
        \fB\-\-reset\fR \fI<NAME>...\fR
        Also undo drift in these objects: what others changed since the last apply.

        The objects are defined again as they are declared. A running guest gets the changes live where libvirt can make them. Devices that others attached only to the running guest, and not to its definition, are removed. Without this option, drift stays until the declaration changes.
        .TP
        \fB\-h\fR, \fB\-\-help\fR
        Print help (see a summary with \*(Aq\-h\*(Aq)
        .TP
        \fB\-V\fR, \fB\-\-version\fR
        Print version
        .SH OUTPUT
        .TP
        \fB\-\-json\fR
        Print the report as JSON. `nixvirt schema plan` prints the JSON Schema for `plan` and `apply`, and `nixvirt schema status` the one for `status`
        .TP
        \fB\-v\fR, \fB\-\-verbose\fR
        Also show unchanged objects, and each step as it runs
        .SH "MANIFEST AND CONNECTION"
        .TP
        \fB\-\-manifest\fR \fI<FILE>\fR [default: /etc/nixvirt/manifest.json]
        Manifest: a JSON file, or \- for standard input
        .TP
        \fB\-\-connect\fR \fI<URI>\fR
        Use only this connection, such as qemu:///system.

        With this option, the manifest can also be one of NixVirt 0.6: a JSON object with `domains`, `networks` and `pools`.
        .TP
        \fB\-\-on\fR \fI<HOST>\fR
        Use only the connections to this host, such as alpha for qemu+ssh://root@alpha/system. May be repeated
        .TP
        \fB\-\-jobs\fR \fI<NUMBER>\fR [default: 32]
        Number of connections to work on at the same time
        .TP
        \fB\-\-state\fR \fI<DIR>\fR
        Directory for state records [default: /var/lib/nixvirt for root, else $XDG_STATE_HOME/nixvirt or ~/.local/state/nixvirt]
        .TP
        \fB\-\-wait\fR \fI<SECONDS>\fR [default: 10]
        Seconds to wait for a libvirt daemon that is starting
        .TP
        \fB\-\-timeout\fR \fI<SECONDS>\fR [default: 60]
        Seconds to wait for the libvirt daemon to answer a request.

        If a request gets no answer, an error is reported for its object. Starting a guest and taking a snapshot may take ten times as long. Copying the content of a volume has no limit as long as the daemon responds.
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH "EXIT STATUS"
        .TP
        \fB0\fR
        Success.
        .TP
        \fB1\fR
        A spec or a checked manifest has errors, an object cannot be applied, doctor found a problem, or libvirt or the system refused a request.
        .TP
        \fB2\fR
        With plan \-\-detailed\-exitcode: there are changes. With status \-\-exit\-code: an object is not in sync. With doctor \-\-exit\-code: there are warnings.
        .TP
        \fB64\fR
        The command line is wrong.
        .TP
        \fB66\fR
        With plan, apply, status, adopt, forget, graph and list: the manifest cannot be read, or its structure has errors. Nothing was changed.
        .TP
        \fB69\fR
        A connection failed as a whole: its libvirt daemon cannot be reached, or its state directory cannot be used. Other connections are applied.
        .SH EXAMPLES
        .TP
        Show the changes, with the XML that changes:
        \fBnixvirt plan \-\-diff\fR
        .TP
        Exit with 2 if there are changes:
        \fBnixvirt plan \-\-manifest manifest.json \-\-detailed\-exitcode\fR
        .SH "SEE ALSO"
        \fBnixvirt\fR(1)
    "#]].assert_eq(&folder.read("share/man1/nixvirt-plan.1"));
}

#[test]
fn the_page_of_the_program_is_printed() {
    let folder = Folder::new(&[]);
    folder.check(
        &["man", "--dir", "."],
        expect![[r#"
        exit code 0
    "#]],
    );
    let output = Command::new(env!("CARGO_BIN_EXE_nixvirt")).arg("man").output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), folder.read("nixvirt.1"));
}

#[test]
fn completion_scripts_are_printed() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        // The script of nixvirt asks the command, and that of virtdeclare knows the options.
        for (program, content) in [("nixvirt", "NIXVIRT_COMPLETE"), ("virtdeclare", "uuid")] {
            let output = Command::new(env!("CARGO_BIN_EXE_nixvirt")).args(["completions", shell, program]).output();
            let output = output.expect("it runs");
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
            let script = String::from_utf8_lossy(&output.stdout);
            assert!(script.contains(content), "{shell}: {program}: {content}");
        }
    }
}
