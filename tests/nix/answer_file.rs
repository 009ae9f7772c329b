//! The answer file of Windows Setup: each setting belongs to a component, and each component to a configuration pass, as Microsoft
//! documents them. Windows ignores a setting in another place, or stops.

use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_tests::project;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;

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
