//! Finds out what is known of an expression: literals, sets, functions that the file defines, and files that it imports. Nix
//! is not evaluated: whatever needs more is unknown.

use super::functions;
use super::scope::{Binding, Env, Names, Piece, Scope, Source, State};
use super::value::{Closure, Data, Entry, List, Marked, Partial, Set, Span, Value};
use crate::files::{FileId, Files};
use rnix::ast::{self, BinOpKind, HasEntry, UnaryOpKind};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::{Rc, Weak};

/// Maximum depth of expressions, functions and files that lead from one to the next.
const MAX_DEPTH: u32 = 200;

/// Maximum number of expressions for one reading of a file. What needs more is unknown.
const MAX_STEPS: u32 = 400_000;

/// Maximum number of values that one expression may have.
const MAX_ALTERNATIVES: usize = 8;

/// Finds out values.
pub struct Evaluator<'f> {
    files: &'f Files,
    steps: Cell<u32>,
    depth: Cell<u32>,
    /// The scopes of the files, as they are if nobody calls the functions around.
    scopes: RefCell<HashMap<(FileId, SyntaxNode), Env>>,
    /// The values of whole files.
    imported: RefCell<HashMap<FileId, Option<Value>>>,
    /// The scopes that were opened.
    opened: RefCell<Vec<Weak<Scope>>>,
    /// The calls that were evaluated.
    called: RefCell<HashSet<Span>>,
    /// What was passed to the functions of the library.
    taken: RefCell<Vec<Taken>>,
}

/// Argument that a function of the library takes.
#[derive(Debug)]
pub struct Taken {
    /// Path of the function.
    pub function: Rc<[String]>,
    /// The argument.
    pub argument: Value,
}

/// A function that is bound in the scope around it holds that scope, which holds the function: nothing would free the two.
impl Drop for Evaluator<'_> {
    fn drop(&mut self) {
        for scope in self.opened.take().iter().filter_map(Weak::upgrade) {
            scope.forget_values();
        }
    }
}

impl<'f> Evaluator<'f> {
    /// Creates an evaluator that reads these files.
    pub fn new(files: &'f Files) -> Self {
        Evaluator {
            files,
            steps: Cell::new(0),
            depth: Cell::new(0),
            scopes: RefCell::default(),
            imported: RefCell::default(),
            opened: RefCell::default(),
            called: RefCell::default(),
            taken: RefCell::default(),
        }
    }

    /// Opens a scope.
    fn open(&self, names: Names, parent: Env) -> Env {
        let scope = Rc::new(Scope { names, parent });
        self.opened.borrow_mut().push(Rc::downgrade(&scope));
        Some(scope)
    }

    /// Returns the files that were imported.
    pub fn imported(&self) -> Vec<FileId> {
        self.imported.borrow().keys().copied().collect()
    }

    /// Returns the value of an expression of a file, whatever the arguments of the functions around it are.
    pub fn value(&self, file: FileId, expression: &ast::Expr) -> Value {
        let env = self.env(file, expression.syntax());
        self.evaluate(file, expression, &env)
    }

    /// Returns the value of a whole file.
    pub fn file(&self, file: FileId) -> Option<Value> {
        let known = self.imported.borrow().get(&file).cloned();
        if let Some(known) = known {
            return known;
        }
        // A file that imports itself is unknown.
        self.imported.borrow_mut().insert(file, None);
        let document = self.files.document(file);
        let root = ast::Root::cast(document.tree().clone()).and_then(|root| root.expr());
        let value = root.map(|root| self.evaluate(file, &root, &None));
        self.imported.borrow_mut().insert(file, value.clone());
        value
    }

    /// Returns the scope of an expression.
    fn env(&self, file: FileId, node: &SyntaxNode) -> Env {
        let mut child = node.clone();
        while let Some(parent) = child.parent() {
            if opens_scope(&parent, &child) {
                let key = (file, parent.clone());
                let known = self.scopes.borrow().get(&key).cloned();
                if let Some(known) = known {
                    return known;
                }
                let around = self.env(file, &parent);
                let made = self.scope(file, &parent, around);
                self.scopes.borrow_mut().insert(key, made.clone());
                return made;
            }
            child = parent;
        }
        None
    }

