//! Sources of disks, each of which is found among many by what names it.

use nixvirt_schema::engine::xml::Element;
use std::borrow::Cow;
use std::collections::HashMap;

/// The path without links of the image that a `<source>` names as a file, a device or a volume; None if that is not known.
pub type PathOf<'a> = &'a dyn Fn(&Element) -> Option<String>;

/// Leaves sources as they are spelled.
pub(super) fn spelled(_: &Element) -> Option<String> {
    None
}

/// The attributes that name a source. Equal sources have the same ones.
const NAMES: [&str; 7] = ["file", "dev", "dir", "pool", "volume", "protocol", "name"];

/// Sources in an order, each with a value.
pub(super) struct Sources<'a, T> {
    all: Vec<(&'a Element, T)>,
    by_name: HashMap<String, Vec<usize>>,
    /// Sources without a name, which are compared with each.
    unnamed: Vec<usize>,
    path_of: PathOf<'a>,
}

impl<'a, T: Copy> Sources<'a, T> {
    /// Collects sources.
    pub fn new(sources: impl IntoIterator<Item = (&'a Element, T)>, path_of: PathOf<'a>) -> Self {
        let all: Vec<_> = sources.into_iter().collect();
        let (mut by_name, mut unnamed): (HashMap<_, Vec<_>>, _) = (HashMap::new(), Vec::new());
        for (at, (source, _)) in all.iter().enumerate() {
            match name(source, path_of) {
                Some(name) => by_name.entry(name).or_default().push(at),
                None => unnamed.push(at),
            }
        }
        Sources { all, by_name, unnamed, path_of }
    }

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
        let Some(name) = name(source, self.path_of) else { return Box::new(0..self.all.len()) };
        Box::new(self.by_name.get(&name).into_iter().flatten().chain(&self.unnamed).copied())
    }
}

/// A source with the path of its image in place of what names it, and without the number that libvirt gives each image of a
/// running guest.
pub(super) fn plain<'s>(source: &'s Element, path_of: PathOf<'_>) -> Cow<'s, Element> {
    let path = path_of(source);
    if path.is_none() && source.attribute("index").is_none() {
        return Cow::Borrowed(source);
    }
    let mut source = source.clone();
    source.attributes.retain(|(name, _)| name != "index" && (path.is_none() || !NAMES.contains(&&**name)));
    source.attributes.extend(path.map(|path| ("file".to_owned(), path)));
    Cow::Owned(source)
}

fn name(source: &Element, path_of: PathOf<'_>) -> Option<String> {
    let source = plain(source, path_of);
    let values = NAMES.map(|name| source.attribute(name).unwrap_or_default());
    if values.iter().all(|value| value.is_empty()) { None } else { Some(values.join("\n")) }
}
