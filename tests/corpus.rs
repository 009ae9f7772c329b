//! The XML that libvirt tests itself with survives XML → spec → XML, and the tables know all of it.

use libtest_mimic::{Arguments, Failed, Trial};
use nixvirt_schema::import::import;
use nixvirt_schema::kind::Kind;
use nixvirt_schema::render::render;
use nixvirt_schema::{nix, xml};
use nixvirt_tests::libvirt::{Document, corpus};
use nixvirt_tests::meaning::Meaning;
use nixvirt_tests::{errors, extra, lines};

/// Files that hold what the tables do not take on purpose, so that import keeps it under `extra`, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("qemuxmlconfdata/disk-metadata-cache.xml", "a unit in odd case: kiB"),
    ("qemuxmlconfdata/sparc-minimal.xml", "a unit in odd case: mib"),
];

/// Files that libvirt's schema accepts and our rules refuse, and why: most are of libvirt's own tests of what it refuses.
const REFUSED: &[(&str, &str)] = &[
    ("bhyveargv2xmldata/bhyveargv2xml-ahci-hd.xml", "a PCI address on a SATA disk, which bhyve's converter writes"),
    ("bhyveargv2xmldata/bhyveargv2xml-cdrom.xml", "a PCI address on a SATA disk, which bhyve's converter writes"),
    ("bhyvexml2argvdata/bhyvexml2argv-bhyveload-bootorder5.xml", "a PCI address on a SATA disk"),
    ("bhyvexml2argvdata/bhyvexml2argv-cputopology-nvcpu-mismatch.xml", "CPUs that are not those of the topology"),
    ("qemuxmlconfdata/boot-dev+order.xml", "two ways to order what boots"),
    ("qemuxmlconfdata/disk-address-conflict.xml", "two disks at one address"),
    ("qemuxmlconfdata/disk-fdc-incompatible-address.xml", "a PCI address on a floppy drive"),
    ("qemuxmlconfdata/disk-hostdev-scsi-address-conflict.xml", "a disk and a host device at one address"),
    ("qemuxmlconfdata/disk-ide-incompatible-address.xml", "a PCI address on an IDE disk"),
    ("qemuxmlconfdata/disk-same-targets.xml", "two disks of one name"),
    ("qemuxmlconfdata/disk-sata-incompatible-address.xml", "a PCI address on a SATA disk"),
    ("qemuxmlconfdata/disk-scsi-incompatible-address.xml", "a PCI address on a SCSI disk"),
    ("qemuxmlconfdata/disk-usb-pci.xml", "a PCI address on a USB disk"),
    ("qemuxmlconfdata/hostdevs-drive-address-conflict.xml", "two host devices at one address"),
    ("qemuxmlconfdata/usb-hub-conflict.xml", "two devices on one USB port"),
    ("vmx2xmldata/esx-in-the-wild-12.xml", "two disks of one name, which the converter from VMware writes"),
    ("vmx2xmldata/esx-in-the-wild-8.xml", "two disks of one name, which the converter from VMware writes"),
];

fn main() {
    let trials = Kind::ALL.iter().map(|kind| Trial::test(kind.name(), || check(*kind))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn check(kind: Kind) -> Result<(), Failed> {
    let documents = corpus(kind);
    let wrong: Vec<_> =
        documents.iter().filter_map(|document| Some((document, survives(kind, document).err()?))).collect();
    println!("{}: {} of {} survive", kind.name(), documents.len() - wrong.len(), documents.len());
    if documents.is_empty() {
        return Err("libvirt's tests have no document of this kind".into());
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => {
            Err(wrong.iter().map(|(it, why)| format!("{}: {why}\n", it.path.display())).collect::<String>().into())
        }
    }
}

fn survives(kind: Kind, document: &Document) -> Result<(), String> {
    let spec = import(kind, &document.text).map_err(|why| why.to_string())?;
    let again = render(kind, &spec);
    let is_refused = REFUSED.iter().any(|(file, _)| document.path.ends_with(file));
    match again.report.has_errors() {
        true if is_refused => return Ok(()),
        true => return Err(lines(&errors(again.report))),
        false if is_refused => return Err("it is to be refused, and is not".to_owned()),
        false => {}
    }
    let back = xml::parse(&again.xml).map_err(|why| why.to_string())?;
    if let Some(difference) = Meaning::of(&document.root).difference(&Meaning::of(&back[0])) {
        return Err(difference);
    }
    let is_exception = EXCEPTIONS.iter().any(|(file, _)| document.path.ends_with(file));
    match extra(spec.root()) {
        Some(extra) if !is_exception => Err(format!("the tables do not know {}", nix::print(extra))),
        None if is_exception => Err("it is an exception, and needs not be".to_owned()),
        _ => Ok(()),
    }
}
