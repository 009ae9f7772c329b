//! `nixvirt graph`: a picture of hosts, from a manifest or from libvirt.

use super::manifest_file;
use super::reconcile::DEFAULT_MANIFEST;
use crate::declared;
use crate::error::Error;
use crate::graph::{Graph, GraphObject, HostGraph, dot, mermaid};
use crate::object::Type;
use crate::output::print;
use crate::progress::Progress;
use crate::reconcile::{Connect, Limits, TIMEOUT};
use crate::uri;
use clap::{Args, ValueEnum, ValueHint};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The types of objects that are drawn.
const DRAWN: [Type; 5] = [Type::Network, Type::Pool, Type::Volume, Type::Domain, Type::Snapshot];

/// Options of `nixvirt graph`.
#[derive(Debug, Args)]
pub struct GraphOptions {
    /// Format of the picture. SVG needs Graphviz.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "mermaid")]
    format: PictureFormat,
    /// Manifest whose objects are drawn, if no daemon is named: a JSON file, or - for standard input.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_MANIFEST, conflicts_with = "daemons", value_hint = ValueHint::FilePath)]
    manifest: PathBuf,
    /// Libvirt daemon whose objects are drawn, such as qemu:///system. May be repeated.
    #[arg(long, value_name = "URI", value_parser = uri::parse, conflicts_with = "manifest")]
    connect: Vec<String>,
    /// Libvirt daemons whose objects are drawn. Same as --connect.
    #[arg(value_name = "URI", value_parser = uri::parse)]
    daemons: Vec<String>,
}

/// Formats of pictures.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PictureFormat {
    /// Text for Mermaid.
    Mermaid,
    /// Text for Graphviz.
    Dot,
    /// Picture, which Graphviz draws.
    Svg,
}

impl GraphOptions {
    /// Whether daemons are asked.
    pub fn is_live(&self) -> bool {
        !self.connect.is_empty() || !self.daemons.is_empty()
    }

    fn show(&self, graph: &Graph) -> Result<ExitCode, Error> {
        match self.format {
            PictureFormat::Mermaid => print(&mermaid(graph))?,
            PictureFormat::Dot => print(&dot(graph))?,
            PictureFormat::Svg => print(&drawn(&dot(graph))?)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Draws the objects of a manifest.
pub fn declared(options: &GraphOptions) -> Result<ExitCode, Error> {
    let file = options.manifest.as_path();
    let (manifest, _) = manifest_file::read(file, None)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut hosts = BTreeMap::new();
    for (uri, connection) in &manifest.connections {
        let desired = declared::read(connection, folder, "");
        let objects: Vec<_> = desired.objects.iter().map(|it| GraphObject::declared(&it.id, &it.redacted)).collect();
        hosts.insert(uri.clone(), HostGraph::of(&objects));
    }
    options.show(&Graph { hosts })
}

/// Draws the objects of daemons.
pub fn live(options: &GraphOptions, connect: Connect) -> Result<ExitCode, Error> {
    let progress = Progress::new(false);
    let mut hosts = BTreeMap::new();
    for uri in options.connect.iter().chain(&options.daemons) {
        let connecting = format!("{uri}: connecting");
        let backend = progress.during(connecting, Some(TIMEOUT), || connect(uri, Limits::default()))?;
        let mut objects = backend.list(&BTreeSet::from(DRAWN))?.objects;
        backend.read_each(objects.iter_mut().collect())?;
        let objects: Vec<_> = objects.iter().filter_map(|(id, found)| GraphObject::found(id, found)).collect();
        hosts.insert(uri.clone(), HostGraph::of(&objects));
    }
    options.show(&Graph { hosts })
}

/// Lets Graphviz draw a picture.
fn drawn(text: &str) -> Result<String, Error> {
    let started = Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut dot = started.map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => {
            Error::usage("--format svg needs the program dot of Graphviz, which is not installed")
                .with_hint("install Graphviz, or use --format mermaid")
        }
        _ => Error::system("cannot start dot of Graphviz", cause),
    })?;
    let failed = |cause| Error::system("dot of Graphviz failed", cause);
    if let Some(mut input) = dot.stdin.take() {
        input.write_all(text.as_bytes()).map_err(failed)?;
    }
    let output = dot.wait_with_output().map_err(failed)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Error::system("dot of Graphviz failed", io::Error::other(output.status.to_string())))
    }
}
