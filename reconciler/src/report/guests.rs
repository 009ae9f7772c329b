//! What `list` prints: the guests of a connection, or of several.

use super::text::{BOLD, GREEN, YELLOW, line, painted, write_connection_error};
use crate::change::human_size;
use crate::error::{Error, ErrorMessage};
use crate::guest::{Address, Facts, GuestDisk, GuestState};
use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the JSON that `list` prints.
pub const VERSION: u32 = 1;

/// The guests of a connection, or of several.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guests {
    /// The version of this format: 1.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// The URI of the libvirt daemon. Null with `--manifest`.
    pub uri: Option<String>,
    /// Error that stopped the command, such as a daemon that cannot be reached.
    pub error: Option<ErrorMessage>,
    /// The guests, by name.
    pub guests: Vec<Guest>,
    /// With `--manifest`, the errors of connections that could not be asked, by URI.
    pub errors: BTreeMap<String, ErrorMessage>,
}

/// A guest.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guest {
    /// Name of the domain.
    pub name: String,
    /// URI of the libvirt daemon that has the guest.
    pub uri: String,
    /// UUID of the domain.
    pub uuid: String,
    /// State of the guest.
    pub state: GuestState,
    /// Unix time in seconds at which the guest started; null if the guest is off, or if the daemon is on another host.
    pub since: Option<u64>,
    /// Addresses of the guest. The most reliable source comes first.
    pub addresses: Vec<Address>,
    /// Memory of the guest in KiB. For a running guest, the memory that its balloon leaves to the guest.
    pub memory: u64,
    /// Number of virtual CPUs.
    pub vcpus: u32,
    /// Disks of the guest.
    pub disks: Vec<GuestDisk>,
    /// Whether the guest agent is connected.
    pub agent: bool,
    /// Whether a change of the definition takes effect at the next start of the guest.
    pub pending: bool,
    /// Whether libvirt keeps the definition when the guest stops.
    pub persistent: bool,
}

/// The JSON Schema of what `list` prints.
pub fn schema() -> serde_json::Value {
    super::printed::<Guests>().to_value()
}

impl Guests {
    /// The report of the guests of a connection.
    pub fn new(uri: &str, facts: Vec<Facts>) -> Self {
        Guests { uri: Some(uri.to_owned()), ..Guests::of_each([(uri.to_owned(), Ok(facts))]) }
    }

    /// The report of the guests of several connections.
    pub fn of_each(connections: impl IntoIterator<Item = (String, Result<Vec<Facts>, Error>)>) -> Self {
        let (mut guests, mut errors) = (Vec::new(), BTreeMap::new());
        for (uri, facts) in connections {
            match facts {
                Ok(facts) => guests.extend(facts.into_iter().map(|facts| Guest::new(&uri, facts))),
                Err(error) => drop(errors.insert(uri, error.into())),
            }
        }
        guests.sort_by(|one: &Guest, other| (&one.name, &one.uri).cmp(&(&other.name, &other.uri)));
        Guests { version: VERSION, uri: None, error: None, guests, errors }
    }

    /// A report of nothing but an error.
    pub fn failed(uri: Option<&str>, error: ErrorMessage) -> Self {
        Guests { uri: uri.map(str::to_owned), error: Some(error), ..Guests::of_each([]) }
    }

    /// The report as a table, at this Unix time in seconds. The text is colored.
    pub fn text(&self, now: u64) -> String {
        match &self.uri {
            Some(uri) if self.guests.is_empty() => return format!("{uri} has no guests\n"),
            _ => {}
        }
        let head = COLUMNS.map(|name| (name.to_owned(), BOLD)).to_vec();
        let mut rows: Vec<_> = [head].into_iter().chain(self.guests.iter().map(|guest| guest.row(now))).collect();
        if self.uri.is_none() {
            let uris = self.guests.iter().map(|guest| (guest.uri.clone(), Style::new()));
            let uris = [("CONNECTION".to_owned(), BOLD)].into_iter().chain(uris);
            rows.iter_mut().zip(uris).for_each(|(row, uri)| row.insert(1, uri));
        }
        let width = |at: usize| rows.iter().map(|row| row[at].0.chars().count()).max().unwrap_or_default();
        let widths: Vec<_> = (0..rows[0].len()).map(width).collect();
        let mut text = String::new();
        let mut write = |row: &[Cell]| {
            let cells = row.iter().zip(&widths).map(|((cell, style), width)| {
                let padding = " ".repeat(width - cell.chars().count());
                painted(*style, cell) + &padding
            });
            line(&mut text, format_args!("{}", cells.collect::<Vec<_>>().join("  ").trim_end()));
        };
        rows.iter().for_each(|row| write(row));
        for (uri, error) in &self.errors {
            line(&mut text, format_args!("{}", painted(BOLD, uri)));
            write_connection_error(error, &mut text);
        }
        text
    }
}

const COLUMNS: [&str; 7] = ["NAME", "STATE", "ADDRESS", "MEMORY", "VCPUS", "DISKS", "UP"];

