//! A whole host as a folder with a flake: a module that declares all objects, by a template or with a file for each other spec.

use super::declarable;
use crate::brief::brief;
use crate::cli::failure_if;
use crate::error::Error;
use crate::inventory::{Inventory, Observed};
use crate::message;
use crate::object::{Id, Type};
use crate::output::print;
use crate::progress::Progress;
use crate::reconcile::{Backend, Connect, Limits, TIMEOUT};
use crate::template;
use crate::uri;
use clap::{Args, ValueHint};
use nixvirt_schema::engine::text::Malformed;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::engine::{import, nix};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The network filters that libvirt brings along.
const OWN_FILTERS: &[&str] = &[
    "allow-arp",
    "allow-dhcp",
    "allow-dhcp-server",
    "allow-dhcpv6",
    "allow-dhcpv6-server",
    "allow-incoming-ipv4",
    "allow-incoming-ipv6",
    "allow-ipv4",
    "allow-ipv6",
    "clean-traffic",
    "clean-traffic-gateway",
    "no-arp-ip-spoofing",
    "no-arp-mac-spoofing",
    "no-arp-spoofing",
    "no-ip-multicast",
    "no-ip-spoofing",
    "no-ipv6-multicast",
    "no-ipv6-spoofing",
    "no-mac-broadcast",
    "no-mac-spoofing",
    "no-other-l2-traffic",
    "no-other-rarp-traffic",
    "qemu-announce-self",
    "qemu-announce-self-rarp",
];

/// The parts of a volume that a declaration needs. libvirt reports the other parts of an existing volume.
const VOLUME: &[&str] = &["name", "capacity", "target", "backingStore"];

/// The parts of a snapshot that a declaration needs.
const SNAPSHOT: &[&str] = &["name", "description"];

/// Options of `nixvirt init`.
#[derive(Debug, Args)]
pub struct InitOptions {
    /// Libvirt daemon whose objects are declared.
    #[arg(long, value_name = "URI", default_value = "qemu:///system", value_parser = uri::parse)]
    pub connect: String,
    /// Folder to write to. It is created if it is missing.
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
}

/// Writes the declarations of all objects of a daemon to a folder.
pub fn write(uri: &str, folder: &Path, connect: Connect) -> Result<ExitCode, Error> {
    let progress = Progress::new(false);
    let connecting = format!("{uri}: connecting");
    let backend = progress.during(connecting, Some(TIMEOUT), || connect(uri, Limits::default()))?;
    let reading = format!("{uri}: reading objects");
    let mut host = progress.during(reading, None, || HostObjects::read(&*backend))?;
    let (files, module) = host.files(uri);
    let counted = host.counted();
    let files = [(PathBuf::from("flake.nix"), flake()), (PathBuf::from("guests.nix"), module)].into_iter().chain(files);
    write_new(folder, &files.collect())?;
    print(&format!("{}: {counted}\n", folder.display()))?;
    let has_failed = !host.errors.is_empty();
    host.errors.iter().for_each(message::error);
    Ok(failure_if(has_failed))
}

/// Writes files, none of which exists: not one is written otherwise.
fn write_new(folder: &Path, files: &BTreeMap<PathBuf, String>) -> Result<(), Error> {
    if let Some(existing) = files.keys().map(|file| folder.join(file)).find(|file| file.symlink_metadata().is_ok()) {
        return Err(Error::usage(format!("{} exists, and nothing was written", existing.display()))
            .with_hint("choose an empty folder"));
    }
    for (file, text) in files {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|cause| Error::file("create", parent, cause))?;
        let mut created = File::create_new(&path).map_err(|cause| Error::file("create", &path, cause))?;
        created.write_all(text.as_bytes()).map_err(|cause| Error::file("write", &path, cause))?;
    }
    Ok(())
}

