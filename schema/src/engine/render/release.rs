//! Warnings about what the libvirt that a spec is for does not have yet.

use super::{FieldValue, Given, Renderer};
use crate::engine::release::Release;
use crate::engine::table::{Field, Occurs, Schema, Tables};
use crate::engine::value::{Data, Value};
use std::ops::Range;

/// Code of these warnings.
pub const CODE: &str = "newer-libvirt";

impl<'a> Renderer<'a> {
    /// Warns of the parts of an element that are newer than the libvirt of the spec.
    pub(super) fn check_parts(&mut self, tables: &Tables, element: Value<'a>, parts: Range<usize>) {
        let Some(target) = self.report.target() else { return };
        for at in parts.clone() {
            let FieldValue { field, value, given, .. } = self.parts[at];
            if given == Given::Absent {
                continue;
            }
            if let Some(since) = newer(field.since, target) {
                let what = format!("attribute {:?} requires libvirt {since}", field.name);
                self.warn(value, &what, target);
            }
            if let Some(since) = newer(field.repeated_since, target) {
                if is_repeated(field, value) {
                    let what = format!("more than one {:?} requires libvirt {since}", field.name);
                    self.warn(value, &what, target);
                }
            }
        }
        for (_, field) in tables.fields() {
            if !self.parts[parts.clone()].iter().any(|part| std::ptr::eq(part.field, field)) {
                self.check_absent(field, element, target);
            }
        }
    }

    /// Warns of the parts that `true` in place of an element leaves out, if the libvirt of the spec requires them.
    pub(super) fn check_short(&mut self, schema: &'static Schema, element: Value<'a>) {
        let Some(target) = self.report.target() else { return };
        if schema.shorthand.is_presence() && *element.data() == Data::Bool(true) {
            schema.fields.iter().for_each(|field| self.check_absent(field, element, target));
        }
    }

    fn check_absent(&mut self, field: &'static Field, element: Value<'a>, target: Release) {
        if let Some(since) = newer(field.optional_since, target) {
            let what = format!("leaving out attribute {:?} requires libvirt {since}", field.name);
            self.warn(element, &what, target);
        }
    }

    /// Warns of a value, given its text in XML, that is newer than the libvirt of the spec.
    #[inline]
    pub(super) fn check_value(&mut self, field: &'static Field, value: Value<'a>, text: &str) {
        if let Some(target) = self.report.target() {
            self.check_word(field, value, text, target);
        }
    }

    fn check_word(&mut self, field: &'static Field, value: Value<'a>, text: &str, target: Release) {
        if let Some(since) = newer(field.ty.scalar().since(text), target) {
            let what = format!("{} {text:?} requires libvirt {since}", field.ty.scalar().noun());
            self.warn(value, &what, target);
        }
    }

    fn warn(&mut self, at: Value<'a>, what: &str, target: Release) {
        self.report.warning(at, CODE, format!("{what}, but the target is libvirt {target}"));
    }
}

/// Returns the release if it is newer than the target.
fn newer(since: Option<Release>, target: Release) -> Option<Release> {
    since.filter(|since| *since > target)
}

/// Returns whether a value holds a part several times.
fn is_repeated(field: &Field, value: Value<'_>) -> bool {
    let is_list = field.occurs == Occurs::Many && matches!(value.data(), Data::List(_));
    is_list && value.children().filter(|item| *item.data() != Data::Null).count() > 1
}
