//! The answer file of Windows Setup: each setting belongs to a component, and each component to a configuration pass, as Microsoft
//! documents them. Windows ignores a setting in another place, or stops. A stand-in for Setup reads the drives of the guest as Windows
//! PE does; no test has the disc of Microsoft.

use expect_test::expect;
use nixvirt::change::{child, child_text, children_of};
use nixvirt::seed::Seed;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::{project, run};
use pretty_assertions::assert_eq;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// A pass, a component that runs in it, and the settings of the component, which are paths.
const DOCUMENTED: [(&str, &str, &[&str]); 8] = [
    (
        "windowsPE",
        "Microsoft-Windows-International-Core-WinPE",
        &["InputLocale", "SetupUILanguage/UILanguage", "SystemLocale", "UILanguage", "UserLocale"],
    ),
    ("windowsPE", "Microsoft-Windows-PnpCustomizationsWinPE", &["DriverPaths/PathAndCredentials/Path"]),
    (
        "windowsPE",
        "Microsoft-Windows-Setup",
        &[
            "DiskConfiguration/Disk/CreatePartitions/CreatePartition/Extend",
            "DiskConfiguration/Disk/CreatePartitions/CreatePartition/Order",
            "DiskConfiguration/Disk/CreatePartitions/CreatePartition/Size",
            "DiskConfiguration/Disk/CreatePartitions/CreatePartition/Type",
            "DiskConfiguration/Disk/DiskID",
            "DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Format",
            "DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Label",
            "DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Letter",
            "DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Order",
            "DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/PartitionID",
            "DiskConfiguration/Disk/WillWipeDisk",
            "DiskConfiguration/WillShowUI",
            "ImageInstall/OSImage/InstallFrom/MetaData/Key",
            "ImageInstall/OSImage/InstallFrom/MetaData/Value",
            "ImageInstall/OSImage/InstallTo/DiskID",
            "ImageInstall/OSImage/InstallTo/PartitionID",
            "UserData/AcceptEula",
            "UserData/ProductKey/Key",
            "UserData/ProductKey/WillShowUI",
        ],
    ),
    ("specialize", "Microsoft-Windows-Shell-Setup", &["ComputerName", "TimeZone"]),
    ("specialize", "Microsoft-Windows-TerminalServices-LocalSessionManager", &["fDenyTSConnections"]),
    (
        "specialize",
        "Networking-MPSSVC-Svc",
        &[
            "FirewallGroups/FirewallGroup/Active",
            "FirewallGroups/FirewallGroup/Group",
            "FirewallGroups/FirewallGroup/Profile",
        ],
    ),
    (
        "oobeSystem",
        "Microsoft-Windows-International-Core",
        &["InputLocale", "SystemLocale", "UILanguage", "UserLocale"],
    ),
    (
        "oobeSystem",
        "Microsoft-Windows-Shell-Setup",
        &[
            "AutoLogon/Enabled",
            "AutoLogon/LogonCount",
            "AutoLogon/Password/PlainText",
            "AutoLogon/Password/Value",
            "AutoLogon/Username",
            "FirstLogonCommands/SynchronousCommand/CommandLine",
            "FirstLogonCommands/SynchronousCommand/Order",
            "OOBE/HideEULAPage",
            "OOBE/HideOnlineAccountScreens",
            "OOBE/HideWirelessSetupInOOBE",
            "OOBE/ProtectYourPC",
            "UserAccounts/LocalAccounts/LocalAccount/Group",
            "UserAccounts/LocalAccounts/LocalAccount/Name",
            "UserAccounts/LocalAccounts/LocalAccount/Password/PlainText",
            "UserAccounts/LocalAccounts/LocalAccount/Password/Value",
        ],
    ),
];

/// Folders of the discs with VirtIO drivers, for Windows 11.
const DRIVERS: [&str; 3] = ["viostor\\w11\\amd64", "vioscsi\\w11\\amd64", "NetKVM\\w11\\amd64"];

/// The paths of all settings below an element.
fn settings(element: &Element, path: &str, into: &mut BTreeSet<String>) {
    for child in &element.children {
        let path = if path.is_empty() { child.name.clone() } else { format!("{path}/{}", child.name) };
        if child.children.is_empty() {
            into.insert(path);
        } else {
            settings(child, &path, into);
        }
    }
}

fn answer_file() -> Element {
    let path = project().join("tests/modules/a-windows-answer-file/Autounattend.xml");
    xml::element(&fs::read_to_string(path).expect("it can be read")).expect("it is XML")
}

