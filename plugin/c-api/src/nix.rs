//! Nix's C API, as far as this library needs it. All `unsafe` code of this library is here, but for a clock.
//!
//! Nothing is linked: the functions are those of the process that loads the library. nix-bindings, the crates for the C
//! API, link Nix's libraries, which would be there a second time, with another table of references.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::slice;

/// Type that only Nix knows.
enum Opaque {}

type Callback = extern "C" fn(*mut c_void, *mut Opaque, *mut Opaque, *mut *mut Opaque, *mut Opaque);
type TextCallback = extern "C" fn(*const c_char, c_uint, *mut c_void);

// The names and types of nix_api_util.h, nix_api_expr.h and nix_api_value.h. No C++ exception leaves these functions.
unsafe extern "C" {
    fn nix_c_context_create() -> *mut Opaque;
    fn nix_c_context_free(context: *mut Opaque);
    fn nix_err_code(context: *const Opaque) -> c_int;
    fn nix_err_msg(context: *mut Opaque, of: *const Opaque, len: *mut c_uint) -> *const c_char;
    fn nix_set_err_msg(context: *mut Opaque, code: c_int, message: *const c_char) -> c_int;

    fn nix_alloc_primop(
        context: *mut Opaque,
        function: Callback,
        arity: c_int,
        name: *const c_char,
        arguments: *const *const c_char,
        doc: *const c_char,
        user_data: *mut c_void,
    ) -> *mut Opaque;
    fn nix_register_primop(context: *mut Opaque, primop: *mut Opaque) -> c_int;
    fn nix_init_primop(context: *mut Opaque, value: *mut Opaque, primop: *mut Opaque) -> c_int;

    fn nix_expr_eval_from_string(
        context: *mut Opaque,
        state: *mut Opaque,
        expression: *const c_char,
        path: *const c_char,
        value: *mut Opaque,
    ) -> c_int;
    fn nix_value_call_multi(
        context: *mut Opaque,
        state: *mut Opaque,
        function: *mut Opaque,
        count: usize,
        arguments: *const *mut Opaque,
        value: *mut Opaque,
    ) -> c_int;
    fn nix_value_force(context: *mut Opaque, state: *mut Opaque, value: *mut Opaque) -> c_int;

    fn nix_alloc_value(context: *mut Opaque, state: *mut Opaque) -> *mut Opaque;
    fn nix_value_incref(context: *mut Opaque, value: *mut Opaque) -> c_int;
    fn nix_value_decref(context: *mut Opaque, value: *mut Opaque) -> c_int;
    fn nix_copy_value(context: *mut Opaque, value: *mut Opaque, source: *const Opaque) -> c_int;
    fn nix_init_string(context: *mut Opaque, value: *mut Opaque, text: *const c_char) -> c_int;
    fn nix_init_apply(context: *mut Opaque, value: *mut Opaque, function: *mut Opaque, argument: *mut Opaque) -> c_int;

    fn nix_get_type(context: *mut Opaque, value: *const Opaque) -> c_int;
    fn nix_get_bool(context: *mut Opaque, value: *const Opaque) -> bool;
    fn nix_get_int(context: *mut Opaque, value: *const Opaque) -> i64;
    fn nix_get_float(context: *mut Opaque, value: *const Opaque) -> f64;
    fn nix_get_string(
        context: *mut Opaque,
        value: *const Opaque,
        callback: TextCallback,
        user_data: *mut c_void,
    ) -> c_int;
    fn nix_get_path_string(context: *mut Opaque, value: *const Opaque) -> *const c_char;

    fn nix_get_list_size(context: *mut Opaque, list: *const Opaque) -> c_uint;
    fn nix_get_list_byidx(context: *mut Opaque, list: *const Opaque, state: *mut Opaque, index: c_uint) -> *mut Opaque;
    fn nix_get_list_byidx_lazy(
        context: *mut Opaque,
        list: *const Opaque,
        state: *mut Opaque,
        index: c_uint,
    ) -> *mut Opaque;
    fn nix_make_list_builder(context: *mut Opaque, state: *mut Opaque, capacity: usize) -> *mut Opaque;
    fn nix_list_builder_insert(context: *mut Opaque, builder: *mut Opaque, index: c_uint, value: *mut Opaque) -> c_int;
    fn nix_make_list(context: *mut Opaque, builder: *mut Opaque, value: *mut Opaque) -> c_int;
    fn nix_list_builder_free(builder: *mut Opaque);

    fn nix_get_attrs_size(context: *mut Opaque, set: *const Opaque) -> c_uint;
    fn nix_get_attr_byname(
        context: *mut Opaque,
        set: *const Opaque,
        state: *mut Opaque,
        name: *const c_char,
    ) -> *mut Opaque;
    fn nix_get_attr_byidx(
        context: *mut Opaque,
        set: *mut Opaque,
        state: *mut Opaque,
        index: c_uint,
        name: *mut *const c_char,
    ) -> *mut Opaque;
    fn nix_get_attr_byidx_lazy(
        context: *mut Opaque,
        set: *mut Opaque,
        state: *mut Opaque,
        index: c_uint,
        name: *mut *const c_char,
    ) -> *mut Opaque;
    fn nix_get_attr_name_byidx(
        context: *mut Opaque,
        set: *mut Opaque,
        state: *mut Opaque,
        index: c_uint,
    ) -> *const c_char;
    fn nix_make_bindings_builder(context: *mut Opaque, state: *mut Opaque, capacity: usize) -> *mut Opaque;
    fn nix_bindings_builder_insert(
        context: *mut Opaque,
        builder: *mut Opaque,
        name: *const c_char,
        value: *mut Opaque,
    ) -> c_int;
    fn nix_make_attrs(context: *mut Opaque, value: *mut Opaque, builder: *mut Opaque) -> c_int;
    fn nix_bindings_builder_free(builder: *mut Opaque);
}