    /// Returns the scope that an expression opens.
    fn scope(&self, file: FileId, node: &SyntaxNode, around: Env) -> Env {
        match ast::Expr::cast(node.clone())? {
            ast::Expr::LetIn(it) => self.bound(file, &it, around),
            ast::Expr::LegacyLet(it) => self.bound(file, &it, around),
            ast::Expr::AttrSet(it) => self.bound(file, &it, around),
            ast::Expr::With(it) => {
                let namespace = it.namespace().map(|namespace| self.evaluate(file, &namespace, &around));
                let at = span(file, node);
                let names = Names::Attributes(namespace.unwrap_or_else(|| Value::unknown(at)));
                self.open(names, around)
            }
            ast::Expr::Lambda(it) => {
                let closure = Closure { file, lambda: it, env: around };
                self.arguments(&closure, &Value::unknown(span(file, node)))
            }
            _ => around,
        }
    }

    /// Returns the scope of the names that a `let` or a `rec` set binds.
    fn bound(&self, file: FileId, of: &impl HasEntry, around: Env) -> Env {
        let mut pieces: HashMap<String, Vec<Piece>> = HashMap::new();
        for piece in assignments(of).filter_map(piece) {
            if let Some(name) = piece.path.first().and_then(literal_name) {
                pieces.entry(name).or_default().push(piece);
            }
        }
        let assigned = pieces.into_iter().map(|(name, pieces)| (name, Source::Assigned(pieces)));
        let mut names: HashMap<_, _> = assigned.map(|(name, source)| (name, Binding::of(file, source))).collect();
        for inherit in of.inherits() {
            let from = inherit.from().and_then(|from| from.expr());
            for name in inherited(&inherit).iter().filter_map(literal_name) {
                let source = from.clone().map_or(Source::Outer, Source::From);
                names.insert(name, Binding::of(file, source));
            }
        }
        self.open(Names::Bound(names), around)
    }

    /// Returns the scope of the body of a function with an argument.
    fn arguments(&self, function: &Closure, argument: &Value) -> Env {
        let Closure { file, lambda, env } = function;
        let mut names = HashMap::new();
        match lambda.param() {
            Some(ast::Param::IdentParam(param)) => {
                if let Some(name) = param.ident().and_then(|ident| name_of(&ident)) {
                    names.insert(name.clone(), Binding::given(*file, named(argument.clone(), &name)));
                }
            }
            Some(ast::Param::Pattern(pattern)) => {
                if let Some(name) = pattern.pat_bind().and_then(|bind| bind.ident()).and_then(|it| name_of(&it)) {
                    names.insert(name.clone(), Binding::given(*file, named(argument.clone(), &name)));
                }
                for entry in pattern.pat_entries() {
                    let Some(name) = entry.ident().and_then(|ident| name_of(&ident)) else { continue };
                    let is_absent = argument.set().is_some_and(|set| !set.is_open);
                    let binding = match (argument.attribute(&name), entry.default()) {
                        (Some(given), _) => Binding::given(*file, given.clone()),
                        (None, Some(default)) if is_absent => {
                            let whole = Piece { path: Vec::new(), value: Some(default), whole: entry.syntax().clone() };
                            Binding::of(*file, Source::Assigned(vec![whole]))
                        }
                        (None, _) => Binding::given(*file, named(Value::unknown(span(*file, entry.syntax())), &name)),
                    };
                    names.insert(name, binding);
                }
            }
            None => {}
        }
        self.open(Names::Bound(names), env.clone())
    }

    /// Returns the value of an expression in a scope.
    pub fn evaluate(&self, file: FileId, expression: &ast::Expr, env: &Env) -> Value {
        let at = span(file, expression.syntax());
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MAX_STEPS || self.depth.get() >= MAX_DEPTH {
            return Value::unknown(at);
        }
        self.depth.set(self.depth.get() + 1);
        let data = self.data(file, expression, env, at);
        self.depth.set(self.depth.get() - 1);
        data
    }

