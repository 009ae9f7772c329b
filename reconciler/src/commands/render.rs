//! `nixvirt render`: the XML of specs, or their documents for Kubernetes.

use super::document::Document;
use super::kubevirt::{Converter, KubevirtOptions};
use super::spec::{Checked, FileOptions, How, Tally};
use crate::cli::failure_if;
use crate::error::Error;
use crate::input::STDIN;
use crate::message;
use crate::output::print;
use clap::{Args, ValueEnum, ValueHint};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `nixvirt render`.
#[derive(Debug, Args)]
pub struct RenderOptions {
    /// Format of the result.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "xml")]
    to: RenderFormat,
    /// Write the result of each spec to a file in this folder, named after the spec's file.
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output: Option<PathBuf>,
    /// Print the XML even if rules report errors. Errors of types are never ignored.
    #[arg(long, alias = "in-spite-of-rules", conflicts_with = "deny_warnings")]
    ignore_rules: bool,
    #[command(flatten)]
    files: FileOptions,
    #[command(flatten)]
    kubevirt: KubevirtOptions,
}

/// Formats of the result.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum RenderFormat {
    /// XML for libvirt.
    Xml,
    /// Documents for KubeVirt, as YAML: domains only.
    Kubevirt,
    /// Documents for KubeVirt, as JSON: domains only.
    KubevirtJson,
}

impl RenderFormat {
    fn extension(self) -> &'static str {
        match self {
            RenderFormat::Xml => "xml",
            RenderFormat::Kubevirt => "yaml",
            RenderFormat::KubevirtJson => "json",
        }
    }
}

/// Prints or writes the results of all specs.
pub fn run(RenderOptions { to, output, ignore_rules, files, kubevirt }: &RenderOptions) -> Result<ExitCode, Error> {
    let mut tally = Tally::default();
    let mut target = match output {
        Some(folder) => Output::folder(folder, to.extension())?,
        None => Output::StandardOutput,
    };
    let mut has_failed = false;
    let mut converter = Converter::new(kubevirt, *to == RenderFormat::KubevirtJson);
    let mut how = How { ignore_rules: *ignore_rules, ..How::default() };
    for (file, input) in files.read() {
        let checked = input.and_then(|input| Ok((Checked::new(files, &input, &mut how)?, input)));
        let checked = checked.map_err(|invalid| invalid.error).and_then(|(checked, input)| match to {
            RenderFormat::Xml => Ok(checked),
            RenderFormat::Kubevirt | RenderFormat::KubevirtJson => converter.converted(checked, &input),
        });
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => {
                tally.add_invalid();
                message::error(&error);
                has_failed = true;
                continue;
            }
        };
        tally.add(&checked.problems);
        checked.report();
        if checked.document == Document::Manifest {
            let error = Error::usage(format!("{file} is a manifest, which has no XML of its own"));
            message::error(&error.with_hint("render the specs, or see the changes with `nixvirt plan --diff`"));
            tally.add_error();
            has_failed = true;
            continue;
        }
        match checked.xml {
            Some(xml) if !files.deny_warnings || checked.problems.is_empty() => {
                if let Err(error) = target.write(&file, &xml) {
                    message::error(&error);
                    tally.add_error();
                    has_failed = true;
                }
            }
            _ => has_failed = true,
        }
    }
    if *to != RenderFormat::Xml {
        let unused = converter.report_unused();
        tally.add_warnings(unused);
        has_failed |= files.deny_warnings && unused > 0;
    }
    tally.report(files);
    Ok(failure_if(has_failed))
}

/// Where results go.
enum Output {
    StandardOutput,
    /// A folder, the extension of its files, and the files written so far with what each was made from.
    Folder(PathBuf, &'static str, BTreeMap<PathBuf, String>),
}

impl Output {
    fn folder(path: &Path, extension: &'static str) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|cause| Error::file("create", path, cause))?;
        Ok(Output::Folder(path.to_owned(), extension, BTreeMap::new()))
    }

    fn write(&mut self, source: &str, text: &str) -> Result<(), Error> {
        let Output::Folder(folder, extension, written) = self else { return print(text) };
        let stem = Path::new(source).file_stem().filter(|_| source != STDIN);
        let stem = stem.ok_or_else(|| Error::usage("standard input has no file name, which --output needs"))?;
        let file = folder.join(stem).with_extension(extension);
        if let Some(other) = written.get(&file) {
            let what =
                format!("cannot write the result of {source}: {} already has the result of {other}", file.display());
            return Err(Error::usage(what).with_hint("rename one of them, or use another folder for --output"));
        }
        fs::write(&file, text).map_err(|cause| Error::file("write", &file, cause))?;
        written.insert(file, source.to_owned());
        Ok(())
    }
}
