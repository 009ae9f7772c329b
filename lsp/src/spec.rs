//! Specs of a file in the form that the tables read: what the file does not tell is unknown.

use crate::by_name::{any_name, fields_of_one};
use crate::catalog;
use crate::nix::evaluate::{as_set, merged, opened};
use crate::nix::functions::content;
use crate::nix::value::{Data, Entry, List, Marked, Set, Span, Value};
use crate::place::{Element, Place, Slot};
use crate::values;
use nixvirt_schema::engine::table::{Schema, Type, Variant};
use nixvirt_schema::engine::value::{Builder, Data as Known, Spec};
use nixvirt_schema::kind::Kind;
use std::borrow::Cow;
use std::rc::Rc;

/// Value of a spec of that kind.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Kind of the object.
    pub kind: Kind,
    /// The spec.
    pub value: Value,
    /// Whether the module system reads the spec, and takes `mkIf` and the like apart.
    pub is_option: bool,
    /// Paths of devices by name in the spec, each with the path among the options.
    pub places: Vec<(String, String)>,
}

/// Where a value of a spec comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Place that Nix tells: that of the path which the value is assigned to.
    pub place: Span,
    /// Name of the value.
    pub key: Span,
    /// Expression of the value.
    pub expression: Span,
}

/// Returns the specs at a place and below it.
pub fn declared(place: &Place) -> Vec<Declared> {
    let mut found = Vec::new();
    add(place, None, &mut found);
    found
}

fn add(place: &Place, name: Option<&Entry>, found: &mut Vec<Declared>) {
    let Some(value) = &place.value else { return };
    let again = |value: &Value, found: &mut Vec<Declared>| {
        add(&Place { value: Some(value.clone()), ..place.clone() }, name, found);
    };
    match (&place.slot, &value.data) {
        (Slot::Element(element), _) => {
            found.push(Declared { kind: element.kind, value: value.clone(), is_option: false, places: Vec::new() })
        }
        (Slot::Object(kind), Data::Set(set)) => add_object(*kind, set, name, value.at, found),
        (_, Data::Marked(marked)) => again(&marked.content, found),
        (_, Data::Either(values)) => values.iter().for_each(|value| again(value, found)),
        (Slot::Objects(_), Data::List(list)) => {
            list.items.iter().for_each(|item| add(&place.item(Some(item.clone())), None, found));
        }
        // The name of the object is missing.
        (Slot::Objects(kind), Data::Set(set)) if !fields_of_one(Slot::Object(*kind), set).is_empty() => {}
        (Slot::Options | Slot::Connections | Slot::Connection | Slot::Objects(_), Data::Set(set)) => {
            for entry in &set.entries {
                if let Some(inner) = place.attribute(entry.name.as_deref()) {
                    add(&Place { value: Some(entry.value.clone()), ..inner }, Some(entry), found);
                }
            }
        }
        _ => {}
    }
}

/// Adds the spec of an object among the options of a module: its definition, overridden by the fields beside it.
fn add_object(kind: Kind, object: &Rc<Set>, name: Option<&Entry>, at: Span, found: &mut Vec<Declared>) {
    let settings = catalog::settings_of(kind);
    let is_setting = |name: &str| settings.iter().any(|setting| setting.name == name);
    for setting in settings.iter().filter(|setting| setting.objects.is_some()) {
        let whole = Place { slot: Slot::Object(kind), value: None };
        if let (Some(place), Some(entry)) = (whole.attribute(Some(&setting.name)), object.get(&setting.name)) {
            add(&Place { value: Some(entry.value.clone()), ..place }, None, found);
        }
    }
    let definition = object.get("definition").map(|entry| content(&entry.value));
    let own = object.entries.iter().filter(|entry| entry.name.as_deref().is_none_or(|name| !is_setting(name)));
    let own = Set { entries: own.cloned().collect(), ..(**object).clone() };
    let is_named_only = own.entries.iter().all(|entry| entry.name.as_deref() == Some("name"));
    match &definition {
        // A file with XML.
        Some(Value { data: Data::Text(_) | Data::Path(_), .. }) => return,
        None | Some(Value { data: Data::Null, .. })
            if matches!(kind, Kind::Snapshot | Kind::Volume) && is_named_only =>
        {
            return;
        }
        _ => {}
    }
    let definition = definition.filter(|definition| !matches!(definition.data, Data::Null));
    let mut places = Vec::new();
    let own = if kind == Kind::Domain { with_devices(own, definition.as_ref(), &mut places) } else { own };
    // Other modules may add to what is by name, and a definition that is not known to what is beside it.
    let is_partial = name.is_some() || definition.as_ref().is_some_and(|it| it.set().is_none_or(|set| set.is_open));
    let mut first = Set::default();
    match (kind, name) {
        // The UUID of a secret follows from its name.
        (Kind::Secret, _) => {
            first.entries.extend(name.map(|entry| Entry { value: Value::unknown(entry.key), ..named("uuid", entry) }))
        }
        (_, Some(entry)) => first.entries.push(of_key(entry)),
        (_, None) => {}
    }
    let set = |set: Set| Value { data: Data::Set(Rc::new(set)), at };
    let mut spec = set(first);
    if let Some(definition) = definition {
        spec = merged(spec, definition, false, at);
    }
    spec = merged(spec, set(own), true, at);
    if is_partial {
        spec = opened(&spec);
    }
    found.push(Declared { kind, value: spec, is_option: true, places });
}

