//! What went wrong with libvirt.

use std::fmt;
use virt::error::{Error, ErrorNumber};

/// What failed, what libvirt says of it, and what can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    what: String,
    why: Option<String>,
    advice: Option<String>,
    code: Option<ErrorNumber>,
}

impl Failure {
    /// A failure that is not libvirt's.
    pub fn new(what: impl Into<String>) -> Self {
        Failure { what: what.into(), why: None, advice: None, code: None }
    }

    /// A failure that libvirt tells of.
    pub fn of(what: impl Into<String>, why: &Error) -> Self {
        let code = why.code().known();
        let message = match code {
            // The lines after the first are the XML where it breaks, and may hold anything.
            Some(ErrorNumber::XmlDetail) => why.message().lines().next().unwrap_or_default(),
            _ => why.message(),
        };
        Failure { what: what.into(), why: Some(message.trim().to_owned()), advice: None, code }
    }

    /// The same with what can be done about it.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Whether libvirt gives this reason.
    pub(crate) fn is(&self, code: ErrorNumber) -> bool {
        self.code == Some(code)
    }

    /// Whether libvirt's driver for this hypervisor has no such objects, or cannot do what was asked for.
    pub(crate) fn is_unsupported(&self) -> bool {
        self.is(ErrorNumber::NoSupport)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(why) = &self.why {
            write!(f, ": {why}")?;
        }
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

/// Adds what was asked for to what libvirt answered.
pub(crate) fn ask<T>(what: impl Into<String>, answer: Result<T, Error>) -> Result<T, Failure> {
    answer.map_err(|why| Failure::of(what, &why))
}

/// The answer; nothing where libvirt says that there is no such object.
pub(crate) fn if_there<T>(what: impl Into<String>, answer: Result<T, Error>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(why) if is_absent(&why) => Ok(None),
        Err(why) => Err(Failure::of(what, &why)),
    }
}

/// The answer; another one where the hypervisor's driver cannot tell, because it has nothing of the kind.
pub(crate) fn if_supported<T>(what: impl Into<String>, answer: Result<T, Error>, otherwise: T) -> Result<T, Failure> {
    ask(what, answer).or_else(|why| if why.is_unsupported() { Ok(otherwise) } else { Err(why) })
}

fn is_absent(why: &Error) -> bool {
    use ErrorNumber::*;
    why.code().is_known_and(|code| {
        matches!(
            code,
            NoDomain | NoDomainSnapshot | NoNetwork | NoNwfilter | NoSecret | NoStoragePool | NoStorageVolume
        )
    })
}
