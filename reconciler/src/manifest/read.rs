//! Reading the manifest, and the file that NixVirt's module writes in its place.

use super::check::check;
use super::{Declarations, Manifest, VERSION, schema};
use crate::error::Error;
use crate::uri::{self, Mistake};
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::problem::{Diagnostic, Report, explained, summary};
use nixvirt_schema::engine::value::{Data, Spec, Value};
use std::collections::BTreeMap;

/// Whether JSON is meant to be a manifest, or the file of NixVirt's module.
pub fn is_manifest(root: Value<'_>) -> bool {
    has_member(root, "connections") || has_member(root, "version") || is_connection(root)
}

/// Whether JSON is the file that NixVirt's module writes: one connection without its URI.
fn is_connection(root: Value<'_>) -> bool {
    let has_list = ["domains", "networks", "pools"].into_iter().any(|name| has_member(root, name));
    has_list && !has_member(root, "version") && !has_member(root, "connections")
}

fn has_member(root: Value<'_>, name: &str) -> bool {
    root.children().any(|member| member.key() == name)
}

/// Returns all problems of a manifest, given its JSON, its text, and the name of its file for messages.
///
/// # Errors
/// The manifest has another version of the format.
pub fn problems(spec: &Spec<'_>, text: &str, file: &str) -> Result<Vec<Diagnostic>, Error> {
    let root = spec.root();
    let mut schema = schema();
    if is_connection(root) {
        schema["$ref"] = "#/$defs/Declarations".into();
    } else if let Some(Data::Int(version)) = root.attribute("version").map(Value::data) {
        if *version != i64::from(VERSION) {
            let what = format!("{file} is a manifest of version {version}, but this nixvirt reads version {VERSION}");
            return Err(Error::manifest(what).with_hint("use the module and the command of the same release"));
        }
    }
    let mut report = Report::new(spec, None);
    check(&schema, root, &mut report);
    for connection in root.attribute("connections").into_iter().flat_map(|connections| connections.children()) {
        if let Some(Mistake { message, meant }) = uri::mistake(connection.key()) {
            report.error_with(connection, "bad-form", message, Some(meant));
        }
    }
    Ok(report.findings().locate(json::positions(text, file)))
}

/// Reads a manifest, given the name of its file for messages. With `connect`, only that connection is read, and the text
/// may be the file of NixVirt's module: an object with the lists `domains`, `networks` and `pools`.
pub fn read(text: &str, file: &str, connect: Option<&str>) -> Result<Manifest, Error> {
    let spec = json::parse(text).map_err(|cause| Error::manifest(format!("{file} is not JSON")).caused_by(cause))?;
    let root = spec.root();
    if is_connection(root) && connect.is_none() {
        let what = format!("{file} is a manifest of NixVirt 0.6, which does not name its connection");
        return Err(Error::usage(what).with_hint("name the connection with --connect"));
    }
    let problems = problems(&spec, text, file)?;
    if let Some(advice) = explained(problems.iter().map(|problem| problem.code)) {
        return Err(Error::manifest(summary("manifest", Some(file), &problems)).with_hint(advice));
    }
    let broken = |cause| Error::manifest(file).caused_by(cause);
    // The value that was checked, in which 1e3 is a whole number.
    let json = serde_json::to_value(root)?;
    match connect {
        Some(uri) if is_connection(root) => {
            let connection: Declarations = serde_json::from_value(json).map_err(broken)?;
            Ok(Manifest { version: VERSION, connections: BTreeMap::from([(uri.to_owned(), connection)]) })
        }
        Some(uri) => only(serde_json::from_value(json).map_err(broken)?, uri, file),
        None => serde_json::from_value(json).map_err(broken),
    }
}

