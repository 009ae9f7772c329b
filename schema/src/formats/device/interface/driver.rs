//! `<driver>` of an interface: [Setting NIC driver-specific
//! options](https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options).

use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
use crate::engine::scalar::{Int, OnOff};
use crate::engine::value::Data;
use crate::engine::view::{Read, View};
use crate::formats::patterns::Token;
use nixvirt_schema_derive::{element, values};

/// How packets are moved between host and guest. A device of the host that the guest has for itself takes
/// `name` and `model` alone.
#[element(rules)]
pub struct InterfaceDriver {
    /// What moves the packets.
    pub name: Option<InterfaceDriverName>,
    /// The kernel module, where a device of the host has a VFIO driver of its own. Since libvirt 10.0.
    pub model: Option<Token>,
    /// When a virtio card is served that has something to send; of interest to those who measure it.
    pub txmode: Option<InterfaceDriverTxmode>,
    /// Whether the processor that sends a packet is free again before it is sent.
    pub ioeventfd: Option<OnOff>,
    /// Whether host and guest tell each other which interrupts they can do without.
    pub event_idx: Option<OnOff>,
    /// How many queues the card has, each of them served by itself.
    pub queues: Option<Int<1, { u64::MAX }>>,
    /// How many packets a queue holds that the guest receives: a power of two from 256 to 1024.
    pub rx_queue_size: Option<Int<1, { u64::MAX }>>,
    /// How many packets a queue holds that the guest sends: a power of two from 256 to 1024.
    pub tx_queue_size: Option<Int<1, { u64::MAX }>>,
    /// Whether packets are spread over the queues by what they belong to.
    pub rss: Option<OnOff>,
    /// Whether the guest is told by which number a packet was assigned to its queue.
    pub rss_hash_report: Option<OnOff>,
    /// Whether the device goes by the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether the device asks the IOMMU for translations ahead of time.
    pub ats: Option<OnOff>,
    /// Whether the queues have the packed layout of virtio 1.1.
    pub packed: Option<OnOff>,
    /// Whether each queue has a page of its own by which it is notified.
    pub page_per_vq: Option<OnOff>,
    /// What the host's side does for the packets that the guest sends.
    pub host: Option<InterfaceDriverHost>,
    /// What the guest's side does for the packets that it receives.
    pub guest: Option<InterfaceDriverGuest>,
}

/// What moves packets between host and guest.
#[values]
pub enum InterfaceDriverName {
    /// QEMU itself.
    Qemu,
    /// The host's kernel.
    Vhost,
    /// The old way of KVM to hand out a device of the host, gone from recent kernels.
    Kvm,
    /// VFIO, the way of KVM to hand out a device of the host.
    Vfio,
    /// The way of Xen to hand out a device of the host.
    Xen,
}

/// When a virtio card is served that has something to send.
#[values]
pub enum InterfaceDriverTxmode {
    /// At once.
    Iothread,
    /// When a timer ends.
    Timer,
}

/// What the host's side of a virtio card does for the packets that the guest sends.
#[element]
pub struct InterfaceDriverHost {
    /// Whether it computes checksums.
    pub csum: Option<OnOff>,
    /// Whether it splits packets of any kind.
    pub gso: Option<OnOff>,
    /// Whether it splits TCP packets over IPv4.
    pub tso4: Option<OnOff>,
    /// Whether it splits TCP packets over IPv6.
    pub tso6: Option<OnOff>,
    /// Whether it splits TCP packets with congestion notices.
    pub ecn: Option<OnOff>,
    /// Whether it splits UDP packets.
    pub ufo: Option<OnOff>,
    /// Whether a packet for the guest may fill several buffers.
    pub mrg_rxbuf: Option<OnOff>,
}

/// What the guest's side of a virtio card does for the packets that it receives.
#[element]
pub struct InterfaceDriverGuest {
    /// Whether it takes packets without checksums.
    pub csum: Option<OnOff>,
    /// Whether it takes large TCP packets over IPv4.
    pub tso4: Option<OnOff>,
    /// Whether it takes large TCP packets over IPv6.
    pub tso6: Option<OnOff>,
    /// Whether it takes large TCP packets with congestion notices.
    pub ecn: Option<OnOff>,
    /// Whether it takes large UDP packets.
    pub ufo: Option<OnOff>,
}

impl View<'_, InterfaceDriver> {
    fn rules(self, report: &mut Report<'_>) {
        use InterfaceDriverName::{Kvm, Vfio, Xen};
        let name = self.name().and_then(View::get);
        let hands_out = matches!(name, Some(Kvm | Vfio | Xen));
        if let (Some(model), Some(_), false) = (self.model(), name, hands_out) {
            report.error(
                model.value(),
                "interface-driver-model",
                "is for devices of the host: `name` is vfio then, or absent",
            );
        }
        if !hands_out && self.model().is_none() {
            return;
        }
        for part in self.value().children().filter(|part| *part.data() != Data::Null) {
            if !matches!(part.key(), "name" | "model" | EXTRA) {
                report.error(
                    part,
                    "interface-driver-mixed",
                    "is not for a device of the host, whose driver takes `name` and `model` alone",
                );
            }
        }
    }
}
