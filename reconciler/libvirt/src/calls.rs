//! Calls of libvirt that the crate `virt` lacks.

use crate::error::VirtError;
use std::ffi::CString;
use std::ptr::null;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::stream::Stream;
use virt::sys;

/// Aborts the job that libvirt runs for a guest, such as a migration.
pub fn abort_job(guest: &Domain) -> Result<(), VirtError> {
    // SAFETY: the domain is there as long as the reference to it.
    let aborted = unsafe { sys::virDomainAbortJob(guest.as_ptr()) };
    if aborted < 0 { Err(VirtError::last_error()) } else { Ok(()) }
}

/// Sends a hole of so many bytes.
pub fn send_hole(stream: &Stream, length: u64) -> Result<(), VirtError> {
    // SAFETY: the stream is there as long as the reference to it.
    let sent = unsafe { sys::virStreamSendHole(stream.as_ptr(), length as i64, 0) };
    if sent < 0 { Err(VirtError::last_error()) } else { Ok(()) }
}

/// Whether the host offers all features of a CPU to guests of a type, such as `kvm`.
pub fn offers_cpu(connect: &Connect, arch: &str, virtualization: &str, cpu: &str) -> Result<bool, VirtError> {
    let text = |text: &str| CString::new(text).map_err(VirtError::from);
    let (arch, virtualization, cpu) = (text(arch)?, text(virtualization)?, text(cpu)?);
    // SAFETY: the connection and the texts are there as long as this function runs; libvirt takes null for its own choice.
    let compared = unsafe {
        let (arch, virtualization, cpu) = (arch.as_ptr(), virtualization.as_ptr(), cpu.as_ptr());
        sys::virConnectCompareHypervisorCPU(connect.as_ptr(), null(), arch, null(), virtualization, cpu, 0)
    };
    match compared {
        sys::VIR_CPU_COMPARE_ERROR => Err(VirtError::last_error()),
        compared => Ok(compared != sys::VIR_CPU_COMPARE_INCOMPATIBLE),
    }
}
