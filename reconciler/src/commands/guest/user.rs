//! The user that a guest creates from its declared seed.

use crate::change::child_text;
use crate::commands::manifest_file;
use crate::error::Error;
use crate::file;
use crate::manifest::{Declarations, Definition, SeedContent, VolumeContent};
use crate::paths::Paths;
use crate::plan::dependents::{folder, uses_volume};
use nixvirt_schema::engine::xml::{self, Element};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The names of the fields with the SSH keys of a user, in cloud-init and in Ignition.
const KEYS: [&str; 3] = ["ssh_authorized_keys", "ssh_import_id", "sshAuthorizedKeys"];

/// The user of the seed that a manifest declares for a guest of a connection. The secrets of the seed are not read.
///
/// # Errors
/// The manifest cannot be read.
pub fn declared(manifest: &Path, uri: &str, guest: &Element) -> Result<Option<String>, Error> {
    let connections = manifest_file::read(manifest, None)?.0.connections;
    let base = manifest.parent().unwrap_or(Path::new(""));
    Ok(connections.get(uri).and_then(|connection| of_seeds(connection, base, guest)))
}

/// The user of a seed on a disk of the guest.
fn of_seeds(connection: &Declarations, base: &Path, guest: &Element) -> Option<String> {
    let spelled = Paths::known(BTreeMap::new());
    let of = |pool: &str, folder: Option<&str>, definition: &Definition, content: Option<&VolumeContent>| {
        let Some(VolumeContent::Seed(seed)) = content else { return None };
        let volume = root(definition, base)?;
        let name = child_text(&volume, "name")?;
        let path = folder.map(|folder| format!("{folder}/{name}"));
        if uses_volume(guest, pool, name, path.as_deref(), &spelled) { user(seed) } else { None }
    };
    let of_pools = connection.pools.iter().flatten().find_map(|pool| {
        let definition = root(&pool.definition, base)?;
        let name = child_text(&definition, "name")?;
        let mut volumes = pool.volumes.iter().flatten();
        volumes.find_map(|volume| of(name, folder(&definition), &volume.definition, volume.content.as_ref()))
    });
    let mut of_domains = connection.domains.iter().flatten().flat_map(|domain| &domain.volumes);
    of_pools.or_else(|| of_domains.find_map(|it| of(&it.pool, None, &it.definition, it.content.as_ref())))
}

/// A definition of the manifest. None if it cannot be read.
fn root(definition: &Definition, base: &Path) -> Option<Element> {
    match (&definition.xml, &definition.definition) {
        (Some(xml), _) => xml::element(xml),
        (None, Some(file)) => {
            let text = file::read(&base.join(file), file::MAX_DEFINITION).and_then(file::text).ok()?;
            xml::element(&text)
        }
        (None, None) => None,
    }
}

/// The first user with SSH keys, or else the first one.
fn user(seed: &SeedContent) -> Option<String> {
    let json = |file: &str, mark: &str| {
        let text = seed.files.get(file)?.text.trim_start().strip_prefix(mark)?;
        serde_json::from_str::<Value>(text).ok()
    };
    let cloud_init = json("user-data", "#cloud-config").unwrap_or_default();
    let ignition = json("ignition/config.ign", "").unwrap_or_default();
    let lists = [&cloud_init["users"], &ignition["passwd"]["users"]];
    let users: Vec<_> = lists.into_iter().filter_map(Value::as_array).flatten().collect();
    let with_keys = users.iter().filter(|user| KEYS.iter().any(|keys| user.get(keys).is_some()));
    let by_name = with_keys.chain(&users).map(|user| &user["name"]);
    // The name of the default user of cloud-init.
    let of_default = [&cloud_init["user"]["name"], &cloud_init["user"]];
    let mut names = by_name.chain(of_default).filter_map(Value::as_str);
    // A placeholder means a secret.
    names.find(|name| !name.contains('@')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The user of a seed with this file.
    fn of(file: &str, text: &str) -> String {
        let seed = json!({ "files": { file: { "text": text } } });
        let seed: SeedContent = serde_json::from_value(seed).expect("a seed");
        user(&seed).unwrap_or_else(|| "nobody".to_owned())
    }

    #[test]
    fn users_of_seeds() {
        for (user_data, expected) in [
            (json!({ "users": [{ "name": "alice" }] }), "alice"),
            (json!({ "users": ["default", { "name": "alice" }] }), "alice"),
            (json!({ "users": [{ "name": "a" }, { "name": "b", "ssh_authorized_keys": ["key"] }] }), "b"),
            (json!({ "users": [{ "name": "a" }, { "name": "b", "ssh_import_id": ["gh:b"] }] }), "b"),
            (json!({ "users": [{ "name": "@secret@" }, { "name": "b" }] }), "b"),
            (json!({ "user": "bob" }), "bob"),
            (json!({ "user": { "name": "bob" }, "users": ["default"] }), "bob"),
            (json!({ "users": [] }), "nobody"),
            (json!({ "packages": ["vim"] }), "nobody"),
        ] {
            assert_eq!(of("user-data", &format!("#cloud-config\n{user_data}\n")), expected, "{user_data}");
        }
        assert_eq!(of("user-data", "#!/bin/sh\n"), "nobody");
        let ignition =
            json!({ "passwd": { "users": [{ "name": "root" }, { "name": "core", "sshAuthorizedKeys": [] }] } });
        assert_eq!(of("ignition/config.ign", &ignition.to_string()), "core");
    }

    #[test]
    fn the_seed_of_the_guest() {
        let seed = |name: &str, user: &str| {
            let user_data = json!({ "users": [{ "name": user }] });
            let files = json!({ "user-data": { "text": format!("#cloud-config\n{user_data}") } });
            // The secret of the seed is not read.
            let content = json!({ "seed": { "files": files, "secretFiles": { "token": "/nowhere" } } });
            json!({ "xml": format!("<volume><name>{name}</name></volume>"), "content": content })
        };
        let mut of_domain = seed("db-seed", "dora");
        of_domain["pool"] = "disks".into();
        let connection: Declarations = serde_json::from_value(json!({
            "pools": [
                { "xml": "<pool type='dir'><name>other</name></pool>", "volumes": [seed("web-seed", "oscar")] },
                {
                    "xml": "<pool type='dir'><name>seeds</name><target><path>/seeds</path></target></pool>",
                    "volumes": [{ "name": "old", "present": false }, seed("web-seed", "alice")],
                },
            ],
            "domains": [{ "xml": "<domain/>", "volumes": [of_domain] }],
        }))
        .expect("a connection");
        let user = |source: &str| {
            let guest = format!("<domain><devices><disk><source {source}/></disk></devices></domain>");
            of_seeds(&connection, Path::new(""), &xml::element(&guest).expect("it is XML"))
        };
        assert_eq!(user("pool='seeds' volume='web-seed'").as_deref(), Some("alice"));
        assert_eq!(user("file='/seeds/web-seed'").as_deref(), Some("alice"));
        assert_eq!(user("pool='disks' volume='db-seed'").as_deref(), Some("dora"));
        assert_eq!(user("file='/seeds/other'"), None);
    }
}
