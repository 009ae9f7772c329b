//! `nixvirt import`: the specs of libvirt XML, from files or from a libvirt daemon.

pub mod host;

use super::files::{are_several, read_all};
use crate::brief::brief;
use crate::cli::failure_if;
use crate::error::Error;
use crate::input::{Input, STDIN};
use crate::inventory::Observed;
use crate::message;
use crate::object::{Id, Type};
use crate::output::{print, print_json};
use crate::ownership::remove_owner;
use crate::plan::stored;
use crate::progress::Progress;
use crate::reconcile::{Connect, Limits, TIMEOUT};
use crate::uri::{self, Mistake};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::engine::{import, nix, xml};
use nixvirt_schema::kind::{Kind, import_any};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `nixvirt import`.
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// Kind of the objects [default: domain for a daemon, and the kind of the XML for a file].
    #[arg(long, value_name = "KIND", value_parser = kind())]
    kind: Option<Kind>,
    /// Leave out what libvirt fills in again: defaults, addresses, the controllers that devices need, the version of the
    /// machine type.
    ///
    /// An existing guest keeps these values when the brief spec is applied. For a new guest, libvirt chooses the newest version
    /// of the machine type, and addresses in the order of the devices.
    #[arg(long)]
    brief: bool,
    /// Print JSON instead of Nix.
    #[arg(long)]
    json: bool,
    /// Write declarations of all objects of a daemon to the folder that --to names: brief specs, a module and a flake. No file is
    /// overwritten.
    #[arg(long, requires = "to", conflicts_with_all = ["kind", "brief", "json"])]
    all: bool,
    /// Folder for the declarations of --all. It is created if it is missing.
    #[arg(long, value_name = "DIR", requires = "all", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,
    /// XML files, folders with XML files, - for standard input, or the URI of one libvirt daemon.
    ///
    /// The URI of a daemon, such as qemu:///system, means all its objects of the kind. A URI with a name, such as
    /// qemu:///system/web, means one object.
    #[arg(value_name = "FILE|URI[/NAME]", required = true, value_hint = ValueHint::AnyPath)]
    sources: Vec<PathBuf>,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(names).try_map(|name| Kind::named(&name).ok_or("unknown kind"))
}

impl ImportOptions {
    /// Returns the daemon to read from, if one is named.
    pub fn address(&self) -> Result<Option<LibvirtAddress<'_>>, Error> {
        let mut addresses = self.sources.iter().filter_map(|source| LibvirtAddress::parse(source.to_str()?));
        match (addresses.next(), self.sources.len()) {
            (Some(_), 2..) => Err(Error::usage("a libvirt daemon must be the only source of `nixvirt import`")),
            (Some(address), _) => match uri::mistake(address.uri) {
                None => Ok(Some(address)),
                Some(Mistake { message, meant }) => {
                    Err(Error::usage(message).with_hint(format!("did you mean {meant:?}?")))
                }
            },
            (None, _) => Ok(None),
        }
    }

    fn read(&self, kind: Option<Kind>, Input { name, text }: &Input) -> Result<Spec<'static>, Error> {
        let brief = if self.brief { xml::element(text).map(|definition| brief(&definition).to_string()) } else { None };
        let text = brief.as_ref().unwrap_or(text);
        let spec = match kind {
            Some(kind) => import::import(kind, text),
            None => import_any(text).map(|(_, spec)| spec),
        };
        spec.map_err(|cause| {
            if text.trim_start().starts_with('{') {
                Error::input(format!("{name} is not XML")).with_hint("`nixvirt render` prints the XML of a spec")
            } else {
                Error::input(name).caused_by(cause)
            }
        })
    }

    fn print(&self, spec: &Spec<'_>) -> Result<(), Error> {
        if self.json { print_json(&spec.root()) } else { print(&nix::print(spec.root())) }
    }

    /// Prints specs as one set, by name.
    fn print_all(&self, specs: &BTreeMap<String, Spec<'_>>) -> Result<(), Error> {
        let named = specs.iter().map(|(name, spec)| (name.as_str(), spec.root()));
        if self.json { print_json(&named.collect::<BTreeMap<_, _>>()) } else { print(&nix::print_all(named)) }
    }
}