const OK: c_int = 0;
const ERROR_UNKNOWN: c_int = -1;
const ERROR_OF_NIX: c_int = -4;

/// Type of an evaluated value.
pub enum Type {
    Null,
    Boolean,
    Integer,
    Real,
    Text,
    Path,
    Set,
    List,
    Function,
    Other,
}

/// Reason why a function cannot answer.
pub enum Failure {
    /// Message to throw.
    Message(String),
    /// Value that could not be evaluated, and fails in the same way when Nix evaluates it again.
    Value(Made),
    /// Reason to stop the evaluation, such as an interrupt: Nix throws an interrupt only once.
    Stop(String),
    /// The C API did not do what always succeeds unless memory runs out.
    Memory,
}

/// Function that Nix can call. If it takes arguments, Nix gets a set whose `result` is what it returns, for the C API takes no value from a
/// function that is not evaluated.
pub struct Primop {
    pub name: &'static CStr,
    pub arity: usize,
    pub doc: &'static CStr,
    pub function: for<'a> fn(&Nix<'a>, &'a [Value<'a>]) -> Result<Made, Failure>,
}

/// Value that is there during a call, because the arguments of the call contain it.
#[repr(transparent)]
pub struct Value<'a> {
    raw: NonNull<Opaque>,
    call: PhantomData<&'a ()>,
}

/// Value that a call has made. It is there as long as this reference.
pub struct Made(Value<'static>);

impl Clone for Value<'_> {
    fn clone(&self) -> Self {
        // SAFETY: the value is there.
        unsafe { nix_value_incref(ptr::null_mut(), self.raw.as_ptr()) };
        Value { raw: self.raw, call: PhantomData }
    }
}

impl Drop for Value<'_> {
    fn drop(&mut self) {
        // SAFETY: each `Value` that is dropped owns a reference. The arguments of a call, which own none, are never dropped.
        unsafe { nix_value_decref(ptr::null_mut(), self.raw.as_ptr()) };
    }
}

impl Value<'_> {
    /// Keeps the value beyond the call.
    pub fn keep(self) -> Made {
        let value = ManuallyDrop::new(self);
        Made(Value { raw: value.raw, call: PhantomData })
    }
}

impl Made {
    /// Returns the value. What is read of it must not outlive this reference.
    pub fn value(&self) -> &Value<'_> {
        &self.0
    }
}

/// Evaluator that calls a function of this library.
pub struct Nix<'a> {
    /// Where the C API stores the error of its last function.
    context: NonNull<Opaque>,
    state: NonNull<Opaque>,
    call: PhantomData<&'a ()>,
}

impl Drop for Nix<'_> {
    fn drop(&mut self) {
        // SAFETY: `enter` made it, and nobody else has it.
        unsafe { nix_c_context_free(self.context.as_ptr()) };
    }
}

