//! Language server for libvirt specs in Nix, beside a server for Nix itself.
//!
//! The tables of `nixvirt-schema` answer: a word that is added to a table is completed without a line here.
//!
//! - [`document`] and [`files`] hold the text of files. Only files that the editor shows and files that they import by a
//!   literal path are read.
//! - [`nix`] finds out what is known of an expression. Nix is not evaluated.
//! - [`find`] finds specs, arguments of templates and options; [`place`] says what may stand in them, and [`cursor`] where a
//!   cursor is.
//! - [`spec`] turns values into specs, and [`diagnose`] checks them. What a file does not tell is unknown, and no problem
//!   depends on it. `names` and `values` check arguments of templates and options. `by_name` tells sets by name from single
//!   items.
//! - [`complete`], [`hover`], [`symbols`], [`fix`] and [`convert`] answer questions; [`server`] speaks the protocol, and `stdio`
//!   reads and writes its messages. `paste` finds XML in a text.
#![forbid(unsafe_code)]

pub mod analysis;
mod by_name;
pub mod catalog;
pub mod check;
mod common;
pub mod complete;
pub mod convert;
pub mod cursor;
mod describe;
pub mod diagnose;
pub mod document;
pub mod files;
pub mod find;
pub mod fix;
pub mod guide;
pub mod hover;
mod names;
pub mod nix;
mod paste;
pub mod place;
mod refer;
pub mod server;
pub mod spec;
mod stdio;
pub mod symbols;
mod units;
mod uri;
mod values;

use guide::Guide;
use std::error::Error;
use std::thread;

/// Number of bytes of the stack on which files are read. Deep expressions need more than a thread has by default.
const STACK: usize = 256 << 20;

/// Runs work that reads files.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread starts");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Talks with an editor over the standard streams until the editor ends the server.
///
/// # Errors
/// The editor does not keep to the protocol.
pub fn serve(guide: Guide) -> Result<(), Box<dyn Error + Sync + Send>> {
    let (connection, reader, writer) = stdio::connect();
    let served = with_stack(|| server::serve(&connection, guide));
    let has_ended = server::has_ended(&connection);
    drop(connection);
    // Why the messages end says more than that they end. While they do not end, nobody waits for the next one.
    if served.is_ok() || has_ended {
        stdio::join(reader)?;
    }
    served?;
    stdio::join(writer)?;
    Ok(())
}