/// Returns the attribute `name` of an object by name.
fn of_key(entry: &Entry) -> Entry {
    let name = entry.name.as_ref().map_or(Data::unknown(), |name| Data::Text(Rc::clone(name)));
    Entry { value: Value { data: name, at: entry.key }, ..named("name", entry) }
}

fn named(name: &str, like: &Entry) -> Entry {
    Entry { name: Some(name.into()), ..like.clone() }
}

/// Returns the fields beside a definition with its devices as lists, where they are by name. Adds the places of these devices.
fn with_devices(mut own: Set, definition: Option<&Value>, places: &mut Vec<(String, String)>) -> Set {
    let Some(devices) = own.entries.iter_mut().find(|entry| entry.name.as_deref() == Some("devices")) else {
        return own;
    };
    let root = Element::root(Kind::Domain, true);
    let Some(all_devices) = root.schema.field("devices").and_then(|(_, field)| root.child(field)) else { return own };
    let mut all = as_set(&content(&devices.value));
    for entry in &mut all.entries {
        let kind = entry.name.clone().unwrap_or_default();
        let field = all_devices.schema.field(&kind).map(|(_, field)| field);
        if let Some(device) = field.filter(|it| all_devices.has_by_name(it)).and_then(|it| all_devices.child(it)) {
            let value = content(&entry.value);
            places.extend(places_of(&kind, device, &value));
            entry.value = listed(&kind, device, &value, definition.is_some());
        }
    }
    devices.value = Value { data: Data::Set(Rc::new(all)), at: devices.value.at };
    own
}

/// Returns the places of devices by name in a list, each with the path among the options.
fn places_of(kind: &str, device: Element, devices: &Value) -> Vec<(String, String)> {
    let Some(by_name) = devices.set() else { return Vec::new() };
    let path = format!("devices.{kind}");
    if !fields_of_one(Slot::Element(device), by_name).is_empty() {
        return vec![(format!("{path}[0]"), path)];
    }
    let names = given(by_name).map(|entry| entry.name.as_deref().unwrap_or("?"));
    names.enumerate().map(|(at, name)| (format!("{path}[{at}]"), values::below(&path, name))).collect()
}

/// Returns the devices by name that are not left out.
fn given(by_name: &Set) -> impl Iterator<Item = &Entry> {
    by_name.entries.iter().filter(|device| !matches!(device.value.data, Data::Null))
}

/// Returns the devices of a kind as a list, where they are by name. The definition may have others.
fn listed(kind: &str, device: Element, devices: &Value, has_definition: bool) -> Value {
    let schema = device.schema;
    let data = match &devices.data {
        Data::Set(by_name) => {
            let is_one = !fields_of_one(Slot::Element(device), by_name).is_empty();
            let items = if is_one {
                vec![in_default_form(schema, &unnamed_item(kind, devices))]
            } else {
                given(by_name).map(|one| in_default_form(schema, &item(kind, one))).collect()
            };
            Data::List(Rc::new(List { items, is_open: by_name.is_open || has_definition }))
        }
        // The modules know the format of a volume that is declared.
        Data::List(list) if kind == "disk" => {
            let items = list.items.iter().map(|item| in_default_form(schema, &opened(item))).collect();
            Data::List(Rc::new(List { items, is_open: list.is_open }))
        }
        Data::Either(all) => Data::Either(all.iter().map(|one| listed(kind, device, one, has_definition)).collect()),
        other => other.clone(),
    };
    Value { data, at: devices.at }
}

