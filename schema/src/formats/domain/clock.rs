//! `<clock>`: [Time keeping](https://libvirt.org/formatdomain.html#time-keeping).

use crate::engine::pattern::patterns;
use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::{element, values};

/// The guest's clock.
#[element]
pub struct Clock {
    /// What time it shows when the guest starts.
    #[form]
    pub offset: ClockOffset,
    /// A source of ticks.
    pub timer: Vec<Timer>,
}

/// What time the guest's clock shows when it starts.
#[element("offset")]
pub enum ClockOffset {
    /// Universal time, as most systems want it.
    Utc {
        /// What becomes of changes that the guest makes: `reset` undoes them at the next start; a number of
        /// seconds makes it `variable`.
        adjustment: Option<Adjustment>,
    },
    /// The host's local time, as Windows wants it.
    Localtime {
        /// What becomes of changes that the guest makes: `reset` undoes them at the next start; a number of
        /// seconds makes it `variable`.
        adjustment: Option<Adjustment>,
    },
    /// The time of a time zone.
    Timezone {
        /// The zone, such as `Europe/Paris`.
        timezone: Option<TimeZone>,
    },
    /// Another time by some seconds, which follows the changes that the guest makes.
    Variable {
        /// By how many seconds it differs.
        adjustment: Option<TimeDelta>,
        /// From what it differs; from `utc` when absent.
        basis: Option<ClockBasis>,
    },
    /// The same time at each start. Since libvirt 8.4.
    Absolute {
        /// The time in seconds since the start of 1970.
        start: u64,
    },
}

/// What a time differs from.
#[values]
pub enum ClockBasis {
    /// Universal time.
    Utc,
    /// The host's local time.
    Localtime,
}

/// A source of ticks.
#[element]
pub struct Timer {
    /// Which one.
    #[form]
    pub name: TimerName,
    /// Whether the guest has it; the hypervisor's own choice when absent.
    pub present: Option<YesNo>,
}

/// A source of ticks.
#[element("name")]
pub enum TimerName {
    /// The one that the hypervisor takes for all others; for Xen.
    Platform {
        /// What it follows.
        track: Option<TimerTrack>,
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// The clock that runs while the machine is off.
    Rtc {
        /// What it follows.
        track: Option<TimerTrack>,
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// The processor's own counter.
    Tsc {
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
        /// Its frequency in hertz; the host's when absent.
        frequency: Option<u64>,
        /// How the guest reads it.
        mode: Option<TscMode>,
    },
    /// The PC's high precision timer.
    Hpet {
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// The PC's oldest timer.
    Pit {
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// The virtual timer of ARM.
    Armvtimer {
        /// What becomes of ticks that the guest missed.
        #[form]
        tickpolicy: Tickpolicy,
    },
    /// The clock of KVM, for Linux guests.
    Kvmclock {},
    /// The clock of Hyper-V, for Windows guests.
    Hypervclock {},
}

/// What a timer follows.
#[values]
pub enum TimerTrack {
    /// The time since the host started.
    Boot,
    /// The time for which the guest ran.
    Guest,
    /// The host's clock.
    Wall,
    /// A clock that nobody sets.
    Realtime,
}

/// How a guest reads the processor's counter.
#[values]
pub enum TscMode {
    /// As the hypervisor thinks best.
    Auto,
    /// Directly.
    Native,
    /// By the hypervisor.
    Emulate,
    /// Directly, with the hypervisor's help.
    Paravirt,
    /// Directly or by the hypervisor, so that all processors agree.
    Smpsafe,
}

/// What becomes of ticks that the guest missed.
#[element("tickpolicy")]
pub enum Tickpolicy {
    /// They come later, at the usual pace, so that the guest's time lags behind.
    #[default]
    Delay {},
    /// They come later, at a faster pace, until the guest has caught up.
    Catchup {
        /// How fast.
        catchup: Option<TimerCatchup>,
    },
    /// They come later as one.
    Merge {},
    /// They never come.
    Discard {},
}

/// How a guest catches up with ticks that it missed.
#[element]
pub struct TimerCatchup {
    /// By how many nanoseconds it must lag before it does.
    pub threshold: Option<u32>,
    /// How much faster they come.
    pub slew: Option<u32>,
    /// How many nanoseconds it catches up at most.
    pub limit: Option<u32>,
}

patterns! {
    /// A number of seconds, or `reset`.
    Adjustment = "a number of seconds, or \"reset\"", r"[-+]?[0-9]+|reset";
    /// A number of seconds.
    TimeDelta = "a number of seconds", r"[-+]?[0-9]+";
    /// The name of a time zone.
    TimeZone = "a time zone such as Europe/Paris", r"[a-zA-Z0-9_.+\-/]+";
}
