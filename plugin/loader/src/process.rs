//! Access to the running process. All `unsafe` code of the loader is here.

use libc::{
    Dl_info, RTLD_DEFAULT, RTLD_LOCAL, RTLD_NOW, dl_iterate_phdr, dl_phdr_info, dladdr, dlerror, dlopen, dlsym,
};
use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::mem;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::slice;

/// `nix::nixVersion`, a `std::string` in every Nix from 2.26 to the development branch of 2.36. The name says that it
/// is of libstdc++'s present layout.
const NIX_VERSION: &CStr = c"_ZN3nix10nixVersionB5cxx11E";
/// `nix::determinateNixVersion`, in a fork that goes by Nix's versions and has other classes.
const DETERMINATE_VERSION: &CStr = c"_ZN3nix21determinateNixVersionB5cxx11E";

/// Function of an implementation that adds its builtins.
const REGISTER: &CStr = c"nixvirt_register";

/// The start of libstdc++'s `std::string`.
#[repr(C)]
struct StdString {
    data: *const u8,
    len: usize,
}

/// Returns the version of the running Nix.
pub fn nix_version() -> Option<String> {
    let fork = string(DETERMINATE_VERSION).map(|version| format!("determinate-{version}"));
    fork.or_else(|| string(NIX_VERSION))
}

/// Returns the value of a global `std::string`.
fn string(symbol: &CStr) -> Option<String> {
    // SAFETY: the name ends in a zero. Where there is such a symbol it is a string of that layout (see there), made
    // when its library was loaded and never changed; Nix loads plugins after that.
    let text = unsafe {
        let string = dlsym(RTLD_DEFAULT, symbol.as_ptr()).cast::<StdString>().as_ref()?;
        slice::from_raw_parts(string.data, string.len)
    };
    // It becomes the name of a file, in one folder.
    let text = std::str::from_utf8(text).ok()?;
    (!text.contains('/')).then(|| text.to_owned())
}

/// Returns the version of Nix's C API, if the process has one that adds builtins.
pub fn c_api_version() -> Option<String> {
    // SAFETY: the names end in a zero. A function of that name is of this type, and returns a constant text.
    let text = unsafe {
        let version = dlsym(RTLD_DEFAULT, c"nix_version_get".as_ptr());
        if version.is_null() || dlsym(RTLD_DEFAULT, c"nix_register_primop".as_ptr()).is_null() {
            return None;
        }
        let version = mem::transmute::<*mut c_void, extern "C" fn() -> *const c_char>(version)();
        if version.is_null() {
            return None;
        }
        CStr::from_ptr(version)
    };
    text.to_str().ok().map(str::to_owned)
}

/// Returns the path that this library was loaded from.
pub fn own_path() -> Option<PathBuf> {
    // SAFETY: an all-zero `Dl_info` is one, and the address is in this library. The path that it answers stays as long
    // as the library does, which nobody unloads.
    let path = unsafe {
        let mut about: Dl_info = mem::zeroed();
        if dladdr(own_path as *const c_void, &mut about) == 0 || about.dli_fname.is_null() {
            return None;
        }
        CStr::from_ptr(about.dli_fname)
    };
    Some(OsStr::from_bytes(path.to_bytes()).into())
}

/// Returns the files of all loaded libraries, also of those whose symbols are local, as Nix loads plugins.
pub fn libraries() -> Vec<PathBuf> {
    unsafe extern "C" fn add(about: *mut dl_phdr_info, _: usize, found: *mut c_void) -> c_int {
        // SAFETY: `dl_iterate_phdr` passes on the list that it was given, and a library, whose name is null or ends in a zero.
        unsafe {
            let name = (*about).dlpi_name;
            if !name.is_null() {
                let name = OsStr::from_bytes(CStr::from_ptr(name).to_bytes());
                (*found.cast::<Vec<PathBuf>>()).push(name.into());
            }
        }
        0
    }
    let mut found = Vec::<PathBuf>::new();
    // SAFETY: the function does not keep the list.
    unsafe { dl_iterate_phdr(Some(add), (&raw mut found).cast()) };
    found
}

/// Opens an implementation, which adds its builtins.
pub fn open(path: &Path) -> Result<(), String> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|why| why.to_string())?;
    // SAFETY: the file is an implementation of this plugin, which `check` found whole. All symbols are resolved at once, so that one
    // built for another Nix does not load instead of failing later. `nixvirt_register` is of this type, does not
    // unwind, and may be called in the place of `nix_plugin_entry`.
    unsafe {
        let library = dlopen(path.as_ptr(), RTLD_NOW | RTLD_LOCAL);
        let register = if library.is_null() { library } else { dlsym(library, REGISTER.as_ptr()) };
        if register.is_null() {
            return Err(message(dlerror()));
        }
        let register = mem::transmute::<*mut c_void, extern "C" fn() -> bool>(register);
        if register() { Ok(()) } else { Err("the builtins could not be registered".to_owned()) }
    }
}

/// SAFETY: `dlerror` gave it, and was not called since.
unsafe fn message(text: *mut c_char) -> String {
    if text.is_null() {
        return "the library does not load".to_owned();
    }
    // SAFETY: what `dlerror` gives, unless it is null, is a text that ends in a zero.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
