//! `<throttlegroups>`: [Disk throttle group management](https://libvirt.org/formatdomain.html#disk-throttle-group-management).

use crate::engine::problem::Report;
use crate::engine::scalar::InUnit;
use crate::engine::value::Data;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// Named I/O limits that disks refer to in their throttle filters.
#[element]
pub struct Throttlegroups {
    /// Set of I/O limits. Disks refer to the set by its `group_name`.
    pub throttlegroup: Vec<IoTune>,
}

/// Number of bytes.
type Bytes = InUnit<u64, 1>;

/// I/O limits for reads and writes. Each limit is either a total or separate for reads and writes.
#[element(rules)]
pub struct IoTune {
    /// Maximum number of bytes read and written per second, combined.
    #[child]
    pub total_bytes_sec: Option<Bytes>,
    /// Maximum number of bytes read per second.
    #[child]
    pub read_bytes_sec: Option<Bytes>,
    /// Maximum number of bytes written per second.
    #[child]
    pub write_bytes_sec: Option<Bytes>,
    /// Maximum number of read and write operations per second, combined.
    #[child]
    pub total_iops_sec: Option<u64>,
    /// Maximum number of read operations per second.
    #[child]
    pub read_iops_sec: Option<u64>,
    /// Maximum number of write operations per second.
    #[child]
    pub write_iops_sec: Option<u64>,
    /// Maximum number of bytes read and written per second during a burst, combined.
    #[child]
    pub total_bytes_sec_max: Option<Bytes>,
    /// Maximum number of bytes read per second during a burst.
    #[child]
    pub read_bytes_sec_max: Option<Bytes>,
    /// Maximum number of bytes written per second during a burst.
    #[child]
    pub write_bytes_sec_max: Option<Bytes>,
    /// Maximum number of read and write operations per second during a burst, combined.
    #[child]
    pub total_iops_sec_max: Option<u64>,
    /// Maximum number of read operations per second during a burst.
    #[child]
    pub read_iops_sec_max: Option<u64>,
    /// Maximum number of write operations per second during a burst.
    #[child]
    pub write_iops_sec_max: Option<u64>,
    /// Number of bytes that count as one operation. A larger request counts as several operations.
    #[child]
    pub size_iops_sec: Option<Bytes>,
    /// Name of the group whose members share the I/O limits.
    #[child]
    pub group_name: Option<String>,
    /// Maximum duration of a burst of `total_bytes_sec_max`, in seconds.
    #[child]
    pub total_bytes_sec_max_length: Option<u64>,
    /// Maximum duration of a burst of `read_bytes_sec_max`, in seconds.
    #[child]
    pub read_bytes_sec_max_length: Option<u64>,
    /// Maximum duration of a burst of `write_bytes_sec_max`, in seconds.
    #[child]
    pub write_bytes_sec_max_length: Option<u64>,
    /// Maximum duration of a burst of `total_iops_sec_max`, in seconds.
    #[child]
    pub total_iops_sec_max_length: Option<u64>,
    /// Maximum duration of a burst of `read_iops_sec_max`, in seconds.
    #[child]
    pub read_iops_sec_max_length: Option<u64>,
    /// Maximum duration of a burst of `write_iops_sec_max`, in seconds.
    #[child]
    pub write_iops_sec_max_length: Option<u64>,
}

/// Limits that exclude each other: the one for all, and those for reads and writes.
const LIMITS: [[&str; 3]; 6] = [
    ["total_bytes_sec", "read_bytes_sec", "write_bytes_sec"],
    ["total_iops_sec", "read_iops_sec", "write_iops_sec"],
    ["total_bytes_sec_max", "read_bytes_sec_max", "write_bytes_sec_max"],
    ["total_iops_sec_max", "read_iops_sec_max", "write_iops_sec_max"],
    ["total_bytes_sec_max_length", "read_bytes_sec_max_length", "write_bytes_sec_max_length"],
    ["total_iops_sec_max_length", "read_iops_sec_max_length", "write_iops_sec_max_length"],
];

impl View<'_, IoTune> {
    fn rules(self, report: &mut Report<'_>) {
        let limit = |name| self.value().attribute(name).filter(|limit| *limit.data() != Data::Null);
        for [total, parts @ ..] in LIMITS {
            if limit(total).is_none() {
                continue;
            }
            for part in parts.into_iter().filter_map(limit) {
                let message = format!("`{}` conflicts with `{total}`: remove one of them", part.key());
                report.error(part, "iotune-total-and-part", message);
            }
        }
    }
}