    fn data(&self, file: FileId, expression: &ast::Expr, env: &Env, at: Span) -> Value {
        let inner = |inner: Option<ast::Expr>, env: &Env| match inner {
            Some(inner) => self.evaluate(file, &inner, env),
            None => Value::unknown(at),
        };
        let data = match expression {
            ast::Expr::Paren(it) => return inner(it.expr(), env),
            ast::Expr::Root(it) => return inner(it.expr(), env),
            ast::Expr::Assert(it) => return inner(it.body(), env),
            ast::Expr::LetIn(it) => return inner(it.body(), &self.bound(file, it, env.clone())),
            ast::Expr::With(it) => return inner(it.body(), &self.scope(file, it.syntax(), env.clone())),
            ast::Expr::IfElse(it) => {
                return match inner(it.condition(), env).data {
                    Data::Bool(true) => inner(it.body(), env),
                    Data::Bool(false) => inner(it.else_body(), env),
                    _ => either([inner(it.body(), env), inner(it.else_body(), env)], at),
                };
            }
            ast::Expr::Ident(it) => return self.ident(it, env, at),
            ast::Expr::Select(it) => return self.select(file, it, env, at),
            ast::Expr::Apply(it) => return self.call(inner(it.lambda(), env), inner(it.argument(), env), at),
            ast::Expr::BinOp(it) => return self.operation(it, inner(it.lhs(), env), inner(it.rhs(), env), at),
            ast::Expr::UnaryOp(it) => negated(it.operator(), inner(it.expr(), env).data),
            ast::Expr::Literal(it) => literal(it.syntax()),
            ast::Expr::Str(it) => self.string(file, it.syntax(), env),
            ast::Expr::PathAbs(it) => self.path(file, it.syntax()),
            ast::Expr::PathRel(it) => self.path(file, it.syntax()),
            ast::Expr::List(it) => {
                let items = it.items().map(|item| self.evaluate(file, &item, env)).collect();
                Data::List(Rc::new(List { items, is_open: self.has_error(at) }))
            }
            ast::Expr::AttrSet(it) => {
                let is_recursive = it.rec_token().is_some();
                let inside = if is_recursive { self.bound(file, it, env.clone()) } else { env.clone() };
                Data::Set(Rc::new(self.set(file, it, env, &inside, at)))
            }
            ast::Expr::Lambda(it) if has_token(it.syntax(), SyntaxKind::TOKEN_COLON) => {
                Data::Function(Rc::new(Closure { file, lambda: it.clone(), env: env.clone() }))
            }
            // Braces around the first name of a set look like arguments.
            ast::Expr::Lambda(_)
            | ast::Expr::HasAttr(_)
            | ast::Expr::LegacyLet(_)
            | ast::Expr::PathHome(_)
            | ast::Expr::PathSearch(_)
            | ast::Expr::CurPos(_)
            | ast::Expr::Error(_) => Data::unknown(),
        };
        Value { data, at }
    }

    fn ident(&self, ident: &ast::Ident, env: &Env, at: Span) -> Value {
        let Some(name) = name_of(ident) else { return Value::unknown(at) };
        if let Some(found) = self.look_up(&name, env) {
            return named(found, &name);
        }
        let data = match name.as_str() {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            _ => Data::Named(Rc::from([name])),
        };
        Value { data, at }
    }

    fn look_up(&self, name: &str, env: &Env) -> Option<Value> {
        let mut namespaces = Vec::new();
        let mut scope = env.as_ref();
        while let Some(it) = scope {
            match &it.names {
                Names::Bound(names) => {
                    if let Some(binding) = names.get(name) {
                        return Some(self.binding(name, binding, it));
                    }
                }
                Names::Attributes(namespace) => namespaces.push(namespace),
            }
            scope = it.parent.as_ref();
        }
        if matches!(name, "null" | "true" | "false" | "builtins" | "import" | "map") {
            return None;
        }
        namespaces.into_iter().find_map(|namespace| match &namespace.data {
            Data::Set(set) => match set.get(name) {
                Some(entry) => Some(entry.value.clone()),
                None => set.is_open.then(|| Value::unknown(namespace.at)),
            },
            Data::Named(path) if !path.is_empty() => {
                let path: Vec<_> = path.iter().cloned().chain([name.to_owned()]).collect();
                Some(Value { data: Data::Named(Rc::from(path)), at: namespace.at })
            }
            _ => None,
        })
    }

    /// Returns the value of a name that a scope has.
    fn binding(&self, name: &str, binding: &Binding, scope: &Rc<Scope>) -> Value {
        let state = binding.state.borrow().clone();
        match state {
            State::Known(value) => return value,
            State::Asked | State::Unasked => {}
        }
        let at = match &binding.source {
            Source::Assigned(pieces) => pieces.first().map(|piece| span(binding.file, &piece.whole)),
            Source::From(from) => Some(span(binding.file, from.syntax())),
            Source::Outer | Source::Given => None,
        };
        let at = at.unwrap_or(Span { file: binding.file, range: rnix::TextRange::default() });
        if let State::Asked = state {
            return Value::unknown(at);
        }
        *binding.state.borrow_mut() = State::Asked;
        let env = Some(Rc::clone(scope));
        let value = match &binding.source {
            Source::Assigned(pieces) => self.assigned(binding.file, pieces.clone(), &env, at),
            Source::Outer => self.look_up(name, &scope.parent).unwrap_or_else(|| Value::unknown(at)),
            Source::From(from) => {
                let from = self.evaluate(binding.file, from, &env);
                attribute(&from, name, None, at)
            }
            Source::Given => Value::unknown(at),
        };
        *binding.state.borrow_mut() = State::Known(value.clone());
        value
    }

