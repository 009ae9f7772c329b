//! The units in which libvirt counts memory and storage.

use nixvirt_schema_derive::values;

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
