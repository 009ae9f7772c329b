//! Setting the values of secrets.

use crate::connection::Connection;
use crate::error::{Error, ask};
use crate::object::Object;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nixvirt::file::{self, MAX_SECRET};
use nixvirt::object::Id;
use std::path::Path;

impl Connection {
    /// Reads the value from its file, passes it to libvirt, and does not store it.
    pub(crate) fn set_value(&self, id: &Id, path: &Path, is_base64: bool) -> Result<(), Error> {
        let Object::Secret(secret) = self.existing(id)? else {
            return Err(Error::internal(format!("{id} has no value")));
        };
        let mut value = file::read(path, MAX_SECRET).map_err(|cause| Error::file("read", path, cause))?;
        if is_base64 {
            value.retain(|byte| !byte.is_ascii_whitespace());
            // The error of the decoder would quote the value.
            value = STANDARD.decode(&value).map_err(|_| Error::input(format!("{} is not base64", path.display())))?;
        }
        ask("libvirt refuses the value of the secret", secret.set_value(&value, 0))
    }
}