    /// Returns the value of what is assigned to one name, directly or by longer paths.
    fn assigned(&self, file: FileId, pieces: Vec<Piece>, env: &Env, at: Span) -> Value {
        // The first name of the path is that of the binding.
        let rest = |piece: &Piece| Piece { path: piece.path.iter().skip(1).cloned().collect(), ..piece.clone() };
        self.together(file, pieces.iter().map(rest).collect(), env, at)
    }

    /// Returns the value that pieces make, each below the rest of its path.
    fn together(&self, file: FileId, pieces: Vec<Piece>, env: &Env, at: Span) -> Value {
        let (whole, nested): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|piece| piece.path.is_empty());
        let mut whole = whole.into_iter().map(|piece| match piece.value {
            Some(value) => self.evaluate(file, &value, env),
            None => Value::unknown(at),
        });
        let first = whole.next();
        if nested.is_empty() {
            return first.unwrap_or_else(|| Value::unknown(at));
        }
        let mut set = self.assemble(file, nested, env);
        for value in first.into_iter().chain(whole) {
            match value.data {
                Data::Set(more) => {
                    more.entries.iter().for_each(|entry| set.put(entry.clone()));
                    set.sources.extend(&more.sources);
                    set.is_open |= more.is_open;
                }
                _ => set.is_open = true,
            }
        }
        Value { data: Data::Set(Rc::new(set)), at }
    }

    /// Returns the set that braces tell. `outer` is the scope around the braces, `inside` that of the values.
    fn set(&self, file: FileId, of: &ast::AttrSet, outer: &Env, inside: &Env, at: Span) -> Set {
        let pieces: Vec<_> = assignments(of).filter_map(piece).collect();
        let is_whole = pieces.len() == of.attrpath_values().count();
        let mut set = self.assemble(file, pieces, inside);
        for inherit in of.inherits() {
            let from = inherit.from().and_then(|from| from.expr()).map(|from| self.evaluate(file, &from, inside));
            for attr in inherited(&inherit) {
                let Some(name) = literal_name(&attr) else { continue };
                let key = span(file, attr.syntax());
                let value = match &from {
                    Some(from) => attribute(from, &name, None, key),
                    None => self.look_up(&name, outer).unwrap_or_else(|| Value::unknown(key)),
                };
                set.put(Entry { name: Some(name.into()), key, path: key, expression: key, value });
            }
        }
        set.sources.push(at);
        // An `inherit` without names is being written.
        set.is_open |= !is_whole || self.has_error(at) || of.inherits().any(|inherit| inherit.attrs().next().is_none());
        set
    }

    /// Returns the set of values that are assigned to paths.
    fn assemble(&self, file: FileId, pieces: Vec<Piece>, env: &Env) -> Set {
        struct Group {
            name: Option<Rc<str>>,
            key: Span,
            path: Span,
            pieces: Vec<Piece>,
        }
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashMap<Rc<str>, usize> = HashMap::new();
        let mut set = Set::default();
        for mut piece in pieces {
            let attr = piece.path.remove(0);
            let name: Option<Rc<str>> = self.name(file, &attr, env).map(Into::into);
            // What is not assigned yet is being written.
            if piece.value.is_none() && piece.path.is_empty() {
                set.is_open = true;
                continue;
            }
            match name.as_ref().and_then(|name| known.get(name)) {
                Some(at) => groups[*at].pieces.push(piece),
                None => {
                    if let Some(name) = &name {
                        known.insert(Rc::clone(name), groups.len());
                    }
                    let (key, path) = (span(file, attr.syntax()), span(file, &piece.whole));
                    groups.push(Group { name, key, path, pieces: vec![piece] });
                }
            }
        }
        for Group { name, key, path, pieces } in groups {
            set.is_open |= name.is_none();
            let expression = match pieces.as_slice() {
                [Piece { path, value: Some(only), .. }] if path.is_empty() => span(file, only.syntax()),
                _ => key,
            };
            let value = self.together(file, pieces, env, key);
            set.entries.push(Entry { name, key, path, expression, value });
        }
        set
    }

    /// Returns the name of an attribute, if it is known.
    fn name(&self, file: FileId, attr: &ast::Attr, env: &Env) -> Option<String> {
        match attr {
            ast::Attr::Ident(it) => name_of(it),
            ast::Attr::Str(it) => text_of(self.string(file, it.syntax(), env)),
            ast::Attr::Dynamic(it) => text_of(self.evaluate(file, &it.expr()?, env).data),
        }
    }

    fn select(&self, file: FileId, select: &ast::Select, env: &Env, at: Span) -> Value {
        let Some(base) = select.expr() else { return Value::unknown(at) };
        let base = self.evaluate(file, &base, env);
        let default = || select.default_expr().map(|default| self.evaluate(file, &default, env));
        let Some(path) = select.attrpath() else { return base };
        let mut names = path.attrs().map(|attr| self.name(file, &attr, env)).peekable();
        let mut value = base;
        while let Some(name) = names.next() {
            let Some(name) = name else { return Value::unknown(at) };
            let or = if names.peek().is_none() { default() } else { None };
            value = attribute(&value, &name, or, at);
        }
        value
    }

    /// Returns whether a call in a file was evaluated.
    pub fn was_called(&self, at: Span) -> bool {
        self.called.borrow().contains(&at)
    }

    /// Remembers what a function of the library takes.
    pub fn take(&self, function: &Rc<[String]>, argument: &Value) {
        self.taken.borrow_mut().push(Taken { function: Rc::clone(function), argument: argument.clone() });
    }

    /// Returns what the functions of the library took since the last time.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.take()
    }

    /// Returns the result of a call in a file.
    fn call(&self, function: Value, argument: Value, at: Span) -> Value {
        self.called.borrow_mut().insert(at);
        self.apply(function, argument, at)
    }

    /// Returns the result of a function.
    pub fn apply(&self, function: Value, argument: Value, at: Span) -> Value {
        match &function.data {
            Data::Function(closure) => {
                let Some(body) = closure.lambda.body() else { return Value::unknown(at) };
                let env = self.arguments(closure, &argument);
                self.evaluate(closure.file, &body, &env)
            }
            Data::Named(name) => functions::call(self, name, vec![argument], at),
            Data::Partial(partial) => {
                let arguments = partial.arguments.iter().cloned().chain([argument]).collect();
                functions::call(self, &partial.name, arguments, at)
            }
            Data::Either(all) => {
                either(all.iter().map(|function| self.apply(function.clone(), argument.clone(), at)), at)
            }
            _ => Value::unknown(at),
        }
    }

    /// Returns the values that braces assign to a name, directly or at the end of a path, without looking at other names.
    pub fn values_of(&self, file: FileId, braces: &ast::AttrSet, name: &str) -> Vec<Value> {
        let mut below: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
        for piece in assignments(braces).filter_map(piece) {
            let is_named = |attr: &ast::Attr| literal_name(attr).as_deref() == Some(name);
            if let Some(at) = piece.path.iter().position(is_named) {
                let before = piece.path[..at].iter().map(|attr| attr.syntax().text().to_string()).collect::<Vec<_>>();
                below.entry(before.join(".")).or_default().push(Piece { path: piece.path[at..].to_vec(), ..piece });
            }
        }
        if below.is_empty() {
            return Vec::new();
        }
        let inside = self.env(file, braces.syntax());
        let inside = if braces.rec_token().is_some() { self.bound(file, braces, inside) } else { inside };
        let sets = below.into_values().map(|pieces| self.assemble(file, pieces, &inside));
        sets.filter_map(|set| Some(set.get(name)?.value.clone())).collect()
    }

    /// Returns the value of the file at a literal path.
    pub fn import(&self, path: &Value) -> Option<Value> {
        let Data::Path(path) = &path.data else { return None };
        self.file(self.files.import(path)?)
    }

    fn operation(&self, operation: &ast::BinOp, left: Value, right: Value, at: Span) -> Value {
        let bool = |holds: Option<bool>| holds.map_or(Data::unknown(), Data::Bool);
        let data = match (operation.operator(), &left.data, &right.data) {
            (Some(BinOpKind::Update), ..) => return merged(left, right, false, at),
            (Some(BinOpKind::PipeRight), ..) => return self.call(right, left, at),
            (Some(BinOpKind::PipeLeft), ..) => return self.call(left, right, at),
            (Some(BinOpKind::Concat), ..) => concatenated([left, right]),
            (Some(BinOpKind::Add), Data::Text(one), Data::Text(other)) => {
                Data::Text([&**one, &**other].concat().into())
            }
            (Some(BinOpKind::Add), Data::Int(one), Data::Int(other)) => integer(one.checked_add(*other)),
            (Some(BinOpKind::Sub), Data::Int(one), Data::Int(other)) => integer(one.checked_sub(*other)),
            (Some(BinOpKind::Mul), Data::Int(one), Data::Int(other)) => integer(one.checked_mul(*other)),
            (Some(BinOpKind::Div), Data::Int(one), Data::Int(other)) => integer(one.checked_div(*other)),
            (Some(BinOpKind::Equal), one, other) => bool(are_equal(one, other)),
            (Some(BinOpKind::NotEqual), one, other) => bool(are_equal(one, other).map(|same| !same)),
            (Some(BinOpKind::And), Data::Bool(false), _) => Data::Bool(false),
            (Some(BinOpKind::And), Data::Bool(true), Data::Bool(other)) => Data::Bool(*other),
            (Some(BinOpKind::Or), Data::Bool(true), _) => Data::Bool(true),
            (Some(BinOpKind::Or), Data::Bool(false), Data::Bool(other)) => Data::Bool(*other),
            _ => Data::unknown(),
        };
        Value { data, at }
    }

    /// Returns the string of a literal, if all its parts are known.
    fn string(&self, file: FileId, string: &SyntaxNode, env: &Env) -> Data {
        let mut has_unknown = false;
        let text = super::string::text(string, &mut |expression| {
            let part = expression.and_then(|it| text_of(self.evaluate(file, &it, env).data));
            has_unknown |= part.is_none();
            part.unwrap_or_default()
        });
        if has_unknown { Data::unknown() } else { Data::Text(text.into()) }
    }

    /// Returns whether something in braces or brackets is no Nix yet.
    fn has_error(&self, at: Span) -> bool {
        self.files.document(at.file).has_error(at.range)
    }

    fn path(&self, file: FileId, path: &SyntaxNode) -> Data {
        if path.children().next().is_some() {
            return Data::unknown();
        }
        let path = self.files.resolve(file, &path.text().to_string());
        path.map_or(Data::unknown(), |path| Data::Path(path.into()))
    }
}

