//! Sizes of memory and storage.

use crate::engine::problem::Report;
use crate::engine::scalar::Either;
use crate::engine::size::{self, SizeUnitInAnyCase};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, values};

/// Amount of memory or storage.
#[element(rules)]
pub struct Size {
    /// Unit of the number. Defaults to `KiB` for memory and to bytes for storage, unless the description of the element
    /// names another unit.
    #[unit]
    pub unit: Option<AnySizeUnit>,
    /// Number of units.
    #[text]
    pub count: u64,
}

/// Unit of memory or storage, in upper or lower case.
pub type AnySizeUnit = Either<SizeUnit, SizeUnitInAnyCase>;

/// Unit of memory or storage.
#[values]
pub enum SizeUnit {
    /// Byte.
    #[xml = "B"]
    B,
    /// Byte.
    Byte,
    /// Byte.
    Bytes,
    /// 1024 bytes.
    #[xml = "K"]
    K,
    /// 1000 bytes.
    #[xml = "KB"]
    Kb,
    /// 1024 bytes.
    #[xml = "KiB"]
    Kib,
    /// 1024² bytes.
    #[xml = "M"]
    M,
    /// 1000² bytes.
    #[xml = "MB"]
    Mb,
    /// 1024² bytes.
    #[xml = "MiB"]
    Mib,
    /// 1024³ bytes.
    #[xml = "G"]
    G,
    /// 1000³ bytes.
    #[xml = "GB"]
    Gb,
    /// 1024³ bytes.
    #[xml = "GiB"]
    Gib,
    /// 1024⁴ bytes.
    #[xml = "T"]
    T,
    /// 1000⁴ bytes.
    #[xml = "TB"]
    Tb,
    /// 1024⁴ bytes.
    #[xml = "TiB"]
    Tib,
    /// 1024⁵ bytes.
    #[xml = "P"]
    P,
    /// 1000⁵ bytes.
    #[xml = "PB"]
    Pb,
    /// 1024⁵ bytes.
    #[xml = "PiB"]
    Pib,
    /// 1024⁶ bytes.
    #[xml = "E"]
    E,
    /// 1000⁶ bytes.
    #[xml = "EB"]
    Eb,
    /// 1024⁶ bytes.
    #[xml = "EiB"]
    Eib,
}

/// Size that a number without a unit has, if people mean it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plausible {
    /// Unit that libvirt counts in.
    pub unit: &'static str,
    /// Least number that people mean in this unit.
    pub least: u64,
    /// Least number that people mean in MiB. They mean smaller numbers in GiB.
    pub least_mib: u64,
}

impl Plausible {
    /// Memory of a guest that boots an operating system.
    pub const MEMORY: Self = Plausible { unit: "KiB", least: 16 << 10, least_mib: 128 };
    /// Memory pages of the host.
    pub const PAGE: Self = Plausible { unit: "KiB", least: 64, least_mib: 2 };
    /// Memory of a video device.
    pub const VIDEO: Self = Plausible { unit: "KiB", least: 1 << 10, least_mib: 1 };
    /// Capacity of a volume.
    pub const VOLUME: Self = Plausible { unit: "bytes", least: 1 << 20, least_mib: 256 };

    /// Warns of a size whose number has no unit and is probably meant in a larger one.
    pub fn check(self, size: Value<'_>, report: &mut Report<'_>) {
        match size.data() {
            Data::Set(_) => self.check_number(size.attribute("count"), size.attribute("unit"), report),
            _ => self.check_number(Some(size), None, report),
        }
    }

    /// The same for a number and its unit in two attributes.
    pub fn check_number(self, number: Option<Value<'_>>, unit: Option<Value<'_>>, report: &mut Report<'_>) {
        let has_unit = unit.is_some_and(|unit| *unit.data() != Data::Null);
        let Some(number) = number.filter(|_| !has_unit) else { return };
        let Some(count) = number.number::<u64>(10) else { return };
        if (1..self.least).contains(&count) {
            let meant = if count < self.least_mib { "GiB" } else { "MiB" };
            let message = format!("{count} without a unit means {count} {}", self.unit);
            report.warning(number, "size-without-unit", message).suggest(Some(format!("{count} {meant}")));
        }
    }
}

/// Returns a size in bytes, given the unit of a number without one.
pub(crate) fn bytes(size: Value<'_>, unitless: &str) -> Option<u128> {
    match size.data() {
        Data::Set(_) => bytes_of(size.attribute("count")?, size.attribute("unit"), unitless),
        _ => bytes_of(size, None, unitless),
    }
}

/// The same for a number and its unit in two attributes. The text of the number may have the unit.
pub(crate) fn bytes_of(number: Value<'_>, unit: Option<Value<'_>>, unitless: &str) -> Option<u128> {
    let bytes_in = |unit: &str| size::bytes_in(unit).map(i64::unsigned_abs).map(u128::from);
    if let Some((count, unit)) = number.text().and_then(size::split) {
        return Some(u128::from(count.parse::<u64>().ok()?) * bytes_in(unit)?);
    }
    let unit = unit.map_or(Some(unitless), Value::text)?;
    let count: u64 = number.number(10)?;
    Some(u128::from(count) * bytes_in(unit)?)
}

/// Reports a size that has more bytes than libvirt counts. A number without a unit is taken for bytes.
pub(crate) fn check_size(size: Value<'_>, report: &mut Report<'_>) {
    if bytes(size, "bytes").is_some_and(|bytes| bytes > u128::from(u64::MAX)) {
        report.error(size, "size-too-large", "the size is too large: expected less than 16 EiB");
    }
}

impl View<'_, Size> {
    fn rules(self, report: &mut Report<'_>) {
        check_size(self.value(), report);
    }
}

#[cfg(test)]
mod tests {
    use super::SizeUnit;
    use crate::engine::size::UNITS;
    use crate::engine::table::FieldType;

    #[test]
    fn each_unit_has_its_number_of_bytes() {
        assert!(SizeUnit::TYPE.scalar().known().into_iter().eq(UNITS.iter().map(|(name, _)| *name)));
    }
}