/// Returns a device without a name, as if it had one.
fn unnamed_item(kind: &str, device: &Value) -> Value {
    let Value { at, .. } = *device;
    item(kind, &Entry { name: Some(any_name(kind).into()), key: at, path: at, expression: at, value: device.clone() })
}

/// Returns a device by name, with what follows from the name. Other modules and the definition may add to it.
fn item(kind: &str, device: &Entry) -> Value {
    let at = device.value.at;
    let mut from_name = Set::default();
    let name = Entry { value: of_key(device).value, ..device.clone() };
    match kind {
        "disk" => {
            let target = Set { entries: vec![named("dev", &name)], ..Set::default() };
            let value = Value { data: Data::Set(Rc::new(target)), at };
            from_name.entries.push(Entry { value, ..named("target", device) });
        }
        "graphics" => from_name.entries.push(named("type", &name)),
        _ => {}
    }
    let from_name = Value { data: Data::Set(Rc::new(from_name)), at };
    opened(&merged(from_name, content(&device.value), true, at))
}

/// Returns a device in its default form, if it has parts of that form, or of none. Another module may choose another form.
fn in_default_form(device: &'static Schema, value: &Value) -> Value {
    let unchanged = || value.clone();
    let (Some(set), Some(forms)) = (value.set(), &device.forms) else { return unchanged() };
    let variants = (forms.variants)();
    let Some(default) = variants.default.filter(|_| set.get(variants.tag).is_none()) else { return unchanged() };
    let of_forms: Vec<_> = set.entries.iter().filter(|entry| !is_field(device, entry)).collect();
    let fits = |variant: &Variant| of_forms.iter().all(|entry| fits(&variant.schema, entry));
    let is_default = |variant: &&Variant| variant.word == default;
    let is_certain = variants.variants.iter().find(is_default).is_some_and(fits) || !variants.variants.iter().any(fits);
    match of_forms.first() {
        Some(first) if is_certain => {
            let mut set = (**set).clone();
            let word = Value { data: Data::Text(default.into()), at: first.key };
            set.entries.push(Entry { value: word, ..named(variants.tag, first) });
            Value { data: Data::Set(Rc::new(set)), at: value.at }
        }
        _ => unchanged(),
    }
}

fn is_field(schema: &Schema, entry: &Entry) -> bool {
    entry.name.as_deref().is_none_or(|name| schema.field(name).is_some())
}

/// Returns whether an element has a part with the names that an attribute has below it.
fn fits(schema: &Schema, entry: &Entry) -> bool {
    let field = entry.name.as_deref().and_then(|name| schema.field(name));
    match (field.map(|(_, field)| field.ty), entry.value.set()) {
        (Some(Type::Element(inner)), Some(set)) => set.entries.iter().all(|entry| is_field(inner(), entry)),
        (field, _) => field.is_some(),
    }
}

/// Values that conditions decide about, as in `if`. Each is known by its address.
pub type Condition = *const ();

/// Which values some conditions choose. All others are unknown.
pub type Branch = Vec<(Condition, usize)>;

/// Spec in the form that the tables read.
pub struct Built<'v> {
    /// The spec.
    pub spec: Spec<'v>,
    /// The origins by the numbers that its values have.
    pub origins: Vec<Origin>,
    /// The conditions that the branch says nothing about, each with the number of values that it may choose.
    pub conditions: Vec<(Condition, usize)>,
}

/// Builds the spec of a value in a branch.
pub fn build<'v>(declared: &'v Declared, branch: &Branch) -> Built<'v> {
    let at = declared.value.at;
    let brace = Span { range: rnix::TextRange::at(at.range.start(), rnix::TextSize::new(1)), ..at };
    let mut walk = Walk {
        kind: declared.kind,
        builder: Builder::new(),
        origins: Vec::new(),
        is_option: declared.is_option,
        branch,
        conditions: Vec::new(),
    };
    walk.value("", &declared.value, Origin { place: brace, key: brace, expression: brace });
    Built { spec: walk.builder.finish(), origins: walk.origins, conditions: walk.conditions }
}