/// Returns the place of a node.
pub fn span(file: FileId, node: &SyntaxNode) -> Span {
    Span { file, range: node.text_range() }
}

/// Returns the name of an identifier.
pub fn name_of(ident: &ast::Ident) -> Option<String> {
    ident.ident_token().map(|token| token.text().to_owned())
}

/// Returns the name of an attribute that needs no evaluation.
pub fn literal_name(attr: &ast::Attr) -> Option<String> {
    match attr {
        ast::Attr::Ident(it) => name_of(it),
        ast::Attr::Str(it) if it.syntax().children().next().is_none() => {
            Some(super::string::text(it.syntax(), &mut |_| String::new()))
        }
        ast::Attr::Str(_) => None,
        ast::Attr::Dynamic(it) => match it.expr()? {
            ast::Expr::Str(string) => literal_name(&ast::Attr::Str(string)),
            _ => None,
        },
    }
}

/// Returns the attribute of a value. A set that certainly lacks the attribute gives the default.
fn attribute(of: &Value, name: &str, default: Option<Value>, at: Span) -> Value {
    match &of.data {
        Data::Set(set) => match (set.get(name), default) {
            (Some(entry), _) => entry.value.clone(),
            (None, Some(default)) if !set.is_open => default,
            (None, _) => Value::unknown(at),
        },
        Data::Named(path) => {
            let path: Vec<_> = path.iter().cloned().chain([name.to_owned()]).collect();
            Value { data: Data::Named(Rc::from(path)), at }
        }
        Data::Either(values) => either(values.iter().map(|value| attribute(value, name, default.clone(), at)), at),
        Data::Partial(_) => Value { data: Data::Named(Rc::from([name.to_owned()])), at },
        _ => default.unwrap_or_else(|| Value::unknown(at)),
    }
}

