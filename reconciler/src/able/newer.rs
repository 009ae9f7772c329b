//! What a definition has that is newer than the libvirt that gets it: libvirt refuses it, or ignores it without a word.

use super::lack::{Lack, Missing};
use crate::object::Type;
use nixvirt_schema::engine::import::spec_of;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::render::{release, render_for};
use nixvirt_schema::engine::xml::Element;

/// The parts and values of a definition that a release of libvirt does not have yet.
pub fn lacks(kind: Type, definition: &Element, libvirt: Release) -> Vec<Lack> {
    let Ok(spec) = spec_of(kind.kind().into(), definition.clone()) else { return Vec::new() };
    let problems = render_for(kind.kind(), &spec, Some(libvirt)).report.findings().locate(|_| None);
    let newer = problems.into_iter().filter(|problem| problem.code == release::CODE);
    newer
        .map(|problem| {
            let missing = Missing::Newer { message: problem.message };
            Lack { path: problem.path, steps: Vec::new(), missing }
        })
        .collect()
}
