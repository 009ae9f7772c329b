//! Reading of a value of Nix into an object.

use crate::clock;
use crate::nix::{Failure, Made, Nix, Type, Value};
use crate::primops::of_kind;
use nixvirt_builtins::data;
use nixvirt_builtins::object::Object;
use nixvirt_schema::engine::problem::Position;
use nixvirt_schema::engine::value::Data;
use std::ffi::CStr;
use std::time::Duration;

/// Time after which the walk looks for an interrupt again.
const PATIENCE: Duration = Duration::from_millis(20);
/// Number of bytes up to which a string is kept whole for its context.
const SHORT: usize = 256;

/// Where a value is, as far as its position can be asked for.
#[derive(Clone, Copy, Default)]
struct Origin<'a> {
    /// The attribute that has the value, or the list that it is in: an index in `sets`, and a name.
    attribute: Option<(u32, &'a CStr)>,
    /// Index in `sets` of the value itself.
    own: Option<u32>,
}

/// Evaluates a value wholly and adds what is in it to an object.
pub struct Walk<'n, 'a> {
    nix: &'n Nix<'a>,
    /// Functions of Nix, from `builtins.nix`.
    evaluator: &'a Value<'a>,
    pub object: Object<'a>,
    /// For each place, its origin.
    origins: Vec<Origin<'a>>,
    sets: Vec<Value<'a>>,
    /// Strings whose contexts the result gets.
    contexts: Vec<Made>,
    /// When the walk last looked for an interrupt.
    looked: Duration,
}

impl<'n, 'a> Walk<'n, 'a> {
    pub fn new(nix: &'n Nix<'a>, evaluator: &'a Value<'a>, kind: &str) -> Self {
        Walk {
            nix,
            evaluator,
            object: Object::new(kind),
            origins: Vec::with_capacity(512),
            sets: Vec::with_capacity(128),
            contexts: Vec::with_capacity(256),
            looked: clock::now(),
        }
    }

    /// Reads the spec.
    pub fn read(&mut self, spec: &Value<'a>) -> Result<(), Failure> {
        if !self.nix.force(spec) {
            return Err(self.failure(|| self.lazy(c"identity", spec)));
        }
        self.value(c"", spec.clone(), Origin::default())
    }

    /// Returns a list of strings that together have the context of the spec.
    pub fn context(&self) -> Result<Made, Failure> {
        self.nix.new_list(self.contexts.iter().map(Made::value))
    }

    /// Returns the position of a place. A set without a position has that of its first attribute: the C API does not tell where
    /// a set begins.
    pub fn position(&self, place: u32) -> Option<Position> {
        let origin = *self.origins.get(place.checked_sub(1)? as usize)?;
        let attribute = origin.attribute.and_then(|(set, name)| self.position_of(set, name));
        attribute.or_else(|| self.first_position(origin.own?))
    }

    fn position_of(&self, set: u32, name: &CStr) -> Option<Position> {
        let (nix, set) = (self.nix, &self.sets[set as usize]);
        let name = nix.new_text(name.to_bytes()).ok()?;
        let found = nix.call(&self.function(c"unsafeGetAttrPos").ok()?, [name.value(), set])?;
        let found = found.value();
        if !matches!(nix.kind(found), Type::Set) {
            return None;
        }
        let number = |name| u32::try_from(nix.integer(&nix.attribute(found, name)?)).ok();
        let file = nix.text(&nix.attribute(found, c"file")?, |file| String::from_utf8_lossy(file).into_owned())?;
        Some(Position { file, line: number(c"line")?, column: number(c"column")? })
    }

