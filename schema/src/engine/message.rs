//! Messages of problems that plain Nix reports as well, each declared once: here it is a function, and in
//! `schema/json/messages.json` a text with placeholders, which plain Nix fills in.

use std::fmt::{Debug, Display};

/// Declares messages: `name(values) = "text"`. In the text, `{value}` is a value and `{value:?}` the value in quotes.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident($($value:ident),*) = $text:literal;)*) => {
        $(messages! { @one $(#[$doc])* $name($($value),*) $text })*

        /// All messages: the name and the text with placeholders.
        pub const MESSAGES: &[(&str, &str)] = &[$((stringify!($name), $text)),*];
    };
    (@one $(#[$doc:meta])* $name:ident() $text:literal) => {
        $(#[$doc])*
        pub const fn $name() -> &'static str {
            $text
        }
    };
    (@one $(#[$doc:meta])* $name:ident($($value:ident),+) $text:literal) => {
        $(#[$doc])*
        pub fn $name($($value: impl Display + Debug),+) -> String {
            format!($text)
        }
    };
}

messages! {
    /// Start of a problem's first line.
    headline(severity, code) = "{severity}[{code}]: ";
    /// End of a problem's first line: the name or word that was probably meant.
    suggestion(meant) = "; did you mean {meant:?}?";
    /// Line with advice on how to solve the problem.
    hint(advice) = "hint: {advice}";
    /// Advice below all problems: the command that explains their code, or codes.
    explained(code) = "for an explanation with examples, run `nixvirt explain {code}`";

    /// Choice between words, of which the last is apart.
    choice(first, last) = "{first} or {last}";
    /// Choice between too many words to list.
    many(first) = "{first}, …";
    /// Choice between two descriptions.
    either(one, other) = "{one}, or {other}";
    /// What is expected of a value, as a reason.
    expected(what) = "expected {what}";

    /// Text without a form.
    string() = "a string";
    /// Number that may have a fraction.
    number() = "a number";
    /// Number with a fraction that was found.
    fraction() = "a number with a fraction";
    /// List that was found.
    list() = "a list";
    /// Set of any parts.
    set() = "a set";
    /// Function that was found.
    function() = "a function";
    /// XML of any kind.
    xml() = "XML in a string";
    /// Attributes of `extra`.
    strings() = "a set of strings";
    /// Switch.
    switch() = "true or false";
    /// Whole number.
    whole_number() = "a whole number";
    /// Whole number with a minimum.
    whole_number_from(min) = "a whole number, at least {min}";
    /// Whole number with a minimum and a maximum.
    whole_number_between(min, max) = "a whole number from {min} to {max}";
    /// Number with a unit.
    size(example) = "a size, e.g. {example:?}";
    /// Hexadecimal number of any value.
    hexadecimal(digits) = "a number, or a string of up to {digits} hexadecimal digits";
    /// Hexadecimal number with a maximum, which is given in decimal and in hexadecimal digits.
    hexadecimal_up_to(max, digits) = "a number from 0 to {max}, or a string of hexadecimal digits from 0 to {digits}";

    /// Set with certain parts.
    set_of(parts) = "a set, e.g. {{ {parts}}}";
    /// Part of such a set.
    part_of_set(name) = "{name} = …; ";
    /// Element with a single value as its short form.
    value_or_set(value) = "{value}, or a set";
    /// Element with a switch as its short form.
    switch_or_set(set) = "true, false or {set}";
    /// Element with a notation as its short form.
    notation_or_set(what, example) = "a {what}, e.g. {example:?}, or a set";

    /// The value has another type.
    wrong_type(expected, found) = "expected {expected}, found {found}";
    /// The value is not valid. `found` is the value as messages show it.
    invalid(noun, found, expected) = "invalid {noun} {found}: expected {expected}";
    /// The text is not in the notation.
    not_in_notation(what, text, example) = "invalid {what} {text:?}: expected the form {example:?}";
    /// The name of an attribute in `extra` is no name in XML.
    invalid_xml_name(name) = "invalid XML name {name:?}";
    /// The number has a fraction.
    no_fraction(expected) = "a number with a fraction is not allowed here: expected {expected}";
    /// Advice on a number with a fraction that is valid as a text.
    write_in_quotes(text) = "write it in quotes: {text:?}";
    /// Part of a set with its value.
    assignment(name, value) = "{name} = {value:?}";
    /// Advice on a text in place of a set, given the parts that it is probably the value of.
    set_part(assigned) = "set {assigned}";
    /// The same for an item of a list.
    write_set(assigned) = "write {{ {assigned}; }}";
    /// Advice on a text that names the value of a switch.
    write_switch(word) = "write {word} without quotes";
    /// Advice on an address with a prefix where only an address is expected.
    write_without_prefix(address) = "write the address without its prefix: {address:?}";
    /// Advice on a size with a unit where a number is expected, given the description of the number.
    without_a_unit(description) = "give the number without a unit ({description})";
    /// The size is not a whole number of the unit that libvirt counts in, or is out of range.
    invalid_size(text, unit, max) = "invalid size {text:?}: expected a whole number of {unit}, at most {max}";
    /// The unit of a number is in its text and in an attribute as well.
    unit_given_twice(number, unit) = "the unit is given twice: in `{number}` and in `{unit}`";
    /// A list for an element that occurs once has several items.
    occurs_once(name) = "{name:?} is given twice, but occurs once";
    /// Advice on such a list.
    keep_one_item() = "keep one item of the list";
    /// XML in place of a spec.
    xml_for_a_set() = "expected a set, found XML in a string";
    /// Advice on XML in place of a spec.
    convert_xml() = "convert the XML to a spec with `fromXML` or `nixvirt import`";
    /// The set is made by a function of the module system.
    module_function(function) = "{function} has no effect in a spec";
    /// Advice on a function of the module system.
    instead_of_function(instead) = "use {instead}, or use the function in a module option";

    /// A required attribute is missing.
    missing(name, reason) = "missing required attribute {name:?}: {reason}";
    /// A required list has no items.
    empty(name, expected) = "{name:?} must not be empty: expected {expected}";

    /// The element has no such attribute.
    unknown_attribute(name) = "unknown attribute {name:?}";
    /// The element has no such attribute, for a reason.
    unexpected_attribute(name, reason) = "unknown attribute {name:?}: {reason}";
    /// Another form of the element has the attribute.
    belongs_to(name, form) = "attribute {name:?} requires {form}";
    /// Another form of the parent has the attribute.
    part_belongs_to(field, name, form) = "`{field}.{name}` requires {form}";
    /// Form of an element that is not chosen: the deciding attribute, its words, and the word that is chosen.
    other_form(tag, words, chosen) = "{tag} {words}, but {tag} is {chosen:?}";
    /// A part of the element has the attribute.
    belongs_under(name, parts) = "attribute {name:?} belongs under {parts}";
    /// Path of a part of an element.
    path(path) = "`{path}`";
    /// Reason: the element has no attributes at all.
    no_attributes() = "this element has no attributes";
    /// Advice on the name of an item, as in `disk.vda = { … }`.
    write_a_list() = "write a list: only the options of the modules take items by name";
    /// Advice on what only a newer libvirt has.
    newer_libvirt() = "if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`";

    /// A part of a domain that KubeVirt lacks.
    no_counterpart() = "KubeVirt has no counterpart";
    /// A word that KubeVirt lacks.
    no_counterpart_of(found) = "KubeVirt has no counterpart of {found:?}";
    /// A word that KubeVirt lacks, and what the virtual machine has in its place.
    replaced(found, word) = "KubeVirt has no {found:?}: the virtual machine gets {word:?}";
    /// A name of which nothing is left.
    no_kubernetes_name(found) = "no letter or digit of {found:?} can be part of a name in Kubernetes";
    /// A name of a virtual machine that is too long.
    long_kubernetes_name(found) = "a virtual machine cannot be called {found:?}: Kubernetes allows 63 characters";
}

/// Function of nixpkgs' module system whose result has no meaning in a spec.
#[derive(Debug)]
pub struct ModuleFunction {
    /// Value of the attribute `_type` of the result.
    pub tag: &'static str,
    /// Name of the function.
    pub function: &'static str,
    /// What to use instead.
    pub instead: &'static str,
}

/// The functions of nixpkgs' module system.
pub const MODULE_FUNCTIONS: &[ModuleFunction] = &[
    ModuleFunction { tag: "if", function: "lib.mkIf", instead: "`if … then … else null`" },
    ModuleFunction { tag: "merge", function: "lib.mkMerge", instead: "`//`" },
    ModuleFunction { tag: "order", function: "lib.mkOrder", instead: "the value itself" },
    ModuleFunction {
        tag: "override",
        function: "lib.mkOverride (lib.mkDefault, lib.mkForce)",
        instead: "the value itself",
    },
];
