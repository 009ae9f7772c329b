//! What libvirt takes although its schema does not, and leaves out: rows of a table, which plain Nix reads too.

use crate::engine::problem::Report;
use crate::engine::value::Value;
use std::collections::HashSet;

/// Part of a spec that libvirt takes in place of a form that its schema has. It is left out of the XML, as libvirt leaves it out
/// of the definition.
#[derive(Debug)]
pub struct Taken {
    /// Path of the elements that have the part; none for the object itself.
    pub at: &'static [&'static str],
    /// Words that parts of the element have, by the paths below it.
    pub when: &'static [(&'static [&'static str], &'static str)],
    /// Part below the element beside which libvirt reads all.
    pub unless: Option<&'static [&'static str]>,
    /// The part that is left out, by its path below the element.
    pub part: &'static [&'static str],
    /// Names in the part that libvirt reads. If there are some, all others are left out in place of the part.
    pub read: &'static [&'static str],
    /// Warning, if the user may rely on the part: what libvirt does, and what to do.
    pub warning: Option<Warning>,
}

/// Warning about a part that is left out.
#[derive(Debug)]
pub struct Warning {
    /// What libvirt does.
    pub message: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// Returns the indices of the values that are left out, and warns of them.
pub fn left_out(rows: &[Taken], object: Value<'_>, report: &mut Report<'_>) -> HashSet<u32> {
    let mut all = HashSet::new();
    for row in rows {
        object.each_at(row.at, &mut |element| {
            report.start_rule();
            for left_out in row.of(element).filter(|_| !element.has_met_unknown()) {
                if let Some(Warning { message, hint }) = row.warning {
                    report.warning(left_out, "ignored-part", message).hint(hint);
                }
                all.insert(left_out.index());
            }
        });
    }
    all
}

impl Taken {
    /// Returns the values of an element that are left out.
    fn of<'a>(&self, element: Value<'a>) -> impl Iterator<Item = Value<'a>> + use<'a, '_> {
        let holds = |(path, word): &(&[&str], &str)| below(element, path).and_then(Value::text) == Some(*word);
        let is_read = self.unless.is_some_and(|path| below(element, path).is_some());
        let is_taken = self.when.iter().all(holds) && !is_read;
        let part = if is_taken { below(element, self.part) } else { None };
        let whole = part.filter(|_| self.read.is_empty());
        let inner = part.filter(|_| whole.is_none()).into_iter().flat_map(Value::children);
        whole.into_iter().chain(inner.filter(|child| !child.is_null() && !self.read.contains(&child.key())))
    }
}

fn below<'a>(value: Value<'a>, path: &[&str]) -> Option<Value<'a>> {
    path.iter().try_fold(value, |value, name| value.attribute(name))
}
