//! Links to the guide: on a server, or installed on this host.

use crate::catalog::Template;
use crate::uri;
use nixvirt_schema::reference::{Location, Reference};
use std::env;
use std::path::{Path, PathBuf};

/// The folders that programs share data in, if the environment names none.
const DATA_FOLDERS: &str = "/usr/local/share:/usr/share";

/// Folder of the guide in such a folder.
const FOLDER: &str = "doc/nixvirt";

/// Page that each guide has, without its extension.
const RULES: &str = "reference/rules";

/// Where the pages of the guide are.
#[derive(Clone, Debug, Default)]
pub struct Guide(Option<Pages>);

#[derive(Clone, Debug)]
struct Pages {
    url: String,
    extension: &'static str,
}

impl Guide {
    /// The guide at a URL, as a book.
    pub fn at(url: &str) -> Self {
        Guide(Some(Pages { url: url.trim_end_matches('/').to_owned(), extension: "html" }))
    }

    /// The guide that is installed on this host: beside the program, or where programs share data. Without it, there are no
    /// links to the guide.
    pub fn installed() -> Self {
        let beside = env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.join("share")));
        let shared = env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
        let shared: Vec<PathBuf> = env::split_paths(&shared.unwrap_or_else(|| DATA_FOLDERS.into())).collect();
        Guide(beside.into_iter().chain(shared).find_map(|folder| Pages::below(&folder)))
    }

    /// Returns the link to what documents a field.
    pub fn field(&self, location: &Location) -> Option<String> {
        self.page(&format!("reference/fields/{}", Reference::get().page(location)), &location.anchor())
    }

    /// Returns the link to a template.
    pub fn template(&self, template: &Template) -> Option<String> {
        self.page("reference/templates", &template.path().replace('.', "").to_lowercase())
    }

    /// Returns the link to the explanation of a problem.
    pub fn code(&self, code: &str) -> Option<String> {
        self.page(RULES, code)
    }

    fn page(&self, page: &str, anchor: &str) -> Option<String> {
        let Pages { url, extension } = self.0.as_ref()?;
        Some(format!("{url}/{page}.{extension}#{anchor}"))
    }
}

impl Pages {
    /// Returns the pages in a folder of shared data, if they are there: as a book, or as they were written.
    fn below(folder: &Path) -> Option<Pages> {
        let folder = folder.join(FOLDER);
        let is_there = |extension: &&str| folder.join(RULES).with_extension(extension).is_file();
        let extension = ["html", "md"].into_iter().find(is_there)?;
        Some(Pages { url: uri::of(&folder)?.as_str().to_owned(), extension })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn installed_pages() {
        let folder = env::temp_dir().join(format!("guide-{}", std::process::id()));
        let link = || Guide(Pages::below(&folder)).code("missing");
        assert_eq!(link(), None);
        let reference = folder.join("doc/nixvirt/reference");
        fs::create_dir_all(&reference).expect("a writable folder");
        for extension in ["md", "html"] {
            fs::write(reference.join("rules").with_extension(extension), "").expect("a writable folder");
            let page = reference.join("rules").with_extension(extension);
            assert_eq!(link(), Some(format!("file://{}#missing", page.display())));
        }
        fs::remove_dir_all(&folder).expect("it was made");
    }
}
