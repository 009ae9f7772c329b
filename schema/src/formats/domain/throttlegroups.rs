//! `<throttlegroups>`: [Disk throttle group management](https://libvirt.org/formatdomain.html#disk-throttle-group-management).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::element;

/// Named limits, which disks refer to by their throttle filters.
#[element]
pub struct Throttlegroups {
    /// One set of limits; its `group_name` is the name to refer to.
    pub throttlegroup: Vec<IoTune>,
}

/// How fast data may be read and written. For each limit either the total is given, or reads and writes apart.
#[element(rules)]
pub struct IoTune {
    /// Most bytes a second, read and written together.
    #[child]
    pub total_bytes_sec: Option<u64>,
    /// Most bytes read a second.
    #[child]
    pub read_bytes_sec: Option<u64>,
    /// Most bytes written a second.
    #[child]
    pub write_bytes_sec: Option<u64>,
    /// Most operations a second, reads and writes together.
    #[child]
    pub total_iops_sec: Option<u64>,
    /// Most read operations a second.
    #[child]
    pub read_iops_sec: Option<u64>,
    /// Most write operations a second.
    #[child]
    pub write_iops_sec: Option<u64>,
    /// Most bytes a second during a burst, read and written together.
    #[child]
    pub total_bytes_sec_max: Option<u64>,
    /// Most bytes read a second during a burst.
    #[child]
    pub read_bytes_sec_max: Option<u64>,
    /// Most bytes written a second during a burst.
    #[child]
    pub write_bytes_sec_max: Option<u64>,
    /// Most operations a second during a burst, reads and writes together.
    #[child]
    pub total_iops_sec_max: Option<u64>,
    /// Most read operations a second during a burst.
    #[child]
    pub read_iops_sec_max: Option<u64>,
    /// Most write operations a second during a burst.
    #[child]
    pub write_iops_sec_max: Option<u64>,
    /// How many bytes count as one operation; a larger request counts as several.
    #[child]
    pub size_iops_sec: Option<u64>,
    /// The name of the group whose members share these limits.
    #[child]
    pub group_name: Option<String>,
    /// How many seconds a burst of `total_bytes_sec_max` may last.
    #[child]
    pub total_bytes_sec_max_length: Option<u64>,
    /// How many seconds a burst of `read_bytes_sec_max` may last.
    #[child]
    pub read_bytes_sec_max_length: Option<u64>,
    /// How many seconds a burst of `write_bytes_sec_max` may last.
    #[child]
    pub write_bytes_sec_max_length: Option<u64>,
    /// How many seconds a burst of `total_iops_sec_max` may last.
    #[child]
    pub total_iops_sec_max_length: Option<u64>,
    /// How many seconds a burst of `read_iops_sec_max` may last.
    #[child]
    pub read_iops_sec_max_length: Option<u64>,
    /// How many seconds a burst of `write_iops_sec_max` may last.
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
                let message =
                    format!("cannot stand beside {}: limit the total, or reads and writes apart", total.value().key());
                report.error(part.value(), "iotune-total-and-part", message);
            }
        }
    }
}
