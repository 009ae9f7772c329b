//! How libvirt counts memory and storage.

use nixvirt_schema_derive::{element, values};

/// An amount of memory or storage.
#[element]
pub struct Size {
    /// The unit of the number. Where absent, it is `KiB` for memory and bytes for storage, unless the part that has this
    /// size says otherwise.
    #[unit]
    pub unit: Option<SizeUnit>,
    /// How many of that unit.
    #[text]
    pub count: u64,
}

/// A unit of memory or storage.
#[values]
pub enum SizeUnit {
    /// A byte.
    #[xml = "b"]
    B,
    /// A byte.
    #[xml = "B"]
    CapitalB,
    /// A byte.
    Byte,
    /// A byte.
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
    /// How many bytes it is.
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