/// Returns a value of which nothing is known under the name by which an expression mentions it.
fn named(value: Value, name: &str) -> Value {
    match &value.data {
        Data::Named(path) if path.is_empty() => Value { data: Data::Named(Rc::from([name.to_owned()])), ..value },
        _ => value,
    }
}

fn piece(entry: ast::AttrpathValue) -> Option<Piece> {
    let whole = entry.attrpath()?;
    let path: Vec<_> = whole.attrs().collect();
    // A path that ends with a point is being written.
    let value = entry.value().filter(|_| entry.assign_token().is_some());
    if path.is_empty() { None } else { Some(Piece { path, value, whole: whole.syntax().clone() }) }
}

/// Returns whether an expression has a scope of its own for one of its parts.
fn opens_scope(node: &SyntaxNode, part: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET => true,
        SyntaxKind::NODE_LAMBDA => true,
        SyntaxKind::NODE_ATTR_SET => ast::AttrSet::cast(node.clone()).is_some_and(|it| it.rec_token().is_some()),
        SyntaxKind::NODE_WITH => {
            let body = ast::With::cast(node.clone()).and_then(|with| with.body());
            body.is_some_and(|body| body.syntax() == part)
        }
        _ => false,
    }
}

/// Returns the assignments that certainly belong to braces. What is no Nix yet may hold the bracket that ends the braces, or the
/// start of another name.
fn assignments(of: &impl HasEntry) -> impl Iterator<Item = ast::AttrpathValue> {
    let mut is_over = false;
    of.attrpath_values().filter(move |entry| {
        let in_path = entry.attrpath().map(|path| errors(path.syntax())).into_iter().flatten();
        let errors: Vec<_> = in_path.chain(errors(entry.syntax())).collect();
        let value = entry.assign_token().map(|token| token.text_range().start());
        let was_over = is_over;
        is_over |= errors.iter().any(has_end);
        let is_lost = errors.iter().any(|error| value.is_none_or(|value| error.text_range().start() < value));
        // Nix reads a path on, where the next line has a name of its own.
        let is_split = entry.attrpath().is_some_and(|path| path.syntax().text().contains_char('\n'));
        !was_over && !is_lost && !is_split
    })
}

