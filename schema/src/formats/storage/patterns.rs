//! Words of a certain form that only storage has.

use crate::engine::pattern::patterns;
use crate::formats::patterns::all;
use crate::formats::patterns::without_zeros;

patterns! {
    /// Path on a VMware datastore.
    VmwarePath = "path", "a path on a datastore, e.g. [store] vm/disk.vmdk", r"\[[^\]]+\] [^\n\r]+";
    /// File with firmware variables on a VMware datastore.
    VmwareNvramPath = "path", "a path on a datastore, e.g. [store] vm/vm.nvram", r"\[[^\]]+\] [^\n\r]+" [since 12, 8];
    /// Target name of a disk in the guest.
    DiskTargetName = "disk name", "fd, hd, sd, vd, xvd or ubd followed by letters or digits, e.g. vda", r"(?:ioemu:)?(?:fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+", is_disk_target_name;
    /// Target name of a disk on an NVMe controller.
    NvmeTargetName = "disk name", "an NVMe name, e.g. nvme0n1", r"nvme[0-9]+n[0-9]+(?:p[0-9]+)?" [since 11, 5];
    /// Serial number of a disk.
    DiskSerial = "serial number", "letters, digits, spaces, \"_\", \".\", \"+\" or \"-\"", r"[A-Za-z0-9_.+\- ]+";
    /// Vendor of a disk.
    DiskVendor = "vendor", "up to 8 printable ASCII characters", r"[ -~]{0,8}";
    /// Product name of a disk.
    DiskProduct = "product", "up to 40 printable ASCII characters", r"[ -~]{0,40}";
    /// Name of an HTTP cookie.
    CookieName = "cookie name", "letters, digits or punctuation that HTTP allows", r"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+";
    /// Value of an HTTP cookie.
    CookieValue = "cookie value", "letters, digits or punctuation except \",\", \";\" and \"\\\"", r#""?[!#$%&'()*+\-./0-9:>=<?@A-Z^_`\[\]a-z|~]+"?"#;
    /// Mode for files and directories to be created.
    CreateMode = "file mode", "up to three octal digits, e.g. 0755", r"0[0-7]{3}|[0-7]{1,3}" => without_zeros;
    /// World wide port name of a vhost target.
    VhostWwpn = "WWPN", "naa. followed by 16 hexadecimal digits", r"naa\.[0-9a-fA-F]{16}";
    /// Qualified name (IQN) of an iSCSI target.
    Iqn = "iSCSI name", "a qualified name, e.g. iqn.2013-07.com.example:storage", r"iqn\.[0-9]{4}-(?:0[1-9]|1[0-2])\.[a-zA-Z0-9.\-]+(?::[^\n\r]+)?";
    /// Number with leading zeros, as sometimes used for a user or group ID.
    PaddedNumber = "number", "a number", r"0+[0-9]{1,9}" => without_zeros;
    /// Point in time, in seconds since 1970.
    Timestamp = "time", "seconds since 1970, e.g. 1370000000.25", r"[0-9]+(?:\.[0-9]{0,9})?";
    /// Version of a format.
    CompatVersion = "version", "two numbers separated by a dot, e.g. 1.1", r"[0-9]+\.[0-9]+";
    /// URI of a network resource.
    Uri = "URI", "a URI", r"(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?(?://(?:[a-zA-Z0-9.\-_~@]*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?(?:/(?:[a-zA-Z0-9\-._~!$&'()*+,;=@:/]|%[0-9a-fA-F]{2})*)?|/?(?:[a-zA-Z0-9\-._~!$&'()*+,;=@]|%[0-9a-fA-F]{2})+(?:/(?:[a-zA-Z0-9\-._~!$&'()*+,;=@:/]|%[0-9a-fA-F]{2})*)?)(?:\?(?:[a-zA-Z0-9\-._~!$&'()*+,;=@:/?]|%[0-9a-fA-F]{2})*)?(?:#(?:[a-zA-Z0-9\-._~!$&'()*+,;=@:/?]|%[0-9a-fA-F]{2})*)?";
}

fn is_disk_target_name(text: &str) -> bool {
    let name = text.strip_prefix("ioemu:").unwrap_or(text);
    let rest = ["fd", "hd", "sd", "vd", "xvd", "ubd"].iter().find_map(|bus| name.strip_prefix(bus));
    rest.is_some_and(|rest| all(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scalar::Scalar;
    use crate::engine::table::FieldType;

    #[test]
    fn every_pattern_compiles_and_takes_its_sample() {
        let samples = [
            (VmwarePath::TYPE, "[store] vm/disk.vmdk"),
            (DiskTargetName::TYPE, "vda"),
            (NvmeTargetName::TYPE, "nvme0n1"),
            (DiskSerial::TYPE, "WD-WMAP9A966149 1"),
            (DiskVendor::TYPE, ""),
            (DiskProduct::TYPE, "Virtual disk"),
            (CookieName::TYPE, "session"),
            (CookieValue::TYPE, "\"a=b\""),
            (CreateMode::TYPE, "0755"),
            (VhostWwpn::TYPE, "naa.5123456789abcde0"),
            (Iqn::TYPE, "iqn.2013-07.com.example:storage"),
            (PaddedNumber::TYPE, "0744"),
            (Timestamp::TYPE, "1370000000.25"),
            (CompatVersion::TYPE, "1.1"),
            (Uri::TYPE, "gluster://host:24007/volume/image.qcow2?x=1"),
        ];
        for (ty, sample) in samples {
            let Scalar::Pattern(pattern) = ty.scalar() else { unreachable!("they are patterns") };
            assert!(pattern.matches(sample), "{} of {sample:?}", pattern.name);
            assert!(!pattern.matches("a,b\n"), "{} of a line break", pattern.name);
        }
    }
}
