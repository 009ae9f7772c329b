//! Reading the manifest, and what NixVirt's module writes in its place.

use super::check::check;
use super::{Connection, Manifest, VERSION, schema};
use crate::error::Error;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::problem::Report;
use nixvirt_schema::engine::value::{Data, Spec, Value};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Reads a manifest, given the name of its file for messages. With `connect` that connection alone is taken, and the
/// text may be what NixVirt's module writes for one: an object with the lists `domains`, `networks` and `pools`.
pub fn read(text: &str, file: &str, connect: Option<&str>) -> Result<Manifest, Error> {
    let spec = json::parse(text).map_err(|cause| Error::input(format!("{file} is not JSON")).caused_by(cause))?;
    let source = Source { spec, text, file };
    let root = source.spec.root();
    let has = |name: &str| root.children().any(|member| member.key() == name);
    if !has("version") && !has("connections") && ["domains", "networks", "pools"].into_iter().any(has) {
        let Some(uri) = connect else {
            let what = format!("{file} declares one connection without its URI, as NixVirt writes it");
            return Err(Error::usage(what).with_hint("name the connection with --connect"));
        };
        let mut schema = schema();
        schema["$ref"] = "#/$defs/Connection".into();
        let connection: Connection = source.read(&schema)?;
        return Ok(Manifest { version: VERSION, connections: BTreeMap::from([(uri.to_owned(), connection)]) });
    }
    if let Some(Data::Int(version)) = root.attribute("version").map(Value::data) {
        if *version != i64::from(VERSION) {
            let what = format!("{file} has version {version} of the format, but this nixvirt reads version {VERSION}");
            return Err(Error::input(what).with_hint("use the module and the command of the same release"));
        }
    }
    let mut manifest: Manifest = source.read(&schema())?;
    if let Some(uri) = connect {
        manifest.connections.retain(|known, _| known == uri);
        if manifest.connections.is_empty() {
            let known: Vec<_> = root.attribute("connections").into_iter().flat_map(Value::children).collect();
            let known: Vec<_> = known.iter().map(|connection| connection.key()).collect();
            return Err(Error::usage(match known.as_slice() {
                [] => format!("{file} has no connection"),
                _ => format!("{file} has no connection {uri}; it has {}", known.join(", ")),
            }));
        }
    }
    Ok(manifest)
}

/// JSON that is read.
struct Source<'a> {
    spec: Spec<'a>,
    text: &'a str,
    file: &'a str,
}

