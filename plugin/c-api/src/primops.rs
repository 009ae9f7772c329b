//! The functions that `builtins.nix` makes the builtins of.

use crate::nix::{Failure, Made, Nix, Primop, Type, Value};
use crate::walk::Walk;
use nixvirt_builtins::object::{self, kinds, version};
use nixvirt_schema::engine::problem::Position;
use std::ffi::{CStr, CString};
use std::fmt::Display;

/// `builtins.nixvirt`.
pub static BUILTINS: Primop = Primop {
    name: c"nixvirt",
    arity: 0,
    doc: c"Functions for libvirt objects. A set with `version`, `kinds` (the list of kinds) and, for each kind, a set of \
        `toXML`, `validate`, `fromXML` and `schema`.",
    function: make_builtins,
};

static CHECK: Primop = Primop { name: c"nixvirt.check", arity: 4, doc: c"", function: check };
static DIAGNOSE: Primop = Primop { name: c"nixvirt.diagnose", arity: 4, doc: c"", function: diagnose };
static FROM_XML: Primop = Primop { name: c"nixvirt.fromXML", arity: 3, doc: c"", function: from_xml };
static SCHEMA: Primop = Primop { name: c"nixvirt.schema", arity: 2, doc: c"", function: schema };

type Answer<T> = Result<T, Failure>;

fn make_builtins<'a>(nix: &Nix<'a>, _: &'a [Value<'a>]) -> Answer<Made> {
    let expression = CString::new(include_str!("builtins.nix")).map_err(|why| Failure::Message(why.to_string()))?;
    let make = nix.evaluate(&expression)?;
    let names: Vec<_> = kinds().iter().map(|name| nix.new_text(name.as_str())).collect::<Result<_, _>>()?;
    let plugin = nix.new_set(&[
        (c"version", nix.new_text(version())?),
        (c"kinds", nix.new_list(names.iter().map(Made::value))?),
        (c"check", nix.new_function(&CHECK)?),
        (c"diagnose", nix.new_function(&DIAGNOSE)?),
        (c"fromXML", nix.new_function(&FROM_XML)?),
        (c"schema", nix.new_function(&SCHEMA)?),
    ])?;
    nix.call(make.value(), [plugin.value()]).ok_or(Failure::Memory)
}

/// Returns a value for Nix to evaluate: the answer, or what fails for the reason why there is none.
fn answer(nix: &Nix<'_>, evaluator: &Value<'_>, answer: Answer<Made>) -> Answer<Made> {
    match answer {
        Err(Failure::Message(message)) => lazy(nix, evaluator, c"throw", message),
        Err(Failure::Value(value)) => Ok(value),
        other => other,
    }
}

/// Returns the call of a function of Nix with a text, as a value that is not evaluated.
fn lazy(nix: &Nix<'_>, evaluator: &Value<'_>, function: &CStr, text: impl Into<Vec<u8>>) -> Answer<Made> {
    let function = nix.attribute(evaluator, function).ok_or(Failure::Memory)?;
    nix.lazy_call(&function, nix.new_text(text)?.value())
}

/// An object that was read and checked, with the positions of its problems.
struct Checked<'n, 'a> {
    walk: Walk<'n, 'a>,
    positions: Vec<Option<Position>>,
}

impl<'n, 'a> Checked<'n, 'a> {
    fn new(nix: &'n Nix<'a>, [evaluator, kind, libvirt, spec]: &'a [Value<'a>; 4]) -> Answer<Self> {
        let (kind, libvirt) = (name(nix, evaluator, kind)?, name(nix, evaluator, libvirt)?);
        let mut walk = Walk::new(nix, evaluator, &kind);
        walk.read(spec)?;
        let places = walk.object.finish(&libvirt).map_err(of_kind(&kind))?;
        let positions = places.into_iter().map(|place| walk.position(place)).collect();
        Ok(Checked { walk, positions })
    }
}

fn check<'a>(nix: &Nix<'a>, arguments: &'a [Value<'a>]) -> Answer<Made> {
    let arguments = taken(nix, arguments)?;
    let checked = || {
        let Checked { mut walk, positions } = Checked::new(nix, arguments)?;
        let summary = walk.object.summary(positions).map_err(of_kind(walk.object.kind()))?;
        let Some(xml) = walk.object.xml() else { return Err(Failure::Message(summary)) };
        let with_context = walk.lazy(c"withContext", walk.context()?.value())?;
        let with_warnings = nix.lazy_call(with_context.value(), nix.new_text(summary)?.value())?;
        nix.lazy_call(with_warnings.value(), nix.new_text(xml)?.value())
    };
    answer(nix, &arguments[0], checked())
}

fn diagnose<'a>(nix: &Nix<'a>, arguments: &'a [Value<'a>]) -> Answer<Made> {
    let arguments = taken(nix, arguments)?;
    let diagnosed = || {
        let Checked { mut walk, positions } = Checked::new(nix, arguments)?;
        let problems = walk.object.diagnostics(positions).map_err(of_kind(walk.object.kind()))?;
        lazy(nix, &arguments[0], c"fromJSON", problems)
    };
    answer(nix, &arguments[0], diagnosed())
}

fn from_xml<'a>(nix: &Nix<'a>, arguments: &'a [Value<'a>]) -> Answer<Made> {
    let [evaluator, kind, xml] = taken(nix, arguments)?;
    let imported = || {
        let kind = name(nix, evaluator, kind)?;
        let spec = text(nix, evaluator, xml, |xml| object::from_xml(&kind, xml))?.map_err(of_kind(&kind))?;
        lazy(nix, evaluator, c"fromJSON", spec)
    };
    answer(nix, evaluator, imported())
}

fn schema<'a>(nix: &Nix<'a>, arguments: &'a [Value<'a>]) -> Answer<Made> {
    let [evaluator, kind] = taken(nix, arguments)?;
    let kind = name(nix, evaluator, kind)?;
    answer(
        nix,
        evaluator,
        object::schema(&kind).map_err(of_kind(&kind)).and_then(|it| lazy(nix, evaluator, c"fromJSON", it)),
    )
}

/// Takes the arguments of a function, of which the first is the set of functions of Nix.
fn taken<'a, const N: usize>(nix: &Nix<'a>, arguments: &'a [Value<'a>]) -> Answer<&'a [Value<'a>; N]> {
    let taken: &[_; N] = arguments.try_into().map_err(|_| Failure::Memory)?;
    if nix.force(&taken[0]) { Ok(taken) } else { Err(Failure::Memory) }
}

/// Reads an argument that has to be a string.
fn text<T>(nix: &Nix<'_>, evaluator: &Value<'_>, argument: &Value<'_>, read: impl FnOnce(&[u8]) -> T) -> Answer<T> {
    if nix.force(argument) && matches!(nix.kind(argument), Type::Text) {
        return nix.text(argument, read).ok_or(Failure::Memory);
    }
    // Nix reports the problem: `hasContext` takes strings only.
    let expects_text = nix.attribute(evaluator, c"hasContext").ok_or(Failure::Memory)?;
    Err(Failure::Value(nix.lazy_call(&expects_text, argument)?))
}

/// Reads the name of a kind, or that of a release of libvirt.
fn name(nix: &Nix<'_>, evaluator: &Value<'_>, argument: &Value<'_>) -> Answer<String> {
    text(nix, evaluator, argument, |name| String::from_utf8_lossy(name).into_owned())
}

/// Returns what makes a failure of a reason. The message begins with the kind of the object.
pub fn of_kind<Why: Display>(kind: &str) -> impl Fn(Why) -> Failure {
    move |why| Failure::Message(format!("{kind}: {why}"))
}
