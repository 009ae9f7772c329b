//! Sizes of memory and storage.

use nixvirt_schema_derive::{element, values};

/// Amount of memory or storage.
#[element]
pub struct Size {
    /// Unit of the number. Defaults to `KiB` for memory and to bytes for storage, unless the description of the element
    /// names another unit.
    #[unit]
    pub unit: Option<SizeUnit>,
    /// Number of units.
    #[text]
    pub count: u64,
}

/// Unit of memory or storage.
#[values]
pub enum SizeUnit {
    /// Byte.
    #[xml = "b"]
    B,
    /// Byte.
    #[xml = "B"]
    CapitalB,
    /// Byte.
    Byte,
    /// Byte.
    Bytes,
    /// 1024 bytes.
    #[xml = "k"]
    SmallK,
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

impl SizeUnit {
    /// The number of bytes in the unit.
    pub fn bytes(self) -> u128 {
        use SizeUnit as It;
        match self {
            It::B | It::CapitalB | It::Byte | It::Bytes => 1,
            It::SmallK | It::K | It::Kib => 1 << 10,
            It::M | It::Mib => 1 << 20,
            It::G | It::Gib => 1 << 30,
            It::T | It::Tib => 1 << 40,
            It::P | It::Pib => 1 << 50,
            It::E | It::Eib => 1 << 60,
            It::Kb => 1000,
            It::Mb => 1000_u128.pow(2),
            It::Gb => 1000_u128.pow(3),
            It::Tb => 1000_u128.pow(4),
            It::Pb => 1000_u128.pow(5),
            It::Eb => 1000_u128.pow(6),
        }
    }
}