impl Source<'_> {
    /// Reads all of it, as that schema describes it.
    fn read<T: DeserializeOwned>(&self, schema: &serde_json::Value) -> Result<T, Error> {
        let mut report = Report::new(&self.spec);
        check(schema, self.spec.root(), &mut report);
        let problems = report.findings().locate(json::positions(self.text, self.file));
        if problems.is_empty() {
            return serde_json::from_str(self.text).map_err(|cause| Error::input(self.file).caused_by(cause));
        }
        let count = match problems.len() {
            1 => "1 problem".to_owned(),
            many => format!("{many} problems"),
        };
        let lines: Vec<_> = problems.iter().map(|it| format!("\n  {}", it.to_string().replace('\n', "\n  "))).collect();
        Err(Error::input(format!("{}: {count}{}", self.file, lines.concat())))
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
                  { "content": { "volume": { "pool": 1 } } },
                  { "content": "a.img", "present": 0 }
                ] }]
              } }
            }"#,
            None,
            expect![[r#"
                m.json: 21 problems
                  error[unknown-field]: conections: unknown field; did you mean "connections"?
                    at m.json:3:29
                  error[unknown-word]: connections."qemu:///system".prune: "own" is none of owned, all or none
                    at m.json:5:26
                  error[wrong-kind]: connections."qemu:///system".onChange: expected one of live, stage, restart or never, found a number
                    at m.json:6:29
                  error[range]: connections."qemu:///system".shutdown.timeout: -1 is out of range: it is at least 0
                    at m.json:7:42
                  error[wrong-kind]: connections."qemu:///system".shutdown.force: expected true or false, found a string
                    at m.json:7:55
                  error[wrong-kind]: connections."qemu:///system".networks: expected a list or null, found an object
                    at m.json:8:29
                  error[unknown-field]: connections."qemu:///system".domains[0].definitoin: unknown field; did you mean "definition"?
                    at m.json:10:35
                  error[unknown-field]: connections."qemu:///system".domains[0].actve: unknown field; did you mean "active"?
                    at m.json:10:53
                  error[unknown-word]: connections."qemu:///system".domains[0].onChange: "stoage" is none of live, stage, restart or never; did you mean "stage"?
                    at m.json:10:71
                  error[unknown-word]: connections."qemu:///system".domains[0].purge[1]: "disks" is none of nvram, tpm, managedSave or snapshots
                    at m.json:10:100
                  error[unknown-field]: connections."qemu:///system".domains[0].color: unknown field; there are active, autostart, definition, onChange, purge, restart, shutdown, snapshots, volumes or xml
                    at m.json:10:119
                  error[wrong-kind]: connections."qemu:///system".domains[1].active: expected true or false or null, found a string
                    at m.json:11:51
                  error[twice]: connections."qemu:///system".domains[1].active: is there twice
                    at m.json:11:68
                  error[unknown-field]: connections."qemu:///system".domains[1].shutdown.timeot: unknown field; did you mean "timeout"?
                    at m.json:11:98
                  error[wrong-kind]: connections."qemu:///system".domains[1].purge: expected a list, found null
                    at m.json:11:112
                  error[missing]: connections."qemu:///system".pools[0].volumes[0].content: `file` is missing
                    at m.json:14:32
                  error[unknown-field]: connections."qemu:///system".pools[0].volumes[0].content.fil: unknown field; did you mean "file"?
                    at m.json:14:41
                  error[missing]: connections."qemu:///system".pools[0].volumes[1].content.volume: `name` is missing
                    at m.json:15:44
                  error[wrong-kind]: connections."qemu:///system".pools[0].volumes[1].content.volume.pool: expected a string or null, found a number
                    at m.json:15:54
                  error[wrong-kind]: connections."qemu:///system".pools[0].volumes[2].content: expected an object, found a string
                    at m.json:16:32
                  error[wrong-kind]: connections."qemu:///system".pools[0].volumes[2].present: expected true or false, found a number
                    at m.json:16:52
            "#]],
        );
    }

    #[test]
    fn versions() {
        check(
            r#"{ "version": 2, "conections": {} }"#,
            None,
            expect![[r#"
                m.json has version 2 of the format, but this nixvirt reads version 1; use the module and the command of the same release
            "#]],
        );
        check(
            r#"{ "version": "1" }"#,
            None,
            expect![[r#"
                m.json: 1 problem
                  error[wrong-kind]: version: expected a whole number, found a string
                    at m.json:1:14
            "#]],
        );
        check(
            r#"{ "connections": {} }"#,
            None,
            expect![[r#"
                m.json: 1 problem
                  error[missing]: `version` is missing
                    at m.json:1:1
            "#]],
        );
        check(
            "[]",
            None,
            expect![[r#"
                m.json: 1 problem
                  error[wrong-kind]: expected an object, found a list
                    at m.json:1:1
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
            m.json has no connection qemu:///session; it has test:///default, qemu:///system
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
                {"qemu:///system":{"prune":"owned","onChange":"live","shutdown":{"timeout":120,"force":false},"secrets":null,"nwfilters":null,"networks":null,"pools":[{"definition":"/b.xml","active":null,"autostart":null,"restart":null,"onChange":null,"shutdown":null,"volumes":[{"name":"c","present":false,"content":null}]}],"domains":[{"definition":"/a.xml","active":true,"autostart":null,"restart":null,"onChange":null,"shutdown":null,"purge":[],"volumes":[],"snapshots":null}]}}
            "#]],
        );
        check(
            text,
            None,
            expect![[r#"
                m.json declares one connection without its URI, as NixVirt writes it; name the connection with --connect
            "#]],
        );
        check(
            r#"{ "domains": [{ "path": "/a.xml" }] }"#,
            Some("qemu:///system"),
            expect![[r#"
                m.json: 1 problem
                  error[unknown-field]: domains[0].path: unknown field; there are active, autostart, definition, onChange, purge, restart, shutdown, snapshots, volumes or xml
                    at m.json:1:25
            "#]],
        );
    }
}
