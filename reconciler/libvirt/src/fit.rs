//! Whether a host can run a guest of another host.

use crate::calls::offers_cpu;
use crate::connection::Connection;
use crate::error::{Error, VirtError};
use nixvirt::change::child;
use nixvirt::plan::Obstacle;
use nixvirt_schema::engine::xml::Element;

impl Connection {
    /// Why the host cannot run a guest. Drivers that do not tell their capabilities are taken to run it.
    pub(crate) fn unfit(&self, domain: &Element) -> Result<Vec<Obstacle>, Error> {
        let connect = self.connect();
        let Some(kind) = child(domain, "os").and_then(|os| child(os, "type")) else { return Ok(Vec::new()) };
        let (arch, machine) = (kind.attribute("arch"), kind.attribute("machine"));
        let virtualization = domain.attribute("type").unwrap_or_default();
        let runs = |machine| connect.domain_capabilities(None, arch, machine, Some(virtualization), 0);
        if let Err(why) = runs(None) {
            let message = why.message().trim().to_owned();
            return Ok(if is_unsupported(&why) { Vec::new() } else { vec![Obstacle::NoEmulator { message }] });
        }
        if let (Some(machine), true) = (machine, runs(machine).is_err()) {
            return Ok(vec![Obstacle::NoMachine { machine: machine.to_owned() }]);
        }
        // Other modes follow the CPU of the host on which the guest starts.
        let cpu = child(domain, "cpu").filter(|cpu| matches!(cpu.attribute("mode"), None | Some("custom")));
        let cpu = cpu.filter(|cpu| child(cpu, "model").is_some());
        if let (Some(cpu), Some(arch)) = (cpu, arch) {
            // What libvirt cannot compare, it compares again when the guest starts.
            if !offers_cpu(&connect, arch, virtualization, &cpu.to_string()).unwrap_or(true) {
                return Ok(vec![Obstacle::OtherCpu]);
            }
        }
        Ok(Vec::new())
    }
}

fn is_unsupported(why: &VirtError) -> bool {
    why.code().is(virt::error::ErrorNumber::NoSupport)
}
