//! What `#[element]` computes of a table at compile time.

use crate::engine::table::{Absent, Entry, Field, NodeKind, Occurs, Type};

/// Returns the number of fields in all groups.
pub const fn count(groups: &[&[Field]]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < groups.len() {
        count += groups[at].len();
        at += 1;
    }
    count
}

/// Returns the fields of all groups in one table.
pub const fn joined<const COUNT: usize>(groups: &[&[Field]]) -> [Field; COUNT] {
    const NONE: Field = Field {
        name: "",
        xml: "",
        prefixed: false,
        doc: "",
        node: NodeKind::Child,
        within: None,
        occurs: Occurs::Option,
        required: false,
        ty: Type::Present,
        unit: None,
        secret: false,
        placeholders: false,
        default: None,
        output: false,
        unitless: None,
        absent: Absent::Nothing,
        since: None,
        optional_since: None,
        repeated_since: None,
    };
    let mut joined = [NONE; COUNT];
    let (mut group, mut at, mut end) = (0, 0, 0);
    while group < groups.len() {
        if at < groups[group].len() {
            joined[end] = groups[group][at];
            at += 1;
            end += 1;
        } else {
            group += 1;
            at = 0;
        }
    }
    joined
}

/// Returns the indices of the fields, sorted by their names in a spec.
pub const fn by_name<const COUNT: usize>(fields: &[Field]) -> [Entry; COUNT] {
    let mut names = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = fields[at].name;
        at += 1;
    }
    sorted(names)
}

/// Returns the indices of the fields, sorted by their names in XML.
pub const fn by_xml<const COUNT: usize>(fields: &[Field]) -> [Entry; COUNT] {
    let mut names = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = fields[at].xml;
        at += 1;
    }
    sorted(names)
}

/// Sorts the indices of names; equal names keep their order.
const fn sorted<const COUNT: usize>(names: [&str; COUNT]) -> [Entry; COUNT] {
    let mut entries = [(0, 0); COUNT];
    let mut end = 0;
    while end < COUNT {
        let mut at = end;
        while at > 0 && is_less(names[end], names[entries[at - 1].1 as usize]) {
            entries[at] = entries[at - 1];
            at -= 1;
        }
        entries[at] = (start_of(names[end]), end as u16);
        end += 1;
    }
    entries
}

/// Returns whether a name sorts before another.
const fn is_less(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return one[at] < other[at];
        }
        at += 1;
    }
    one.len() < other.len()
}

/// Returns the first eight bytes of a name as a number that sorts as they do.
#[inline]
pub(super) const fn start_of(name: &str) -> u64 {
    let name = name.as_bytes();
    if let Some((start, _)) = name.split_first_chunk() {
        return u64::from_be_bytes(*start);
    }
    let (mut start, mut at) = ([0; 8], 0);
    while at < name.len() && at < start.len() {
        start[at] = name[at];
        at += 1;
    }
    u64::from_be_bytes(start)
}

/// Returns the number of required fields.
pub const fn count_required(fields: &[Field]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < fields.len() {
        count += fields[at].required as usize;
        at += 1;
    }
    count
}

/// Returns the indices of the required fields.
pub const fn required<const COUNT: usize>(fields: &[Field]) -> [u16; COUNT] {
    let mut indices = [0; COUNT];
    let (mut end, mut at) = (0, 0);
    while at < fields.len() {
        if fields[at].required {
            indices[end] = at as u16;
            end += 1;
        }
        at += 1;
    }
    indices
}

/// Returns the number of fields for which something is written if they are absent.
pub const fn count_absent(fields: &[Field]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < fields.len() {
        count += fields[at].absent.is_written() as usize;
        at += 1;
    }
    count
}

/// Returns the indices of the fields for which something is written if they are absent.
pub const fn absent<const COUNT: usize>(fields: &[Field]) -> [u16; COUNT] {
    let mut indices = [0; COUNT];
    let (mut end, mut at) = (0, 0);
    while at < fields.len() {
        if fields[at].absent.is_written() {
            indices[end] = at as u16;
            end += 1;
        }
        at += 1;
    }
    indices
}

#[cfg(test)]
mod tests {
    use super::sorted;
    use pretty_assertions::assert_eq;

    #[test]
    fn names_sort_as_text() {
        let names = ["state", "alias", "name", "backingStore", "backing", "alias"];
        let indices = sorted(names).map(|(_, at)| at);
        assert_eq!(indices, [1, 5, 4, 3, 2, 0]);
    }
}