type Cell = (String, Style);

impl Guest {
    fn new(uri: &str, facts: Facts) -> Self {
        Guest {
            uri: uri.to_owned(),
            disks: facts.disks(),
            agent: facts.has_agent(),
            pending: facts.is_pending(),
            persistent: facts.definition.is_some(),
            name: facts.name,
            uuid: facts.uuid,
            state: facts.state,
            since: facts.since,
            addresses: facts.addresses,
            memory: facts.memory,
            vcpus: facts.vcpus,
        }
    }

    fn row(&self, now: u64) -> Vec<Cell> {
        let plain = |text: String| (text, Style::new());
        let state = match (self.state, self.pending) {
            (state, true) => (format!("{}, pending restart", state.words()), YELLOW),
            (GuestState::Running, false) => (self.state.words().to_owned(), GREEN),
            (state, false) => plain(state.words().to_owned()),
        };
        let addresses: Vec<_> = self.addresses.iter().map(|address| address.ip.to_string()).collect();
        let drives = self.disks.iter().filter(|disk| disk.source.is_some());
        let disks: Vec<_> = drives.map(|disk| disk.target.as_str()).collect();
        let up = self.since.map(|since| duration(now.saturating_sub(since))).unwrap_or_default();
        vec![
            (self.name.clone(), BOLD),
            state,
            plain(addresses.join(", ")),
            plain(human_size(self.memory.saturating_mul(1024))),
            plain(self.vcpus.to_string()),
            plain(disks.join(", ")),
            plain(up),
        ]
    }
}

/// A time span in its two largest units.
pub(super) fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let largest = UNITS.iter().position(|(length, _)| seconds >= *length).unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (length, unit) in UNITS.into_iter().skip(largest).take(2) {
        let count = rest / length;
        rest %= length;
        if count > 0 || parts.is_empty() {
            parts.push(format!("{count} {unit}"));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::AddressSource;
    use expect_test::{expect, expect_file};
    use nixvirt_schema::engine::xml;

    #[test]
    fn the_published_schema_is_current() {
        expect_file!["../../../schema/json/guests.json"].assert_eq(&format!("{:#}\n", schema()));
    }

    #[test]
    fn durations() {
        let shown = [0, 59, 60, 61, 3_600, 3_660, 90_000, 86_400 * 30 + 59].map(duration);
        expect!["0 s; 59 s; 1 min; 1 min 1 s; 1 h; 1 h 1 min; 1 d 1 h; 30 d"].assert_eq(&shown.join("; "));
    }

    #[test]
    fn guests_of_several_connections() {
        let web = Facts { name: "web".to_owned(), memory: 1 << 20, vcpus: 1, ..Facts::default() };
        let there = [("qemu+ssh://beta/system".to_owned(), Ok(vec![web.clone()]))];
        let here = [("qemu:///system".to_owned(), Ok(vec![web]))];
        let gone = [("qemu+ssh://gone/system".to_owned(), Err(Error::connection("no answer in 60 s")))];
        let guests = Guests::of_each(there.into_iter().chain(here).chain(gone));
        let text = anstream::adapter::strip_str(&guests.text(0)).to_string();
        expect![[r#"
            NAME  CONNECTION              STATE  ADDRESS  MEMORY  VCPUS  DISKS  UP
            web   qemu+ssh://beta/system  off             1 GiB   1
            web   qemu:///system          off             1 GiB   1
            qemu+ssh://gone/system
              error: no answer in 60 s
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn a_table_of_guests() {
        let definition = |title: &str| {
            xml::element(&format!(
                "<domain type='qemu'><name>web</name>{title}<memory>262144</memory><devices>
                 <disk type='file' device='disk'><source file='/a.qcow2'/><target dev='vda'/></disk>
                 <disk type='file' device='cdrom'><target dev='sda'/></disk>
                 <disk type='volume' device='disk'><source pool='p' volume='v'/><target dev='vdb'/></disk></devices></domain>"
            ))
        };
        let address =
            |ip: &str| Address { ip: ip.parse().expect("an address"), mac: None, source: AddressSource::Lease };
        let web = Facts {
            name: "web".to_owned(),
            state: GuestState::Running,
            memory: 262_144,
            vcpus: 2,
            since: Some(1_000),
            definition: definition("<title>new</title>"),
            live: definition(""),
            addresses: vec![address("192.168.122.7"), address("fd00::7")],
            ..Facts::default()
        };
        let off = Facts { name: "an-old-one".to_owned(), memory: 1 << 20, vcpus: 1, ..Facts::default() };
        let guests = Guests::new("qemu:///system", vec![web, off]);
        let text = anstream::adapter::strip_str(&guests.text(1_125)).to_string();
        expect![[r#"
            NAME        STATE                     ADDRESS                 MEMORY   VCPUS  DISKS     UP
            an-old-one  off                                               1 GiB    1
            web         running, pending restart  192.168.122.7, fd00::7  256 MiB  2      vda, vdb  2 min 5 s
        "#]]
        .assert_eq(&text);
    }
}
