//! Fields that many specs have, for the order of completion. The file is generated from specs of the tests; a test keeps it
//! current.

use nixvirt_schema::kind::Kind;
use std::collections::HashSet;
use std::sync::LazyLock;

static PATHS: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("catalog/common.txt").lines().collect());

/// Returns whether many specs of a kind have the field at a path.
pub fn is_common(kind: Kind, path: &str) -> bool {
    PATHS.contains(format!("{} {path}", kind.name()).as_str())
}