// SAFETY of all functions: context and state are those of the call. Values are there, by the rules of `Value` and `Made`, and
// those that are read were evaluated. A wrong type is an assertion of Nix, which ends the process.
impl<'a> Nix<'a> {
    fn enter(state: *mut Opaque) -> Option<Self> {
        let context = NonNull::new(unsafe { nix_c_context_create() })?;
        Some(Nix { context, state: NonNull::new(state)?, call: PhantomData })
    }

    fn context(&self) -> *mut Opaque {
        self.context.as_ptr()
    }

    fn state(&self) -> *mut Opaque {
        self.state.as_ptr()
    }

    /// Returns the error of the last function, if it is no error of Nix: Nix reports its own when it evaluates the value again.
    pub fn stop(&self) -> Option<Failure> {
        let context = self.context();
        let code = unsafe { nix_err_code(context) };
        if matches!(code, OK | ERROR_OF_NIX) {
            return None;
        }
        let message = unsafe { nix_err_msg(ptr::null_mut(), context, ptr::null_mut()) };
        let message = if message.is_null() { c"" } else { unsafe { CStr::from_ptr(message) } };
        Some(Failure::Stop(message.to_string_lossy().into_owned()))
    }

    /// Evaluates a value to its outermost list or set. Returns whether that succeeded.
    pub fn force(&self, value: &Value<'_>) -> bool {
        unsafe { nix_value_force(self.context(), self.state(), value.raw.as_ptr()) == OK }
    }

    pub fn kind(&self, value: &Value<'_>) -> Type {
        match unsafe { nix_get_type(self.context(), value.raw.as_ptr()) } {
            1 => Type::Integer,
            2 => Type::Real,
            3 => Type::Boolean,
            4 => Type::Text,
            5 => Type::Path,
            6 => Type::Null,
            7 => Type::Set,
            8 => Type::List,
            9 => Type::Function,
            _ => Type::Other,
        }
    }

    pub fn boolean(&self, value: &Value<'_>) -> bool {
        unsafe { nix_get_bool(self.context(), value.raw.as_ptr()) }
    }

    pub fn integer(&self, value: &Value<'_>) -> i64 {
        unsafe { nix_get_int(self.context(), value.raw.as_ptr()) }
    }

    pub fn real(&self, value: &Value<'_>) -> f64 {
        unsafe { nix_get_float(self.context(), value.raw.as_ptr()) }
    }

    /// Reads the text of a string, which may be gone afterwards.
    pub fn text<T>(&self, value: &Value<'_>, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let mut reader = Reader { read: Some(read), result: None };
        let callback = Reader::call_of(&reader);
        unsafe { nix_get_string(self.context(), value.raw.as_ptr(), callback, (&raw mut reader).cast()) };
        reader.result
    }

    /// Reads the absolute path that a path is, which may be gone afterwards.
    pub fn path<T>(&self, value: &Value<'_>, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let path = unsafe { nix_get_path_string(self.context(), value.raw.as_ptr()) };
        if path.is_null() { None } else { Some(read(unsafe { CStr::from_ptr(path) }.to_bytes())) }
    }

    pub fn list_len(&self, list: &Value<'_>) -> usize {
        unsafe { nix_get_list_size(self.context(), list.raw.as_ptr()) as usize }
    }

