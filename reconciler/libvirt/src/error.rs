//! Errors of libvirt.

pub(crate) use nixvirt::error::Error;
pub(crate) use virt::error::Error as VirtError;
use virt::error::ErrorNumber;

/// Message and number of an error of libvirt.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Answer {
    message: String,
    number: Option<ErrorNumber>,
}

/// Returns the error of an operation that libvirt refused.
pub(crate) fn refused(what: impl Into<String>, answer: &VirtError) -> Error {
    let number = answer.code().known();
    let message = match number {
        // The lines after the first are the XML where it breaks, and may hold anything.
        Some(ErrorNumber::XmlDetail) => answer.message().lines().next().unwrap_or_default(),
        _ => answer.message(),
    };
    Error::libvirt(what).caused_by(Answer { message: message.trim().to_owned(), number })
}

/// Whether an error of libvirt has this number.
pub(crate) fn has_number(error: &Error, number: ErrorNumber) -> bool {
    error.causes().filter_map(|cause| cause.downcast_ref::<Answer>()).any(|answer| answer.number == Some(number))
}

/// Whether the driver of the hypervisor lacks such objects, or does not support the request.
pub(crate) fn is_unsupported(error: &Error) -> bool {
    has_number(error, ErrorNumber::NoSupport)
}

/// Returns the result of a request. The error says what was requested.
pub(crate) fn ask<T>(what: impl Into<String>, answer: Result<T, VirtError>) -> Result<T, Error> {
    answer.map_err(|answer| refused(what, &answer))
}

/// Returns the result of a request. None if the object does not exist.
pub(crate) fn if_there<T>(what: impl Into<String>, answer: Result<T, VirtError>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(answer) if is_absent(&answer) => Ok(None),
        Err(answer) => Err(refused(what, &answer)),
    }
}

fn is_absent(answer: &VirtError) -> bool {
    use ErrorNumber::*;
    answer.code().is_known_and(|number| {
        matches!(
            number,
            NoDomain | NoDomainSnapshot | NoNetwork | NoNwfilter | NoSecret | NoStoragePool | NoStorageVolume
        )
    })
}