/// The file has every setting that the module can write.
#[test]
fn settings_are_where_windows_looks_for_them() {
    let mut found = Vec::new();
    for pass in &answer_file().children {
        for component in &pass.children {
            let mut paths = BTreeSet::new();
            settings(component, "", &mut paths);
            let name = |element: &Element, name| element.attribute(name).unwrap_or_default().to_owned();
            found.push((name(pass, "pass"), name(component, "name"), paths));
        }
    }
    let documented = DOCUMENTED.map(|(pass, component, paths)| {
        (pass.to_owned(), component.to_owned(), paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>())
    });
    assert_eq!(found, documented);
}

/// Windows Setup takes each path as it is, with the letter of a drive, and numbers of lists start at 1 without a gap.
#[test]
fn drivers_are_looked_for_on_each_drive() {
    let mut paths = Vec::new();
    let mut keys = Vec::new();
    let mut visit = vec![answer_file()];
    while let Some(element) = visit.pop() {
        if element.name == "PathAndCredentials" {
            keys.extend(element.attribute("wcm:keyValue").and_then(|key| key.parse::<usize>().ok()));
            paths.extend(element.children.iter().map(|path| path.text.clone()));
        }
        visit.extend(element.children);
    }
    keys.sort_unstable();
    paths.sort_unstable();
    let mut expected: Vec<_> =
        ["D", "E", "F", "G"].iter().flat_map(|drive| DRIVERS.map(|folder| format!("{drive}:\\{folder}"))).collect();
    expected.sort_unstable();
    assert_eq!(paths, expected);
    assert_eq!(keys, (1..=expected.len()).collect::<Vec<_>>());
}

/// All elements of a name in the answer file, in their order.
fn elements<'f>(file: &'f Element, name: &str) -> Vec<&'f Element> {
    let inner = file.children.iter().flat_map(|child| elements(child, name));
    if file.name == name { vec![file] } else { inner.collect() }
}

