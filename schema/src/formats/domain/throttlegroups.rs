//! `<throttlegroups>`: [Disk throttle group management](https://libvirt.org/formatdomain.html#disk-throttle-group-management).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// Named I/O limits that disks refer to in their throttle filters.
#[element]
pub struct Throttlegroups {
    /// Set of I/O limits. Disks refer to the set by its `group_name`.
    pub throttlegroup: Vec<IoTune>,
}

/// I/O limits for reads and writes. Each limit is either a total or separate for reads and writes.
#[element(rules)]
pub struct IoTune {
    /// Maximum number of bytes read and written per second, combined.
    #[child]
    pub total_bytes_sec: Option<u64>,
    /// Maximum number of bytes read per second.
    #[child]
    pub read_bytes_sec: Option<u64>,
    /// Maximum number of bytes written per second.
    #[child]
    pub write_bytes_sec: Option<u64>,
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
    pub total_bytes_sec_max: Option<u64>,
    /// Maximum number of bytes read per second during a burst.
    #[child]
    pub read_bytes_sec_max: Option<u64>,
    /// Maximum number of bytes written per second during a burst.
    #[child]
    pub write_bytes_sec_max: Option<u64>,
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
    pub size_iops_sec: Option<u64>,
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

impl View<'_, IoTune> {
    fn rules(self, report: &mut Report<'_>) {
        let limits = [
            (self.total_bytes_sec(), self.read_bytes_sec(), self.write_bytes_sec()),
            (self.total_iops_sec(), self.read_iops_sec(), self.write_iops_sec()),
            (self.total_bytes_sec_max(), self.read_bytes_sec_max(), self.write_bytes_sec_max()),
            (self.total_iops_sec_max(), self.read_iops_sec_max(), self.write_iops_sec_max()),
            (self.total_bytes_sec_max_length(), self.read_bytes_sec_max_length(), self.write_bytes_sec_max_length()),
            (self.total_iops_sec_max_length(), self.read_iops_sec_max_length(), self.write_iops_sec_max_length()),
        ];
        for (total, read, write) in limits {
            let Some(total) = total else { continue };
            for part in read.into_iter().chain(write) {
                let (part_name, total_name) = (part.value().key(), total.value().key());
                let message = format!("`{part_name}` conflicts with `{total_name}`: remove one of them");
                report.error(part.value(), "iotune-total-and-part", message);
            }
        }
    }
}