fn flake() -> String {
    format!(
        r#"{{
  inputs = {{
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    # Replace this with the URL you cloned NixVirt from.
    NixVirt.url = "git+https://git.example.org/nixvirt";
    NixVirt.inputs.nixpkgs.follows = "nixpkgs";
  }};

  outputs = {{ nixpkgs, NixVirt, ... }}: let
    system = "{}-linux";
  in {{
    # On NixOS, import this module next to NixVirt.nixosModules.default.
    nixosModules.guests = ./guests.nix;

    # On other hosts: nix build .#manifest && sudo nixvirt plan --manifest result
    packages.${{system}}.manifest = (NixVirt.lib.for nixpkgs.legacyPackages.${{system}}).manifest {{
      modules = [ ./guests.nix ];
    }};
  }};
}}
"#,
        std::env::consts::ARCH
    )
}

/// The objects of a host that a manifest can declare.
struct HostObjects {
    objects: BTreeMap<Id, Observed>,
    errors: Vec<Error>,
}

impl HostObjects {
    fn read(backend: &dyn Backend) -> Result<HostObjects, Error> {
        let Inventory { mut objects, .. } = backend.list(&BTreeSet::from(Type::ALL))?;
        objects.retain(|id, _| id.kind != Type::Nwfilter || !OWN_FILTERS.contains(&id.name.as_str()));
        objects.retain(|id, found| {
            if !found.is_persistent {
                message::warning(format!("{id} is left out: it is transient, and libvirt forgets it when it stops"));
            }
            found.is_persistent
        });
        backend.read_each(objects.iter_mut().collect())?;
        let mut errors = Vec::new();
        for (id, found) in &objects {
            if let Some(error) = &found.error {
                errors.push(Error::input(format!("{id} is left out: {}", error.message)));
            }
        }
        objects.retain(|_, found| found.error.is_none() && found.definition.is_some());
        Ok(HostObjects { objects, errors })
    }

    /// Returns the number of objects of each type, such as `2 domains, 1 network`.
    fn counted(&self) -> String {
        let count = |of: Type| self.objects.keys().filter(|id| id.kind == of).count();
        let plural = |count| if count == 1 { "" } else { "s" };
        let counted = Type::ALL.into_iter().rev().map(|of| (count(of), of)).filter(|(count, _)| *count > 0);
        let counted: Vec<_> = counted.map(|(count, of)| format!("{count} {}{}", of.name(), plural(count))).collect();
        if counted.is_empty() { "no objects".to_owned() } else { counted.join(", ") }
    }

    /// Returns a file for each definition, and the module that declares all of them.
    fn files(&mut self, uri: &str) -> (BTreeMap<PathBuf, String>, String) {
        let mut files = BTreeMap::new();
        let mut left_out = Vec::new();
        let mut module = String::new();
        for of in [Type::Secret, Type::Nwfilter, Type::Pool, Type::Network, Type::Domain] {
            let mut objects = self.objects.iter().filter(|(id, _)| id.kind == of).peekable();
            if objects.peek().is_none() {
                continue;
            }
            let _ = writeln!(module, "    {}s = {{", of.name());
            for (id, found) in objects {
                let lines = match self.declaration(id, found, &mut files) {
                    Ok(lines) => lines,
                    Err(why) => {
                        left_out.push((id.clone(), why));
                        continue;
                    }
                };
                let _ = writeln!(module, "      {} = {{", nix::attribute_name(&id.name));
                for line in lines.iter().flat_map(|line| line.lines()) {
                    let _ = writeln!(module, "        {line}");
                }
                module.push_str("      };\n");
            }
            module.push_str("    };\n");
        }
        // What uses a template needs the library.
        let arguments = if module.contains("= NixVirt.") { "{ NixVirt, ... }:\n" } else { "" };
        let module = format!(
            "# The objects of {uri}, as `nixvirt` found them.\n{arguments}{{\n  virtualisation.libvirt.enable = true;\n\n  \
             virtualisation.libvirt.connections.{} = {{\n{module}  }};\n}}\n",
            nix::attribute_name(uri)
        );
        for (id, why) in left_out {
            self.errors.push(Error::input(format!("{id} is left out: {why}")));
            self.objects.remove(&id);
        }
        (files, module)
    }