    /// Returns an evaluated value of a list, if it can be evaluated.
    pub fn item<'v>(&self, list: &Value<'v>, index: usize) -> Option<Value<'v>> {
        let item = unsafe { nix_get_list_byidx(self.context(), list.raw.as_ptr(), self.state(), index as c_uint) };
        owned(item)
    }

    /// Returns a value of a list as it is, evaluated or not.
    pub fn item_as_it_is(&self, list: &Value<'_>, index: usize) -> Result<Made, Failure> {
        let item = unsafe { nix_get_list_byidx_lazy(self.context(), list.raw.as_ptr(), self.state(), index as c_uint) };
        owned(item).map(Value::keep).ok_or(Failure::Memory)
    }

    pub fn set_len(&self, set: &Value<'_>) -> usize {
        unsafe { nix_get_attrs_size(self.context(), set.raw.as_ptr()) as usize }
    }

    /// Returns an evaluated value of a set, if it is there and can be evaluated.
    pub fn attribute<'v>(&self, set: &Value<'v>, name: &CStr) -> Option<Value<'v>> {
        owned(unsafe { nix_get_attr_byname(self.context(), set.raw.as_ptr(), self.state(), name.as_ptr()) })
    }

    /// Returns the name of an attribute, which Nix keeps, and its evaluated value, if it can be evaluated.
    pub fn attribute_at<'v>(&self, set: &Value<'v>, index: usize) -> (&'a CStr, Option<Value<'v>>) {
        let mut name = c"".as_ptr();
        let (set, index) = (set.raw.as_ptr(), index as c_uint);
        let found = unsafe { nix_get_attr_byidx(self.context(), set, self.state(), index, &mut name) };
        (unsafe { CStr::from_ptr(name) }, owned(found))
    }

    /// Returns a value of a set as it is, evaluated or not.
    pub fn attribute_as_it_is(&self, set: &Value<'_>, index: usize) -> Result<Made, Failure> {
        let mut name = c"".as_ptr();
        let (set, index) = (set.raw.as_ptr(), index as c_uint);
        let found = unsafe { nix_get_attr_byidx_lazy(self.context(), set, self.state(), index, &mut name) };
        owned(found).map(Value::keep).ok_or(Failure::Memory)
    }

    /// Returns the name of an attribute, which Nix keeps.
    pub fn attribute_name(&self, set: &Value<'_>, index: usize) -> &'a CStr {
        let (set, index) = (set.raw.as_ptr(), index as c_uint);
        let name = unsafe { nix_get_attr_name_byidx(self.context(), set, self.state(), index) };
        if name.is_null() { c"" } else { unsafe { CStr::from_ptr(name) } }
    }

    /// Calls a function and evaluates its result, if it can be evaluated.
    pub fn call<const N: usize>(&self, function: &Value<'_>, arguments: [&Value<'_>; N]) -> Option<Made> {
        let arguments = arguments.map(|value| value.raw.as_ptr());
        let (function, result) = (function.raw.as_ptr(), self.new_value().ok()?);
        let to = result.0.raw.as_ptr();
        let code = unsafe { nix_value_call_multi(self.context(), self.state(), function, N, arguments.as_ptr(), to) };
        (code == OK).then_some(result)
    }

    /// Returns the value of an expression.
    pub fn evaluate(&self, expression: &CStr) -> Result<Made, Failure> {
        self.make(|to| unsafe {
            nix_expr_eval_from_string(self.context(), self.state(), expression.as_ptr(), c"/".as_ptr(), to)
        })
    }

    /// Returns the call of a function as a value that is not evaluated.
    pub fn lazy_call(&self, function: &Value<'_>, argument: &Value<'_>) -> Result<Made, Failure> {
        let (function, argument) = (function.raw.as_ptr(), argument.raw.as_ptr());
        self.make(|to| unsafe { nix_init_apply(self.context(), to, function, argument) })
    }

    pub fn new_text(&self, text: impl Into<Vec<u8>>) -> Result<Made, Failure> {
        let text = CString::new(text).unwrap_or_else(|why| {
            let mut bytes = why.into_vec();
            bytes.retain(|byte| *byte != 0);
            CString::new(bytes).unwrap_or_default()
        });
        self.make(|to| unsafe { nix_init_string(self.context(), to, text.as_ptr()) })
    }

    /// Returns a function as a value.
    pub fn new_function(&self, primop: &'static Primop) -> Result<Made, Failure> {
        let function = primop.allocate(self.context()).ok_or(Failure::Memory)?;
        self.make(|to| unsafe { nix_init_primop(self.context(), to, function.as_ptr()) })
    }

    pub fn new_list<'v>(&self, values: impl ExactSizeIterator<Item = &'v Value<'v>>) -> Result<Made, Failure> {
        let builder = unsafe { nix_make_list_builder(self.context(), self.state(), values.len()) };
        let builder = NonNull::new(builder).ok_or(Failure::Memory)?.as_ptr();
        for (index, value) in values.enumerate() {
            unsafe { nix_list_builder_insert(self.context(), builder, index as c_uint, value.raw.as_ptr()) };
        }
        let list = self.make(|to| unsafe { nix_make_list(self.context(), builder, to) });
        unsafe { nix_list_builder_free(builder) };
        list
    }

    pub fn new_set(&self, attributes: &[(&CStr, Made)]) -> Result<Made, Failure> {
        let builder = unsafe { nix_make_bindings_builder(self.context(), self.state(), attributes.len()) };
        let builder = NonNull::new(builder).ok_or(Failure::Memory)?.as_ptr();
        for (name, value) in attributes {
            let value = value.0.raw.as_ptr();
            unsafe { nix_bindings_builder_insert(self.context(), builder, name.as_ptr(), value) };
        }
        let set = self.make(|to| unsafe { nix_make_attrs(self.context(), to, builder) });
        unsafe { nix_bindings_builder_free(builder) };
        set
    }

    fn new_value(&self) -> Result<Made, Failure> {
        owned(unsafe { nix_alloc_value(self.context(), self.state()) }).map(Made).ok_or(Failure::Memory)
    }

    /// Makes a value with a function that returns the code of an error.
    fn make(&self, init: impl FnOnce(*mut Opaque) -> c_int) -> Result<Made, Failure> {
        let made = self.new_value()?;
        if init(made.0.raw.as_ptr()) == OK { Ok(made) } else { Err(Failure::Memory) }
    }
}