    fn first_position(&self, set: u32) -> Option<Position> {
        let value = &self.sets[set as usize];
        let names = (0..self.nix.set_len(value)).map(|index| self.nix.attribute_name(value, index));
        let positions = names.filter_map(|name| self.position_of(set, name));
        positions.min_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)))
    }

    fn value(&mut self, key: &'a CStr, value: Value<'a>, origin: Origin<'a>) -> Result<(), Failure> {
        let nix = self.nix;
        let data = match nix.kind(&value) {
            Type::Null => Data::Null,
            Type::Boolean => Data::Bool(nix.boolean(&value)),
            Type::Integer => Data::Int(nix.integer(&value)),
            Type::Real => Data::Float(nix.real(&value)),
            Type::Text => self.string(value)?,
            Type::Path => self.path(&value)?,
            Type::Set => return self.set(key, value, origin),
            Type::List => return self.list(key, value, origin),
            Type::Function => data::FUNCTION,
            Type::Other => data::EXTERNAL,
        };
        self.add(key, data, origin);
        Ok(())
    }

    fn add(&mut self, key: &'a CStr, data: Data<'a>, origin: Origin<'a>) {
        let place = self.place(origin);
        self.object.add(key.to_bytes(), data, place);
    }

    fn place(&mut self, origin: Origin<'a>) -> u32 {
        self.origins.push(origin);
        self.origins.len() as u32
    }

    fn string(&mut self, value: Value<'a>) -> Result<Data<'a>, Failure> {
        let read = self.nix.text(&value, |text| (text.len(), data::text_copy(text)));
        let (len, data) = read.ok_or(Failure::Memory)?;
        let data = data.map_err(of_kind(self.object.kind()))?;
        self.contexts.push(if len <= SHORT { value.keep() } else { self.call(c"contextOf", &value)? });
        Ok(data)
    }

    /// Reads an absolute path. Nothing is copied to the store. What is in the store, as the files of a flake are, stays there.
    fn path(&mut self, value: &Value<'a>) -> Result<Data<'a>, Failure> {
        // A path in the store that is no store path has no context.
        self.contexts.extend(self.call(c"contextOfPath", value).ok());
        self.nix.path(value, data::text_copy).ok_or(Failure::Memory)?.map_err(of_kind(self.object.kind()))
    }

    fn set(&mut self, key: &'a CStr, value: Value<'a>, mut origin: Origin<'a>) -> Result<(), Failure> {
        let nix = self.nix;
        let len = nix.set_len(&value);
        // To look a name up takes Nix ten times as long as to return one.
        if (0..len).any(|at| matches!(nix.attribute_name(&value, at).to_bytes(), b"outPath" | b"__toString")) {
            let data = self.text_of_set(value)?;
            self.add(key, data, origin);
            return Ok(());
        }
        if !self.object.has_room(len) {
            self.add(key, data::TOO_MUCH, origin);
            return Ok(());
        }
        let index = self.sets.len();
        origin.own = Some(index as u32);
        let place = self.place(origin);
        self.object.open_set(key.to_bytes(), place);
        self.sets.push(value);
        for at in 0..len {
            self.look_for_interrupt()?;
            let (name, child) = nix.attribute_at(&self.sets[index], at);
            let Some(child) = child else {
                return Err(self.failure(|| nix.attribute_as_it_is(&self.sets[index], at)));
            };
            self.value(name, child, Origin { attribute: Some((index as u32, name)), own: None })?;
        }
        self.object.close();
        Ok(())
    }

    fn list(&mut self, key: &'a CStr, value: Value<'a>, origin: Origin<'a>) -> Result<(), Failure> {
        let nix = self.nix;
        let len = nix.list_len(&value);
        if !self.object.has_room(len) {
            self.add(key, data::TOO_MUCH, origin);
            return Ok(());
        }
        let place = self.place(origin);
        self.object.open_list(key.to_bytes(), place);
        for at in 0..len {
            self.look_for_interrupt()?;
            let Some(item) = nix.item(&value, at) else {
                return Err(self.failure(|| nix.item_as_it_is(&value, at)));
            };
            self.value(c"", item, origin)?;
        }
        self.object.close();
        Ok(())
    }

    /// Reads a derivation, or another set that Nix converts to a string, as that string. `toString` does not copy paths, as
    /// interpolation does, but takes numbers, lists and null, as interpolation does not.
    fn text_of_set(&mut self, value: Value<'a>) -> Result<Data<'a>, Failure> {
        let nix = self.nix;
        let text = self.call(c"toString", &value)?;
        if !self.ends_in_text(value.clone()) {
            return Err(Failure::Value(self.lazy(c"interpolate", &value)?));
        }
        let data =
            nix.text(text.value(), data::text_copy).ok_or(Failure::Memory)?.map_err(of_kind(self.object.kind()))?;
        self.contexts.push(text);
        Ok(data)
    }

    /// Returns whether what a set is converted to is text, not a number, a list or null.
    fn ends_in_text(&self, mut value: Value<'a>) -> bool {
        let nix = self.nix;
        while matches!(nix.kind(&value), Type::Set) {
            if let Some(convert) = nix.attribute(&value, c"__toString") {
                let end = nix.call(&convert, [&value]);
                return end.is_some_and(|end| matches!(nix.kind(end.value()), Type::Text | Type::Path | Type::Set));
            }
            let Some(next) = nix.attribute(&value, c"outPath") else { return false };
            value = next;
        }
        matches!(nix.kind(&value), Type::Text | Type::Path)
    }

    fn function(&self, name: &CStr) -> Result<Value<'a>, Failure> {
        self.nix.attribute(self.evaluator, name).ok_or(Failure::Memory)
    }

    /// Calls a function of the evaluator with a value.
    fn call(&self, name: &CStr, value: &Value<'_>) -> Result<Made, Failure> {
        let function = self.function(name)?;
        match self.nix.call(&function, [value]) {
            Some(result) => Ok(result),
            None => Err(self.failure(|| self.nix.lazy_call(&function, value))),
        }
    }

    /// Returns the call of a function of the evaluator as a value that is not evaluated.
    pub fn lazy(&self, name: &CStr, value: &Value<'_>) -> Result<Made, Failure> {
        self.nix.lazy_call(&self.function(name)?, value)
    }

    /// Returns the failure of the last evaluation. `again` makes a value that fails in the same way.
    fn failure(&self, again: impl FnOnce() -> Result<Made, Failure>) -> Failure {
        match self.nix.stop() {
            Some(stop) => stop,
            None => again().map_or_else(|failure| failure, Failure::Value),
        }
    }

    /// Stops if the user has pressed Ctrl-C. The C API does not tell, but `toJSON` looks before it writes.
    fn look_for_interrupt(&mut self) -> Result<(), Failure> {
        let now = clock::now();
        if now.saturating_sub(self.looked) >= PATIENCE {
            self.looked = now;
            self.call(c"toJSON", self.nix.new_text("")?.value())?;
        }
        Ok(())
    }
}