/// Drops all connections of a manifest but one.
fn only(mut manifest: Manifest, uri: &str, file: &str) -> Result<Manifest, Error> {
    let known: Vec<_> = manifest.connections.keys().cloned().collect();
    manifest.connections.retain(|known, _| known == uri);
    if !manifest.connections.is_empty() {
        Ok(manifest)
    } else if known.is_empty() {
        Err(Error::usage(format!("{file} has no connection")))
    } else {
        let error = Error::usage(format!("{file} has no connection {uri}"));
        Err(error.with_hint(format!("its connections are: {}", known.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(text: &str, connect: Option<&str>, expected: Expect) {
        expected.assert_eq(&match read(text, "m.json", connect) {
            Ok(manifest) => format!("{}\n", serde_json::to_string(&manifest.connections).expect("it is JSON")),
            Err(error) => format!("{}\n", error.line()),
        });
    }

    #[test]
    fn uris() {
        check(
            r#"{ "version": 1, "connections": { "": {}, "qemu://system": {}, "qemu:///system": {} } }"#,
            None,
            expect![[r#"
                manifest "m.json": 2 errors
                  error[bad-form]: connections."": the connection URI is empty; did you mean "qemu:///system"?
                    at m.json:1:38
                  error[bad-form]: connections."qemu://system": invalid connection URI "qemu://system"; did you mean "qemu:///system"?
                    at m.json:1:59; for an explanation with examples, run `nixvirt explain bad-form`
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong() {
        check(
            r#"{
              "version": 1,
              "conections": {},
              "connections": { "qemu:///system": {
                "prune": "own",
                "onChange": 1,
                "shutdown": { "timeout": -1, "force": "yes" },
                "networks": {},
                "domains": [
                  { "definitoin": "a.xml", "actve": true, "onChange": "stoage", "purge": ["nvram", "disks"], "color": "red" },
                  { "xml": "<domain/>", "active": "yes", "active": null, "shutdown": { "timeot": 1 }, "purge": null }
                ],
                "pools": [{ "volumes": [
                  { "content": { "fil": "a" } },
                  { "content": { "url": "a" } },
                  { "content": {} },
                  { "content": { "file": "a", "seed": { "files": {} } } },
                  { "content": { "volume": { "pool": 1 } } },
                  { "content": "a.img", "present": 0 }
                ] }]
              } }
            }"#,
            None,
            expect![[r#"
                manifest "m.json": 23 errors
                  error[unknown-attribute]: conections: unknown field "conections"; did you mean "connections"?
                    at m.json:3:29
                  error[unknown-word]: connections."qemu:///system".prune: invalid value "own": expected owned, all or none
                    at m.json:5:26
                  error[wrong-type]: connections."qemu:///system".onChange: expected live, stage, restart or never, found a number
                    at m.json:6:29
                  error[out-of-range]: connections."qemu:///system".shutdown.timeout: -1 is out of range: expected at least 0
                    at m.json:7:42
                  error[wrong-type]: connections."qemu:///system".shutdown.force: expected true or false, found a string
                    at m.json:7:55
                  error[wrong-type]: connections."qemu:///system".networks: expected a list or null, found an object
                    at m.json:8:29
                  error[unknown-attribute]: connections."qemu:///system".domains[0].definitoin: unknown field "definitoin"; did you mean "definition"?
                    at m.json:10:35
                  error[unknown-attribute]: connections."qemu:///system".domains[0].actve: unknown field "actve"; did you mean "active"?
                    at m.json:10:53
                  error[unknown-word]: connections."qemu:///system".domains[0].onChange: invalid value "stoage": expected live, stage, restart or never; did you mean "stage"?
                    at m.json:10:71
                  error[unknown-word]: connections."qemu:///system".domains[0].purge[1]: invalid value "disks": expected nvram, tpm, managedSave or snapshots
                    at m.json:10:100
                  error[unknown-attribute]: connections."qemu:///system".domains[0].color: unknown field "color": expected active, autostart, definition, graphicsPasswordFile, move, onChange, purge, restart, rollbackSnapshots, secretFiles, …
                    at m.json:10:119
                  error[wrong-type]: connections."qemu:///system".domains[1].active: expected true, false or null, found a string
                    at m.json:11:51
                  error[said-twice]: connections."qemu:///system".domains[1].active: field "active" is given twice
                    at m.json:11:68
                  error[unknown-attribute]: connections."qemu:///system".domains[1].shutdown.timeot: unknown field "timeot"; did you mean "timeout"?
                    at m.json:11:98
                  error[wrong-type]: connections."qemu:///system".domains[1].purge: expected a list, found null
                    at m.json:11:112
                  error[unknown-attribute]: connections."qemu:///system".pools[0].volumes[0].content.fil: unknown field "fil"; did you mean "file"?
                    at m.json:14:41
                  error[unknown-attribute]: connections."qemu:///system".pools[0].volumes[1].content.url: unknown field "url": expected file, download, volume or seed
                    at m.json:15:41
                  error[missing]: connections."qemu:///system".pools[0].volumes[2].content: missing field: expected file, download, volume or seed
                    at m.json:16:32
                  error[said-twice]: connections."qemu:///system".pools[0].volumes[3].content.seed: fields "file" and "seed" conflict: set one of them
                    at m.json:17:55
                  error[missing]: connections."qemu:///system".pools[0].volumes[4].content.volume: missing required field "name"
                    at m.json:18:44
                  error[wrong-type]: connections."qemu:///system".pools[0].volumes[4].content.volume.pool: expected a string or null, found a number
                    at m.json:18:54
                  error[wrong-type]: connections."qemu:///system".pools[0].volumes[5].content: expected an object, found a string
                    at m.json:19:32
                  error[wrong-type]: connections."qemu:///system".pools[0].volumes[5].present: expected true or false, found a number
                    at m.json:19:52; for an explanation with examples, run `nixvirt explain CODE`
            "#]],
        );
    }

    #[test]
    fn numbers() {
        let timeout = |number: &str| {
            format!(r#"{{ "version": 1, "connections": {{ "c": {{ "shutdown": {{ "timeout": {number} }} }} }} }}"#)
        };
        check(
            &timeout("1e3"),
            None,
            expect![[r#"
                {"c":{"prune":"owned","onChange":"live","shutdown":{"timeout":1000,"force":false},"secrets":null,"nwfilters":null,"networks":null,"pools":null,"domains":null}}
            "#]],
        );
        check(
            &timeout("18446744073709551615"),
            None,
            expect![[r#"
                manifest "m.json": 1 error
                  error[out-of-range]: connections.c.shutdown.timeout: 18446744073709551615 is out of range: expected at most 9223372036854775807
                    at m.json:1:66; for an explanation with examples, run `nixvirt explain out-of-range`
            "#]],
        );
    }

    #[test]
    fn versions() {
        check(
            r#"{ "version": 2, "conections": {} }"#,
            None,
            expect![[r#"
                m.json is a manifest of version 2, but this nixvirt reads version 1; use the module and the command of the same release
            "#]],
        );
        check(
            r#"{ "version": "1" }"#,
            None,
            expect![[r#"
                manifest "m.json": 1 error
                  error[wrong-type]: version: expected a whole number, found a string
                    at m.json:1:14; for an explanation with examples, run `nixvirt explain wrong-type`
            "#]],
        );
        check(
            r#"{ "connections": {} }"#,
            None,
            expect![[r#"
                manifest "m.json": 1 error
                  error[missing]: missing required field "version"
                    at m.json:1:1; for an explanation with examples, run `nixvirt explain missing`
            "#]],
        );
        check(
            "[]",
            None,
            expect![[r#"
                manifest "m.json": 1 error
                  error[wrong-type]: expected an object, found a list
                    at m.json:1:1; for an explanation with examples, run `nixvirt explain wrong-type`
            "#]],
        );
        check(
            "{ version: 1 }",
            None,
            expect![[r#"
            m.json is not JSON: line 1, column 3: key must be a string
        "#]],
        );
    }

    #[test]
    fn one_connection() {
        let two =
            r#"{ "version": 1, "connections": { "test:///default": { "prune": "none" }, "qemu:///system": {} } }"#;
        check(
            two,
            Some("test:///default"),
            expect![[r#"
            {"test:///default":{"prune":"none","onChange":"live","shutdown":{"timeout":120,"force":false},"secrets":null,"nwfilters":null,"networks":null,"pools":null,"domains":null}}
        "#]],
        );
        check(
            two,
            Some("qemu:///session"),
            expect![[r#"
                m.json has no connection qemu:///session; its connections are: qemu:///system, test:///default
            "#]],
        );
        check(
            r#"{ "version": 1 }"#,
            Some("qemu:///session"),
            expect![[r#"
            m.json has no connection
        "#]],
        );
    }

    #[test]
    fn what_nixvirt_writes() {
        let text = r#"{ "domains": [{ "definition": "/a.xml", "active": true, "restart": null }], "networks": null,
            "pools": [{ "definition": "/b.xml", "active": null, "restart": null,
                        "volumes": [{ "definition": null, "name": "c", "present": false }] }] }"#;
        check(
            text,
            Some("qemu:///system"),
            expect![[r#"
                {"qemu:///system":{"prune":"owned","onChange":"live","shutdown":{"timeout":120,"force":false},"secrets":null,"nwfilters":null,"networks":null,"pools":[{"definition":"/b.xml","active":null,"autostart":null,"restart":null,"onChange":null,"shutdown":null,"volumes":[{"name":"c","present":false,"content":null}]}],"domains":[{"definition":"/a.xml","active":true,"autostart":null,"restart":null,"onChange":null,"shutdown":null,"purge":[],"graphicsPasswordFile":null,"secretFiles":{},"volumes":[],"snapshots":null,"move":"never","storage":"shared","transport":"plain","rollbackSnapshots":0}]}}
            "#]],
        );
        check(
            text,
            None,
            expect![[r#"
                m.json is a manifest of NixVirt 0.6, which does not name its connection; name the connection with --connect
            "#]],
        );
        check(
            r#"{ "domains": [{ "path": "/a.xml" }] }"#,
            Some("qemu:///system"),
            expect![[r#"
                manifest "m.json": 1 error
                  error[unknown-attribute]: domains[0].path: unknown field "path": expected active, autostart, definition, graphicsPasswordFile, move, onChange, purge, restart, rollbackSnapshots, secretFiles, …
                    at m.json:1:25; for an explanation with examples, run `nixvirt explain unknown-attribute`
            "#]],
        );
    }
}
