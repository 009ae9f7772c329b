//! What is known of the files: the places of all braces, and the specs with their problems.

use crate::diagnose::{self, Problem};
use crate::files::{FileId, Files};
use crate::find;
use crate::names;
use crate::nix::evaluate::Evaluator;
use crate::place::{Place, Places};
use crate::spec::{self, Declared};
use nixvirt_schema::kind::Kind;
use std::cell::OnceCell;

/// What is known of a file and of those that it imports.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The places of braces.
    pub places: Places,
    /// The places from which specs are reached.
    pub roots: Vec<Place>,
    /// The specs.
    pub specs: Vec<Declared>,
    /// The files that the file imports.
    pub imported: Vec<FileId>,
    problems: OnceCell<Vec<Problem>>,
}

impl Analysis {
    /// Reads a file.
    pub fn of(files: &Files, file: FileId) -> Self {
        let evaluator = Evaluator::new(files);
        Analysis::from(find::roots(files, &evaluator, file), &evaluator)
    }

    /// Reads a file that is one spec.
    pub fn of_spec(files: &Files, file: FileId, kind: Kind) -> Self {
        let evaluator = Evaluator::new(files);
        let mut roots = find::roots(files, &evaluator, file);
        roots.push(find::whole(&evaluator, file, kind));
        Analysis::from(roots, &evaluator)
    }

    fn from(roots: Vec<Place>, evaluator: &Evaluator<'_>) -> Self {
        let mut places = Places::default();
        roots.iter().for_each(|root| places.add(root));
        let specs = roots.iter().flat_map(spec::declared).collect();
        Analysis { places, roots, specs, imported: evaluator.imported(), problems: OnceCell::new() }
    }

    /// Returns the problems of all specs. A value that several specs share is reported once.
    pub fn problems(&self) -> &[Problem] {
        self.problems.get_or_init(|| self.find_problems())
    }

    fn find_problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        let in_specs = self.specs.iter().flat_map(diagnose::problems);
        for problem in in_specs.chain(self.roots.iter().flat_map(names::problems)) {
            let is_same = |known: &Problem| {
                known.marked == problem.marked
                    && known.problem.code == problem.problem.code
                    && known.problem.message == problem.problem.message
            };
            if !problems.iter().any(is_same) {
                problems.push(problem);
            }
        }
        problems.sort_by_key(|it| (it.marked.file, it.origin.place.range.start(), it.marked.range.start()));
        problems
    }
}