    /// Returns the lines of an object in the module.
    fn declaration(
        &self,
        id: &Id,
        found: &Observed,
        files: &mut BTreeMap<PathBuf, String>,
    ) -> Result<Vec<String>, Malformed> {
        let definition = declarable(id, found).unwrap_or_default();
        let folder = PathBuf::from(format!("{}s", id.kind.name()));
        let mut lines = vec![format!("definition = {};", file(&folder, &id.name, id.kind, &definition, files)?)];
        let runs = matches!(id.kind, Type::Pool | Type::Network | Type::Domain);
        if runs && found.is_active {
            lines.push("active = true;".to_owned());
        }
        if runs && found.autostart {
            lines.push("autostart = true;".to_owned());
        }
        let inner = folder.join(file_name(&id.name));
        if id.kind == Type::Secret {
            lines.push("# valueFile = \"/run/secrets/…\";".to_owned());
        }
        if id.kind == Type::Pool {
            let volumes = self.objects.iter().filter(|(other, _)| other.parent.as_ref() == Some(&id.name));
            let volumes = volumes.filter(|(other, _)| other.kind == Type::Volume);
            let volumes = volumes.filter_map(|(other, found)| Some((other.name.as_str(), found.definition.as_ref()?)));
            lines.extend(parts("volumes", Type::Volume, VOLUME, volumes, &inner, files)?);
        }
        let snapshots = found.snapshots.iter().filter_map(|it| Some((crate::change::child_text(it, "name")?, it)));
        lines.extend(parts("snapshots", Type::Snapshot, SNAPSHOT, snapshots, &inner, files)?);
        Ok(lines)
    }
}

/// Returns the lines of the parts of an object, with only these elements of their definitions.
fn parts<'o>(
    option: &str,
    of: Type,
    kept: &[&str],
    objects: impl Iterator<Item = (&'o str, &'o Element)>,
    folder: &Path,
    files: &mut BTreeMap<PathBuf, String>,
) -> Result<Vec<String>, Malformed> {
    let mut lines = Vec::new();
    for (name, definition) in objects {
        let mut definition = definition.clone();
        definition.attributes.clear();
        definition.children.retain(|child| kept.contains(&child.name.as_str()));
        definition.children.iter_mut().for_each(drop_reported);
        let file = file(folder, name, of, &definition, files)?;
        let file = file.replace('\n', "\n  ");
        lines.push(format!("  {}.definition = {file};", nix::attribute_name(name)));
    }
    if !lines.is_empty() {
        lines.insert(0, format!("{option} = {{"));
        lines.push("};".to_owned());
    }
    Ok(lines)
}

/// Removes what libvirt reports of an existing volume: a declaration of it would only be compared.
fn drop_reported(part: &mut Element) {
    let reported = ["permissions", "timestamps", "path", "compat", "clusterSize", "features", "nocow", "label"];
    if part.name == "target" {
        part.children.retain(|child| !reported.contains(&child.name.as_str()));
    } else if part.name == "backingStore" {
        part.children.retain(|child| matches!(child.name.as_str(), "path" | "format"));
    }
}

/// Returns the expression of a definition: the call of a template, or the import of a file, which is added.
fn file(
    folder: &Path,
    name: &str,
    of: Type,
    definition: &Element,
    files: &mut BTreeMap<PathBuf, String>,
) -> Result<String, Malformed> {
    let spec = import::import(of.kind(), &brief(definition).to_string())?;
    if let Some(call) = template::call(of, &spec, definition) {
        return Ok(call);
    }
    let text = nix::print(spec.root());
    let names = (1..).map(|number| match number {
        1 => format!("{}.nix", file_name(name)),
        _ => format!("{}-{number}.nix", file_name(name)),
    });
    let path = names.map(|name| folder.join(name)).find(|path| !files.contains_key(path)).unwrap_or_default();
    let imported = format!("import ./{}", path.display());
    files.insert(path, text);
    Ok(imported)
}

/// Returns a name that a path of Nix can have.
fn file_name(name: &str) -> String {
    let letter = |it: char| if it.is_ascii_alphanumeric() || "._-+".contains(it) { it } else { '-' };
    let name: String = name.chars().map(letter).take(200).collect();
    if name.starts_with(['.', '-']) { format!("_{name}") } else { name }
}