/// Prints the specs of files.
pub fn files(options: &ImportOptions) -> Result<ExitCode, Error> {
    if options.all {
        let hint = "name it by its URI, such as qemu:///system";
        return Err(Error::usage("--all requires a libvirt daemon").with_hint(hint));
    }
    let mut specs = BTreeMap::new();
    let mut has_failed = false;
    let files = read_all(&options.sources, "xml");
    for (file, input) in files {
        let name =
            if file == STDIN { Some("stdin") } else { Path::new(&file).file_stem().and_then(|stem| stem.to_str()) };
        let name = name.unwrap_or(&file).to_owned();
        let added = input.and_then(|input| options.read(options.kind, &input)).and_then(|spec| {
            match specs.insert(name, spec) {
                None => Ok(()),
                Some(_) => Err(Error::usage(format!("cannot import {file}: another file has the same name"))),
            }
        });
        if let Err(error) = added {
            message::error(&error);
            has_failed = true;
        }
    }
    match specs.first_key_value() {
        _ if are_several(&options.sources) => options.print_all(&specs)?,
        Some((_, spec)) => options.print(spec)?,
        None => {}
    }
    Ok(failure_if(has_failed))
}

/// Prints the specs of a daemon's objects: of the one that is named, or of all, by name.
pub fn daemon(options: &ImportOptions, address: &LibvirtAddress<'_>, connect: Connect) -> Result<ExitCode, Error> {
    if let Some(folder) = &options.to {
        return match address.name {
            None => host::write(address.uri, folder, connect),
            Some(_) => Err(Error::usage("--all imports a whole daemon, and the URI names one object")
                .with_hint(format!("use {}", address.uri))),
        };
    }
    let kind = options.kind.unwrap_or(Kind::Domain);
    let listed = [Type::Domain, Type::Network, Type::Nwfilter, Type::Pool, Type::Secret];
    let of_type = listed.into_iter().find(|of_type| of_type.kind() == kind);
    let of_type = of_type.ok_or_else(|| {
        let what = format!("{}s cannot be read from a libvirt daemon", kind.name());
        Error::usage(what).with_hint("pipe the XML of the object to `nixvirt import -`")
    })?;
    let progress = Progress::new(false);
    let connecting = format!("{}: connecting", address.uri);
    let backend = progress.during(connecting, Some(TIMEOUT), || connect(address.uri, Limits::default()))?;
    let reading = format!("{}: reading objects", address.uri);
    let _shown = progress.wait(reading, None);
    let mut objects = backend.list(&BTreeSet::from([of_type]))?.objects;
    let read_object = |id: &Id, mut found: Observed| {
        backend.read(id, &mut found)?;
        let text = declarable(id, &found).map(|it| it.to_string()).unwrap_or_default();
        options.read(Some(kind), &Input { name: id.name.clone(), text })
    };
    if let Some(name) = address.name {
        let id = Id::new(of_type, name);
        let found = objects
            .remove(&id)
            .ok_or_else(|| Error::usage(format!("there is no {} {name:?} at {}", kind.name(), address.uri)))?;
        options.print(&read_object(&id, found)?)?;
    } else {
        let mut specs = BTreeMap::new();
        for (id, found) in objects {
            let spec = read_object(&id, found)?;
            specs.insert(id.name, spec);
        }
        options.print_all(&specs)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns what a declaration of an object needs of its definition, and warns of the secrets that it lacks.
fn declarable(id: &Id, found: &Observed) -> Option<Element> {
    if found.with_secrets.is_some() {
        message::warning(format!("{id} has secrets, such as a console password, which are not imported"));
        message::hint("`nixvirt apply` keeps a console password that is not declared");
    }
    let mut definition = stored(found.definition.clone()?);
    remove_owner(&mut definition);
    Some(definition)
}

/// A libvirt daemon, or one of its objects.
pub struct LibvirtAddress<'a> {
    uri: &'a str,
    name: Option<&'a str>,
}

impl<'a> LibvirtAddress<'a> {
    /// Parses an address: `qemu:///system` or `qemu:///system/web`. Other texts name files.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        match path.rsplit_once('/') {
            Some((_, "")) => Some(LibvirtAddress { uri: &text[..text.len() - 1], name: None }),
            // The URI of libvirt's test driver may end with a file.
            Some((_, name)) if !name.ends_with(".xml") && !name.contains('?') => {
                Some(LibvirtAddress { uri: &text[..text.len() - name.len() - 1], name: Some(name) })
            }
            _ => Some(LibvirtAddress { uri: text, name: None }),
        }
    }
}