/// Function that waits for a text, and its result.
struct Reader<F, T> {
    read: Option<F>,
    result: Option<T>,
}

impl<F: FnOnce(&[u8]) -> T, T> Reader<F, T> {
    fn call_of(_: &Self) -> TextCallback {
        Self::call
    }

    extern "C" fn call(start: *const c_char, len: c_uint, user_data: *mut c_void) {
        // SAFETY: `Nix::text` passes a reader of this type, which nobody else uses meanwhile, and Nix its text.
        let (reader, text) =
            unsafe { (&mut *user_data.cast::<Self>(), slice::from_raw_parts(start.cast::<u8>(), len as usize)) };
        reader.result = reader.read.take().map(|read| read(text));
    }
}

/// Takes a reference that the C API returned.
fn owned<'v>(raw: *mut Opaque) -> Option<Value<'v>> {
    Some(Value { raw: NonNull::new(raw)?, call: PhantomData })
}

impl Primop {
    /// Makes what Nix knows of the function. It is never freed, as Nix's own are not.
    fn allocate(&'static self, context: *mut Opaque) -> Option<NonNull<Opaque>> {
        let arguments = ptr::null();
        let user_data = ptr::from_ref(self).cast_mut().cast();
        // SAFETY: the texts and `self` stay for ever, and `called` takes the latter for what it is.
        NonNull::new(unsafe {
            let (arity, name, doc) = (self.arity as c_int, self.name.as_ptr(), self.doc.as_ptr());
            nix_alloc_primop(context, called, arity, name, arguments, doc, user_data)
        })
    }
}

/// Adds a builtin to the evaluators that are created from now on. Returns whether that succeeded.
pub fn register(primop: &'static Primop) -> bool {
    let context = ptr::null_mut();
    // SAFETY: the function is whole. Without a context, an error is an exception, which memory alone could cause.
    primop.allocate(context).is_some_and(|it| unsafe { nix_register_primop(context, it.as_ptr()) } == OK)
}

/// What Nix calls for every function of this library.
extern "C" fn called(
    user_data: *mut c_void,
    context: *mut Opaque,
    state: *mut Opaque,
    arguments: *mut *mut Opaque,
    result: *mut Opaque,
) {
    // SAFETY: `allocate` gave the function to Nix, which calls it with as many arguments as it takes. Each is a pointer to a
    // value, as `Value` is one, and stays during the call. The pointer may be null if there are none.
    let (primop, arguments) = unsafe {
        let primop = &*user_data.cast::<Primop>();
        let arguments = if primop.arity == 0 { &[] } else { slice::from_raw_parts(arguments.cast(), primop.arity) };
        (primop, arguments)
    };
    let answer = || {
        let nix = Nix::enter(state).ok_or(Failure::Memory)?;
        let mut answer = (primop.function)(&nix, arguments)?;
        if primop.arity > 0 {
            answer = nix.new_set(&[(c"result", answer)])?;
        }
        // SAFETY: the result has no value yet, and takes one that was evaluated.
        unsafe { nix_copy_value(nix.context(), result, answer.0.raw.as_ptr()) };
        Ok(())
    };
    let message = match catch_unwind(AssertUnwindSafe(answer)) {
        Ok(Ok(())) => return,
        Ok(Err(Failure::Message(message) | Failure::Stop(message))) => CString::new(message).unwrap_or_default(),
        Ok(Err(_)) => c"out of memory".to_owned(),
        Err(_) => c"internal error of the NixVirt plugin, not of the spec; please report it with the spec".to_owned(),
    };
    // SAFETY: the context is that of the call, and the message is copied.
    unsafe { nix_set_err_msg(context, ERROR_UNKNOWN, message.as_ptr()) };
}
