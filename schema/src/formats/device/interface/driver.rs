//! `<driver>` of an interface: [Setting NIC driver-specific
//! options](https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options).

use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
use crate::engine::scalar::{Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Token;
use nixvirt_schema_derive::{element, values};

/// Packet processing options of a network interface. A host device reserved for the guest accepts only `name`, `model`
/// and `iommufd`.
#[element(rules)]
pub struct InterfaceDriver {
    /// Backend that moves packets between host and guest, or passes a host device to the guest.
    pub name: Option<InterfaceDriverName>,
    /// Kernel module for a host device that has its own VFIO driver.
    #[since = "10.0"]
    pub model: Option<Token>,
    /// Whether the host device is accessed through IOMMUFD. Defaults to the domain's `iommufd`.
    #[since = "12.1"]
    pub iommufd: Option<YesNo>,
    /// Time at which packets sent by a virtio interface are processed. Mainly useful for performance measurements.
    pub txmode: Option<InterfaceDriverTxmode>,
    /// Whether a vCPU that sends a packet continues before the packet is processed.
    pub ioeventfd: Option<OnOff>,
    /// Whether host and guest tell each other which interrupts to skip (virtio event index).
    pub event_idx: Option<OnOff>,
    /// Number of queues of the device, each processed separately.
    pub queues: Option<Int<1, { u64::MAX }>>,
    /// Size of each receive queue in packets: a power of two from 256 to 1024.
    pub rx_queue_size: Option<Int<1, { u64::MAX }>>,
    /// Size of each transmit queue in packets: a power of two from 256 to 1024.
    pub tx_queue_size: Option<Int<1, { u64::MAX }>>,
    /// Whether packets are distributed over the queues by their connection (receive-side scaling).
    pub rss: Option<OnOff>,
    /// Whether the guest receives the hash that assigned a packet to its queue.
    pub rss_hash_report: Option<OnOff>,
    /// Whether the device uses the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS).
    pub ats: Option<OnOff>,
    /// Whether the virtqueues use the packed layout of virtio 1.1.
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has its own notification page.
    pub page_per_vq: Option<OnOff>,
    /// Offloads on the host side, for packets sent by the guest.
    pub host: Option<InterfaceDriverHost>,
    /// Offloads on the guest side, for packets received by the guest.
    pub guest: Option<InterfaceDriverGuest>,
}

/// Backend that moves packets between host and guest, or passes a host device to the guest.
#[values]
pub enum InterfaceDriverName {
    /// QEMU process.
    Qemu,
    /// Host kernel (vhost-net).
    Vhost,
    /// Legacy KVM device assignment, removed from current kernels.
    Kvm,
    /// VFIO device assignment of KVM.
    Vfio,
    /// Xen PCI passthrough.
    Xen,
}

/// Time at which packets sent by a virtio interface are processed.
#[values]
pub enum InterfaceDriverTxmode {
    /// Process packets immediately.
    Iothread,
    /// Process packets when a timer expires.
    Timer,
}

/// Offloads on the host side of a virtio interface, for packets sent by the guest.
#[element]
pub struct InterfaceDriverHost {
    /// Whether the host computes checksums for packets sent by the guest.
    pub csum: Option<OnOff>,
    /// Whether the host segments packets of any kind for the guest (GSO).
    pub gso: Option<OnOff>,
    /// Whether the host segments TCP packets over IPv4 for the guest.
    pub tso4: Option<OnOff>,
    /// Whether the host segments TCP packets over IPv6 for the guest.
    pub tso6: Option<OnOff>,
    /// Whether the host segments TCP packets with explicit congestion notification for the guest.
    pub ecn: Option<OnOff>,
    /// Whether the host fragments UDP packets for the guest.
    pub ufo: Option<OnOff>,
    /// Whether a packet for the guest may span several receive buffers.
    pub mrg_rxbuf: Option<OnOff>,
}

/// Offloads on the guest side of a virtio interface, for packets received by the guest.
#[element]
pub struct InterfaceDriverGuest {
    /// Whether the guest accepts packets without checksums.
    pub csum: Option<OnOff>,
    /// Whether the guest accepts large TCP packets over IPv4.
    pub tso4: Option<OnOff>,
    /// Whether the guest accepts large TCP packets over IPv6.
    pub tso6: Option<OnOff>,
    /// Whether the guest accepts large TCP packets with explicit congestion notification.
    pub ecn: Option<OnOff>,
    /// Whether the guest accepts large UDP packets.
    pub ufo: Option<OnOff>,
}

impl View<'_, InterfaceDriver> {
    fn rules(self, report: &mut Report<'_>) {
        use InterfaceDriverName::{Kvm, Vfio, Xen};
        let name = self.name().and_then(View::get);
        let hands_out = matches!(name, Some(Kvm | Vfio | Xen));
        let of_host_devices = [self.model().map(Read::value), self.iommufd().map(Read::value)];
        for part in of_host_devices.into_iter().flatten().filter(|_| name.is_some() && !hands_out) {
            let message = format!("`{}` is for host devices only: set `name` to \"vfio\" or remove it", part.key());
            report.error(part, "interface-driver-model", message);
        }
        if !hands_out && of_host_devices.iter().all(Option::is_none) {
            return;
        }
        for part in self.value().parts() {
            if !matches!(part.key(), "name" | "model" | "iommufd" | EXTRA) {
                let message =
                    format!("`{}` has no effect on a host device: expected `name`, `model` or `iommufd`", part.key());
                report.error(part, "interface-driver-mixed", message);
            }
        }
    }
}
