//! The state directory.

use super::Process;
use crate::error::ErrorMessage;
use crate::state::{StateDirectory, UnreadableRecord};

/// The state directory, and the records of the connection in it.
#[derive(Clone, Debug)]
pub struct State {
    /// The folder.
    pub folder: String,
    /// Whether the folder exists.
    pub exists: bool,
    /// The number of records, and those that cannot be read; an error if the folder cannot be read, or is not safe.
    pub records: Result<(usize, Vec<UnreadableRecord>), ErrorMessage>,
    /// The folder of root's records, if there are some for this connection's daemon and this process is not root.
    pub folder_of_root: Option<String>,
}

/// Where root's records are.
const OF_ROOT: &str = "/var/lib/nixvirt";

/// Reads the records.
pub fn read(process: &Process) -> State {
    let folder = process.at(&process.state);
    let read = StateDirectory::new(Some(folder.clone())).and_then(|directory| directory.of(&process.uri).read());
    let of_root = !process.is_root() && !process.is_session() && process.exists(OF_ROOT);
    State {
        folder: process.state.display().to_string(),
        exists: folder.exists(),
        records: read.map(|stored| (stored.records.len(), stored.unreadable)).map_err(ErrorMessage::from),
        folder_of_root: if of_root { Some(OF_ROOT.to_owned()) } else { None },
    }
}
