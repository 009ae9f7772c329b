//! `<clock>`: [Time keeping](https://libvirt.org/formatdomain.html#time-keeping).

use crate::engine::pattern::patterns;
use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::{element, values};

/// Clock of the guest.
#[element]
pub struct Clock {
    /// Time that the guest's clock shows at start.
    #[form]
    pub offset: ClockOffset,
    /// Timer of the guest.
    pub timer: Vec<Timer>,
}

/// Time that the guest's clock shows at start.
#[element("offset")]
pub enum ClockOffset {
    /// Coordinated Universal Time (UTC), which most operating systems expect.
    Utc {
        /// Handling of clock changes made by the guest. `reset` discards the changes at the next start. A number of
        /// seconds turns the clock into a `variable` one.
        adjustment: Option<Adjustment>,
    },
    /// Local time of the host, which Windows expects.
    Localtime {
        /// Handling of clock changes made by the guest. `reset` discards the changes at the next start. A number of
        /// seconds turns the clock into a `variable` one.
        adjustment: Option<Adjustment>,
    },
    /// Time of a given time zone.
    Timezone {
        /// Name of the time zone, such as `Europe/Paris`.
        timezone: Option<TimeZone>,
    },
    /// Time at an offset in seconds. The offset follows clock changes made by the guest.
    Variable {
        /// Offset of the guest's clock from `basis`, in seconds.
        adjustment: Option<TimeDelta>,
        /// Time that the offset is relative to. Defaults to `utc`.
        basis: Option<ClockBasis>,
    },
    /// Same fixed time at each start.
    #[since = "8.4"]
    Absolute {
        /// Time at start, in seconds since the start of 1970.
        start: u64,
    },
}

/// Time that the clock's offset is relative to.
#[values]
pub enum ClockBasis {
    /// Coordinated Universal Time (UTC).
    Utc,
    /// Local time of the host.
    Localtime,
}

/// Timer of the guest.
#[element]
pub struct Timer {
    /// Kind of timer.
    #[form]
    pub name: TimerName,
    /// Whether the guest has the timer. Defaults to the hypervisor's choice.
    pub present: Option<YesNo>,
}

/// Kind of timer.
#[element("name")]
pub enum TimerName {
    /// Platform timer, which the hypervisor uses for all other timers. Xen only.
    Platform {
        /// Clock that the timer follows.
        track: Option<TimerTrack>,
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// Real-time clock, which also runs while the guest is off.
    Rtc {
        /// Clock that the timer follows.
        track: Option<TimerTrack>,
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// Time stamp counter (TSC) of the CPU.
    Tsc {
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
        /// Frequency of the TSC in hertz. Defaults to the host's frequency.
        frequency: Option<u64>,
        /// Method for reading the TSC in the guest.
        mode: Option<TscMode>,
    },
    /// High Precision Event Timer (HPET) of a PC.
    Hpet {
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// Programmable Interval Timer (PIT), the oldest timer of a PC.
    Pit {
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// Virtual timer of Arm guests.
    Armvtimer {
        /// Handling of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// Paravirtual clock of KVM, for Linux guests.
    Kvmclock {},
    /// Paravirtual clock of Hyper-V, for Windows guests.
    Hypervclock {},
}

/// Clock that a timer follows.
#[values]
pub enum TimerTrack {
    /// Time since the host booted.
    Boot,
    /// Time that the guest has been running.
    Guest,
    /// Wall clock of the host.
    Wall,
    /// Host clock that is never set or adjusted.
    Realtime,
}

/// Method for reading the TSC in the guest.
#[values]
pub enum TscMode {
    /// Hypervisor's choice of the best method.
    Auto,
    /// Direct access to the CPU's counter.
    Native,
    /// Emulation by the hypervisor.
    Emulate,
    /// Direct access with the help of the hypervisor.
    Paravirt,
    /// Direct access or emulation, such that all vCPUs agree.
    Smpsafe,
}

/// Handling of ticks that the guest missed.
#[element("tickpolicy")]
pub enum Tickpolicy {
    /// Deliver missed ticks later at the normal rate. The guest's time lags behind.
    #[default]
    Delay {},
    /// Deliver missed ticks later at a higher rate until the guest has caught up.
    Catchup {
        /// Rate and limits of catching up.
        catchup: Option<TimerCatchup>,
    },
    /// Merge missed ticks into one, delivered later.
    Merge {},
    /// Discard missed ticks.
    Discard {},
}

/// Rate and limits for catching up with missed ticks.
#[element]
pub struct TimerCatchup {
    /// Minimum lag of the guest before catching up starts, in nanoseconds.
    pub threshold: Option<u32>,
    /// Increase of the tick rate while the guest catches up.
    pub slew: Option<u32>,
    /// Maximum lag that the guest catches up with, in nanoseconds.
    pub limit: Option<u32>,
}

patterns! {
    /// Number of seconds, or `reset`.
    Adjustment = "adjustment", "a number of seconds, or reset", r"[-+]?[0-9]+|reset";
    /// Number of seconds.
    TimeDelta = "time", "a number of seconds", r"[-+]?[0-9]+";
    /// Name of a time zone.
    TimeZone = "time zone", "a time zone, e.g. Europe/Paris", r"[a-zA-Z0-9_.+\-/]+";
}
