//! Setting the values of secrets.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::object::Object;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nixvirt::object::Id;
use std::path::Path;

impl Connection {
    /// Reads the value from its file, passes it to libvirt, and does not store it.
    pub(crate) fn set_value(&self, id: &Id, file: &Path, is_base64: bool) -> Result<(), Error> {
        let Object::Secret(secret) = self.existing(id)? else {
            return Err(Error::internal(format!("{id} has no value")));
        };
        let mut value = std::fs::read(file).map_err(|cause| Error::file("read", file, cause))?;
        if is_base64 {
            value.retain(|byte| !byte.is_ascii_whitespace());
            // The error of the decoder would quote the value.
            value = STANDARD.decode(&value).map_err(|_| Error::input(format!("{} is not base64", file.display())))?;
        }
        ask("libvirt refuses its value", secret.set_value(&value, 0))
    }
}