/// Windows Setup creates the partitions of a disk in their order, formats each by its number, and installs Windows into one of them.
#[test]
fn setup_divides_the_disks() {
    let file = answer_file();
    let value = |element: &Element, name: &str| child_text(element, name).unwrap_or("-").to_owned();
    let mut table = String::new();
    for disk in elements(&file, "Disk") {
        let created = elements(disk, "CreatePartition");
        let modified = elements(disk, "ModifyPartition");
        assert_eq!(created.len(), modified.len(), "each partition is formatted");
        for (number, (created, modified)) in created.iter().zip(modified).enumerate() {
            let number = (number + 1).to_string();
            let numbers = [value(created, "Order"), value(modified, "Order"), value(modified, "PartitionID")];
            assert_eq!(numbers, [number.as_str(); 3]);
            let size = if value(created, "Extend") == "true" { "rest".to_owned() } else { value(created, "Size") };
            let [format, label, letter] = ["Format", "Label", "Letter"].map(|name| value(modified, name));
            let (disk, kind) = (value(disk, "DiskID"), value(created, "Type"));
            table += &format!("{disk} {number} {kind} {size} {format} {label} {letter}\n");
        }
    }
    expect![[r#"
        0 1 EFI 300 FAT32 - -
        0 2 MSR 16 - - -
        0 3 Primary 61440 NTFS Windows -
        0 4 Primary rest NTFS Data E
        1 1 Primary rest NTFS - -
    "#]]
    .assert_eq(&table);
    let into: Vec<_> =
        elements(&file, "InstallTo").iter().map(|it| [value(it, "DiskID"), value(it, "PartitionID")]).collect();
    assert_eq!(into, [["0", "3"]]);
}

/// The discs are read until the last command, which ejects them. Windows takes no command of more than 1024 characters.
#[test]
fn the_last_command_ejects_the_discs() {
    let file = answer_file();
    let commands = elements(&file, "SynchronousCommand");
    let lines: Vec<_> = commands.iter().filter_map(|command| child_text(command, "CommandLine")).collect();
    let [tools, own, eject] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(tools.contains("/wait %d:\\virtio-win-guest-tools.exe"), "{tools}");
    assert_eq!(*own, "cmd /c echo <done>");
    assert!(eject.contains("EjectMedia") && eject.len() <= 1024, "{eject}");
}

/// Files of the discs with VirtIO drivers.
const DRIVERS_DISC: [&str; 4] = [
    "viostor/w11/amd64/viostor.inf",
    "vioscsi/w11/amd64/vioscsi.inf",
    "NetKVM/w11/amd64/netkvm.inf",
    "virtio-win-guest-tools.exe",
];

/// A drive of the guest.
struct Drive {
    is_cd: bool,
    files: Vec<String>,
}

impl Drive {
    /// Whether the drive has a file. Windows does not distinguish cases.
    fn has(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.files.iter().any(|file| is_it(&file.to_ascii_lowercase()))
    }
}

/// The files in the root of a seed, as mtools read its file system.
fn read_back(seed: &Seed) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let image = folder.path().join("seed");
    fs::write(&image, seed.image(seed.least_size()).expect("it is large enough")).expect("a writable folder");
    let listed = run(Command::new("mdir").arg("-b").arg("-i").arg(&image).arg("::"));
    assert!(listed.succeeded, "{}", listed.stderr);
    listed.stdout.lines().map(|line| line.trim_start_matches("::/").to_owned()).collect()
}

/// The drives of the guest of a template with `unattended` that Windows PE gives letters: an empty disk has no volume.
fn drives() -> Vec<Drive> {
    let path = project().join("tests/modules/windows-unattended/domain.xml");
    let domain = xml::element(&fs::read_to_string(path).expect("it can be read")).expect("it is XML");
    let answers = answer_file().to_string().into_bytes();
    let seed = Seed::new("ANSWERS", BTreeMap::from([("Autounattend.xml".to_owned(), answers)])).expect("a seed");
    let mut drives = Vec::new();
    for disk in children_of(&domain, "devices").iter().filter(|device| device.name == "disk") {
        let part_has = |part: &str, name: &str, value: &str| {
            child(disk, part).and_then(|part| part.attribute(name)).is_some_and(|found| found.contains(value))
        };
        let is_cd = disk.attribute("device") == Some("cdrom");
        let files = if is_cd && part_has("source", "file", "virtio-win") {
            DRIVERS_DISC.map(str::to_owned).to_vec()
        } else if is_cd {
            vec!["setup.exe".to_owned(), "sources/install.wim".to_owned()]
        } else if part_has("target", "bus", "usb") && part_has("target", "removable", "on") {
            read_back(&seed)
        } else {
            continue;
        };
        drives.push(Drive { is_cd, files });
    }
    drives
}

/// The letters of drives in the order in which Windows PE finds them: the letters of discs begin at D, those of others at C. X is the
/// one that Setup runs from.
fn letters<'d>(found: &[&'d Drive]) -> BTreeMap<char, &'d Drive> {
    let mut letters = BTreeMap::new();
    for drive in found {
        let first = if drive.is_cd { 'D' } else { 'C' };
        let free = (first..='W').find(|letter| !letters.contains_key(letter)).expect("a letter is free");
        letters.insert(free, *drive);
    }
    letters
}

/// Setup looks for the answer file in the roots of removable disks, and then of discs, and for drivers at the paths of the file.
#[test]
fn setup_finds_the_answers_and_the_drivers() {
    let drives = drives();
    let [install, drivers, answers] = drives.as_slice() else { panic!("{} drives", drives.len()) };
    let file = answer_file();
    let mut paths = Vec::new();
    let mut visit = vec![file];
    while let Some(element) = visit.pop() {
        if element.name == "PathAndCredentials" {
            paths.extend(element.children.iter().map(|path| path.text.replace('\\', "/").to_ascii_lowercase()));
        }
        visit.extend(element.children);
    }
    for order in [
        [install, drivers, answers],
        [install, answers, drivers],
        [drivers, install, answers],
        [drivers, answers, install],
        [answers, install, drivers],
        [answers, drivers, install],
    ] {
        let letters = letters(&order);
        let by_kind = |is_cd: bool| letters.values().filter(move |drive| drive.is_cd == is_cd);
        let with_answers = by_kind(false).chain(by_kind(true)).find(|drive| drive.has(|it| it == "autounattend.xml"));
        assert!(with_answers.is_some_and(|drive| !drive.is_cd), "the answer file is found");
        let mut found: Vec<_> = paths
            .iter()
            .filter_map(|path| {
                let (letter, folder) = path.split_once(":/")?;
                let drive = letters.get(&letter.to_ascii_uppercase().parse().ok()?)?;
                let is_driver = |it: &str| it.starts_with(folder) && it.ends_with(".inf");
                if drive.has(is_driver) { Some(folder.to_owned()) } else { None }
            })
            .collect();
        found.sort_unstable();
        let mut expected = DRIVERS.map(|folder| folder.replace('\\', "/").to_ascii_lowercase());
        expected.sort_unstable();
        assert_eq!(found, expected, "with the letters {:?}", letters.keys());
    }
}