struct Walk<'v, 'b> {
    kind: Kind,
    builder: Builder<'v>,
    origins: Vec<Origin>,
    is_option: bool,
    branch: &'b Branch,
    conditions: Vec<(Condition, usize)>,
}

impl<'v> Walk<'v, '_> {
    /// Returns which value a condition chooses, if the branch says so.
    fn chosen(&mut self, condition: Condition, count: usize) -> Option<usize> {
        let known = self.branch.iter().find(|(known, _)| *known == condition).map(|(_, chosen)| *chosen);
        if known.is_none() {
            self.conditions.push((condition, count));
        }
        known
    }

    fn value(&mut self, key: &'v str, value: &'v Value, origin: Origin) {
        match &value.data {
            Data::Marked(marked) if self.is_option => {
                if marked.is_certain || self.chosen(Rc::as_ptr(marked).cast(), 1).is_some() {
                    return self.value(key, &marked.content, origin);
                }
            }
            Data::Either(all) => {
                let given = || all.iter().filter(|one| !matches!(one.data, Data::Null));
                if let Some(chosen) = self.chosen(Rc::as_ptr(all).cast(), given().count()) {
                    let Some(value) = given().nth(chosen) else { return };
                    return self.value(key, value, Origin { expression: value.at, ..origin });
                }
            }
            _ => {}
        }
        self.origins.push(origin);
        let number = self.origins.len() as u32;
        let known = match &value.data {
            Data::Null => Known::Null,
            Data::Bool(it) => Known::Bool(*it),
            Data::Int(it) => Known::Int(*it),
            Data::Float(it) => Known::Float(*it),
            Data::Text(it) => Known::Text(Cow::Borrowed(it)),
            Data::Path(it) => Known::Text(it.to_string_lossy()),
            Data::Function(_) => Known::Other("a function"),
            Data::Partial(_) | Data::Either(_) | Data::Named(_) => return self.builder.add_unknown(key, number),
            Data::Marked(_) if self.is_option => return self.builder.add_unknown(key, number),
            Data::Marked(marked) => return self.marked(key, marked, number, origin),
            Data::List(list) => return self.list(key, list, number, origin),
            Data::Set(set) => return self.set(key, set, number),
        };
        self.builder.add(key, known, number);
    }

    /// Adds what `mkIf` and the like make of a value, which nothing takes apart outside of the module system.
    fn marked(&mut self, key: &'v str, marked: &'v Marked, number: u32, origin: Origin) {
        self.builder.open_set(key, number);
        self.origins.push(origin);
        self.builder.add("_type", Known::Text(Cow::Borrowed(marked.tag)), number + 1);
        self.builder.close();
    }

    fn list(&mut self, key: &'v str, list: &'v List, number: u32, origin: Origin) {
        if !self.builder.has_room(list.items.len() + 1) {
            return self.builder.add_unknown(key, number);
        }
        self.builder.open_list(key, number);
        for item in &list.items {
            self.value("", item, Origin { expression: item.at, ..origin });
        }
        if list.is_open {
            self.builder.add_unknown("", number);
        }
        self.builder.close();
    }

    fn set(&mut self, key: &'v str, set: &'v Set, number: u32) {
        let is_text = ["outPath", "__toString"].iter().any(|name| set.get(name).is_some());
        if is_text || !self.builder.has_room(set.entries.len() + 1) {
            return self.builder.add_unknown(key, number);
        }
        let is_root = self.builder.depth() == 0;
        self.builder.open_set(key, number);
        for entry in &set.entries {
            let Some(name) = entry.name.as_deref() else { continue };
            // Volumes that a template declares beside the domain.
            if is_root && self.kind == Kind::Domain && name == "volumes" {
                continue;
            }
            self.value(name, &entry.value, Origin { place: entry.path, key: entry.key, expression: entry.expression });
        }
        if set.is_open {
            self.builder.add_unknown("", number);
        }
        self.builder.close();
    }
}
