//! Huge pages of the host: a guest that asks for them starts only if enough are free.

use super::lack::{Lack, Missing};
use super::parts::Parts;
use crate::change::size_of;
use nixvirt_schema::engine::size::{UNITLESS, bytes};
use nixvirt_schema::engine::xml::Element;
use std::fs;
use std::path::Path;

/// The huge pages that a guest needs, and the host has too few of. A guest that `starts` needs free ones. `root` is the folder with
/// `proc` and `sys` of the host.
pub fn lacks(domain: &Element, parts: &Parts<'_>, starts: bool, root: &Path) -> Vec<Lack> {
    let [asked] = parts.at("memoryBacking/hugepages") else { return Vec::new() };
    let size = match parts.at("memoryBacking/hugepages/page") {
        [] => default_size(root),
        [page] => {
            let unit = page.element.attribute("unit").unwrap_or(UNITLESS);
            page.element.attribute("size").and_then(|size| bytes(size, unit))
        }
        // Which cell has which pages depends on the memory of the cells.
        _ => None,
    };
    let (Some(size), Some(memory)) = (size, size_of(domain, "memory")) else { return Vec::new() };
    // A host without the folder is not Linux, or shows none of this.
    let sizes = root.join("sys/kernel/mm/hugepages");
    if size == 0 || !sizes.exists() {
        return Vec::new();
    }
    let of_size = sizes.join(format!("hugepages-{}kB", size >> 10));
    let number = |file: &str| number(&of_size.join(file)).unwrap_or(0);
    let reserved = number(if starts { "free_hugepages" } else { "nr_hugepages" });
    let available = reserved + number("nr_overcommit_hugepages");
    let needed = memory.div_ceil(size);
    let is_enough = needed <= available;
    let missing = Missing::HugePages { size, needed, available };
    if is_enough { Vec::new() } else { vec![Lack::new(&asked.path, missing)] }
}

/// The size in bytes of the huge pages that a guest gets if it names no size.
fn default_size(root: &Path) -> Option<u64> {
    let info = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let kib = info.lines().find_map(|line| line.strip_prefix("Hugepagesize:")?.strip_suffix("kB"))?;
    Some(kib.trim().parse::<u64>().ok()? << 10)
}

fn number(file: &Path) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nixvirt_schema::engine::xml;
    use pretty_assertions::assert_eq;

    #[test]
    fn the_host_has_too_few_pages() {
        let host = tempfile::tempdir().expect("a folder");
        let write = |file: &str, text: &str| {
            let file = host.path().join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a writable folder");
            fs::write(file, text).expect("a writable folder");
        };
        write("proc/meminfo", "MemTotal:       16000000 kB\nHugepagesize:       2048 kB\n");
        write("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "512\n");
        write("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "256\n");
        let lacks = |memory: &str, starts: bool, pages: &str| {
            let domain = format!(
                "<domain><memory unit='MiB'>{memory}</memory><memoryBacking><hugepages>{pages}</hugepages></memoryBacking></domain>"
            );
            let domain = xml::element(&domain).expect("XML");
            let lacks = lacks(&domain, &Parts::of(&domain), starts, host.path());
            lacks.into_iter().map(|lack| (lack.path, lack.missing)).collect::<Vec<_>>()
        };
        let lack = |size, needed, available| {
            vec![("memoryBacking.hugepages".to_owned(), Missing::HugePages { size, needed, available })]
        };
        assert_eq!(lacks("512", true, ""), []);
        assert_eq!(lacks("513", true, ""), lack(2 << 20, 257, 256));
        assert_eq!(lacks("1024", false, ""), []);
        assert_eq!(lacks("2048", false, "<page size='2048' unit='KiB'/>"), lack(2 << 20, 1024, 512));
        assert_eq!(lacks("2048", true, "<page size='1' unit='GiB'/>"), lack(1 << 30, 2, 0));
        assert_eq!(
            lacks("2048", true, "<page size='1' unit='GiB' nodeset='0'/><page size='2' unit='MiB' nodeset='1'/>"),
            []
        );
        write("sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages", "1\n");
        assert_eq!(lacks("513", true, ""), []);
    }
}