/// Returns whether a bracket ends in what is no Nix yet.
fn has_end(error: &SyntaxNode) -> bool {
    let mut tokens = error.children_with_tokens().filter_map(|child| child.into_token());
    tokens.any(|token| {
        matches!(token.kind(), SyntaxKind::TOKEN_R_BRACE | SyntaxKind::TOKEN_R_BRACK | SyntaxKind::TOKEN_R_PAREN)
    })
}

/// Returns the parts of an expression that are no Nix yet.
fn errors(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> + use<> {
    node.children().filter(|child| child.kind() == SyntaxKind::NODE_ERROR)
}

/// Returns the names that an `inherit` certainly has. The last one is being written, if no semicolon follows.
fn inherited(inherit: &ast::Inherit) -> Vec<ast::Attr> {
    let children = inherit.syntax().children().take_while(|child| child.kind() != SyntaxKind::NODE_ERROR);
    let mut names: Vec<_> = children.filter_map(ast::Attr::cast).collect();
    if !has_token(inherit.syntax(), SyntaxKind::TOKEN_SEMICOLON) {
        names.pop();
    }
    names
}

fn has_token(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children_with_tokens().any(|child| child.kind() == kind)
}

fn literal(node: &SyntaxNode) -> Data {
    let text = node.text().to_string();
    match node.first_token().map(|token| token.kind()) {
        Some(SyntaxKind::TOKEN_INTEGER) => text.parse().map_or(Data::unknown(), Data::Int),
        Some(SyntaxKind::TOKEN_FLOAT) => text.parse().map_or(Data::unknown(), Data::Float),
        Some(SyntaxKind::TOKEN_URI) => Data::Text(text.into()),
        _ => Data::unknown(),
    }
}

fn negated(operator: Option<UnaryOpKind>, data: Data) -> Data {
    match (operator, data) {
        (Some(UnaryOpKind::Negate), Data::Int(number)) => integer(number.checked_neg()),
        (Some(UnaryOpKind::Negate), Data::Float(number)) => Data::Float(-number),
        (Some(UnaryOpKind::Invert), Data::Bool(it)) => Data::Bool(!it),
        _ => Data::unknown(),
    }
}

fn integer(number: Option<i64>) -> Data {
    number.map_or(Data::unknown(), Data::Int)
}

fn text_of(data: Data) -> Option<String> {
    match data {
        Data::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Returns whether two values are equal, if both are known.
fn are_equal(one: &Data, other: &Data) -> Option<bool> {
    match (one, other) {
        (Data::Null, Data::Null) => Some(true),
        (Data::Bool(one), Data::Bool(other)) => Some(one == other),
        (Data::Int(one), Data::Int(other)) => Some(one == other),
        (Data::Text(one), Data::Text(other)) => Some(one == other),
        (Data::Null, Data::Bool(_) | Data::Int(_) | Data::Text(_) | Data::Set(_) | Data::List(_)) => Some(false),
        (Data::Bool(_) | Data::Int(_) | Data::Text(_) | Data::Set(_) | Data::List(_), Data::Null) => Some(false),
        _ => None,
    }
}

/// Returns a value that is one of several.
pub fn either(values: impl IntoIterator<Item = Value>, at: Span) -> Value {
    let mut all = Vec::new();
    for value in values {
        match &value.data {
            Data::Either(more) => all.extend(more.iter().cloned()),
            _ => all.push(value),
        }
    }
    if all.len() > MAX_ALTERNATIVES {
        return Value::unknown(at);
    }
    match (all.pop(), all.is_empty()) {
        (None, _) => Value::unknown(at),
        (Some(only), true) => only,
        (Some(last), false) => {
            all.push(last);
            Value { data: Data::Either(all.into()), at }
        }
    }
}

/// Returns a value that may be absent.
pub fn perhaps(value: Value) -> Value {
    let at = value.at;
    either([value, Value { data: Data::Null, at }], at)
}

/// Returns the attributes that a value has or may have.
pub fn as_set(value: &Value) -> Set {
    match &value.data {
        Data::Set(set) => (**set).clone(),
        Data::Either(values) => {
            let mut set = Set { is_open: true, ..Set::default() };
            for one in values.iter().map(as_set) {
                for entry in one.entries {
                    let value = perhaps(entry.value.clone());
                    set.entries.push(Entry { value, ..entry });
                }
                set.sources.extend(one.sources);
            }
            set
        }
        Data::Marked(marked) => Set { is_open: true, ..as_set(&marked.content) },
        _ => Set { is_open: true, ..Set::default() },
    }
}

/// Returns `left // right`, or what `recursiveUpdate` makes of both.
pub fn merged(left: Value, right: Value, is_deep: bool, at: Span) -> Value {
    let (mut set, over) = (as_set(&left), as_set(&right));
    if is_deep && over.is_open {
        set.entries.iter_mut().for_each(|entry| entry.value = opened(&entry.value));
    }
    for entry in over.entries {
        let below = entry.name.as_deref().and_then(|name| set.get(name)).map(|below| below.value.clone());
        let value = match below {
            Some(below) if is_deep && below.set().is_some() && entry.value.set().is_some() => {
                merged(below, entry.value.clone(), true, at)
            }
            None if is_deep && set.is_open => opened(&entry.value),
            _ => entry.value.clone(),
        };
        set.put(Entry { value, ..entry });
    }
    set.is_open |= over.is_open;
    set.sources.extend(over.sources);
    Value { data: Data::Set(Rc::new(set)), at }
}

/// Returns a value whose sets may have more attributes, except for those in lists.
pub fn opened(value: &Value) -> Value {
    let data = match &value.data {
        Data::Set(set) => {
            let entries = set.entries.iter().map(|entry| Entry { value: opened(&entry.value), ..entry.clone() });
            Data::Set(Rc::new(Set { entries: entries.collect(), is_open: true, sources: set.sources.clone() }))
        }
        Data::Either(values) => Data::Either(values.iter().map(opened).collect()),
        Data::Marked(marked) => {
            let Marked { tag, ref content, is_certain } = **marked;
            Data::Marked(Rc::new(Marked { tag, content: opened(content), is_certain }))
        }
        other => other.clone(),
    };
    Value { data, at: value.at }
}

/// Returns lists, one after the other.
pub fn concatenated(lists: impl IntoIterator<Item = Value>) -> Data {
    let mut all = List::default();
    for list in lists {
        add_items(&list, &mut all, false);
    }
    Data::List(Rc::new(all))
}

fn add_items(list: &Value, all: &mut List, is_unsure: bool) {
    match &list.data {
        Data::List(list) => {
            let items = list.items.iter().cloned();
            all.items.extend(items.map(|item| if is_unsure { perhaps(item) } else { item }));
            all.is_open |= list.is_open;
        }
        Data::Either(lists) => lists.iter().for_each(|list| add_items(list, all, true)),
        Data::Marked(marked) => add_items(&marked.content, all, true),
        _ => all.is_open = true,
    }
}

/// Returns what a function of the module system makes of a value.
pub fn marked(tag: &'static str, content: Value, is_certain: bool, at: Span) -> Value {
    Value { data: Data::Marked(Rc::new(Marked { tag, content, is_certain })), at }
}

/// Returns a function that lacks arguments.
pub fn partial(name: &Rc<[String]>, arguments: Vec<Value>, at: Span) -> Value {
    Value { data: Data::Partial(Rc::new(Partial { name: Rc::clone(name), arguments })), at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_function_that_calls_itself_is_freed() {
        let files = Files::default();
        let file = files.show(Path::new("/f.nix"), "let f = x: f x; in f".to_owned());
        let evaluator = Evaluator::new(&files);
        let value = evaluator.file(file).expect("a value");
        let Data::Function(closure) = &value.data else { panic!("{value:?}") };
        let scope = Rc::downgrade(closure.env.as_ref().expect("the function is in a `let`"));
        drop((evaluator, value));
        assert!(scope.upgrade().is_none());
    }
}
