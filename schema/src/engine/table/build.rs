//! What `#[element]` computes of a table at compile time.

use crate::engine::outline::Sketch;
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

/// Returns the entries of the fields by their names in a spec.
pub const fn by_name<const COUNT: usize>(fields: &[Field]) -> [Entry; COUNT] {
    let mut names = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = fields[at].name;
        at += 1;
    }
    sorted(names)
}

/// Returns the entries of the fields by their names in XML.
pub const fn by_xml<const COUNT: usize>(fields: &[Field]) -> [Entry; COUNT] {
    let mut names = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = fields[at].xml;
        at += 1;
    }
    sorted(names)
}

/// Returns the entries of names. Equal names keep their order.
const fn sorted<const COUNT: usize>(names: [&str; COUNT]) -> [Entry; COUNT] {
    let mut entries = [(Sketch::of(""), 0); COUNT];
    let mut end = 0;
    while end < COUNT {
        let sketch = Sketch::of(names[end]);
        let mut at = end;
        while at > 0 && sketch.number() < entries[at - 1].0.number() {
            entries[at] = entries[at - 1];
            at -= 1;
        }
        entries[at] = (sketch, end as u16);
        end += 1;
    }
    entries
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
    fn equal_names_keep_their_order() {
        let entries = sorted(["state", "alias", "name", "backingStore", "alias"]);
        assert!(entries.is_sorted());
        let indices: Vec<_> = entries.iter().map(|(_, at)| *at).filter(|at| matches!(at, 1 | 4)).collect();
        assert_eq!(indices, [1, 4]);
    }
}
