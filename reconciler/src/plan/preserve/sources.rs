//! Sources of disks, each of which is found among many by what names it.

use nixvirt_schema::engine::xml::Element;
use std::collections::HashMap;

/// The attributes that name a source. Equal sources have the same ones.
const NAMES: [&str; 7] = ["file", "dev", "dir", "pool", "volume", "protocol", "name"];

/// Sources in an order, each with a value.
pub(super) struct Sources<'a, T> {
    all: Vec<(&'a Element, T)>,
    by_name: HashMap<String, Vec<usize>>,
    /// Sources without a name, which are compared with each.
    unnamed: Vec<usize>,
}

impl<T: Copy> Sources<'_, T> {
    /// The number of sources.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The value of the first source that is the given one, as a function of both tells.
    pub fn first(&self, source: &Element, is_it: impl Fn(&Element, &Element) -> bool) -> Option<T> {
        let found = self.alike(source).filter(|at| is_it(self.all[*at].0, source)).min();
        found.map(|at| self.all[at].1)
    }

    /// The value of the last source that is the given one.
    pub fn last(&self, source: &Element, is_it: impl Fn(&Element, &Element) -> bool) -> Option<T> {
        let found = self.alike(source).filter(|at| is_it(self.all[*at].0, source)).max();
        found.map(|at| self.all[at].1)
    }

    /// The places of the sources that may be the given one.
    fn alike(&self, source: &Element) -> Box<dyn Iterator<Item = usize> + '_> {
        let Some(name) = name(source) else { return Box::new(0..self.all.len()) };
        Box::new(self.by_name.get(&name).into_iter().flatten().chain(&self.unnamed).copied())
    }
}

impl<'a, T> FromIterator<(&'a Element, T)> for Sources<'a, T> {
    fn from_iter<I: IntoIterator<Item = (&'a Element, T)>>(sources: I) -> Self {
        let all: Vec<_> = sources.into_iter().collect();
        let (mut by_name, mut unnamed): (HashMap<_, Vec<_>>, _) = (HashMap::new(), Vec::new());
        for (at, (source, _)) in all.iter().enumerate() {
            match name(source) {
                Some(name) => by_name.entry(name).or_default().push(at),
                None => unnamed.push(at),
            }
        }
        Sources { all, by_name, unnamed }
    }
}

fn name(source: &Element) -> Option<String> {
    let values = NAMES.map(|name| source.attribute(name).unwrap_or_default());
    if values.iter().all(|value| value.is_empty()) { None } else { Some(values.join("\n")) }
}
