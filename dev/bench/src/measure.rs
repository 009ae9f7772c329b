//! Runs commands and measures them.

use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// The cost of a run.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Elapsed time in seconds.
    pub elapsed: f64,
    /// Processor time in seconds.
    processor: f64,
    /// Peak memory in MB.
    peak: f64,
}

/// Runs a command to its end, and drops its standard output.
pub fn run(command: &mut Command) -> Result<Cost, String> {
    let begin = Instant::now();
    let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|why| format!("cannot run {command:?}: {why}"))?;
    let mut errors = String::new();
    if let Some(mut stream) = child.stderr.take() {
        stream.read_to_string(&mut errors).map_err(|why| format!("cannot read the errors of {command:?}: {why}"))?;
    }
    let used = child.wait4().map_err(|why| format!("cannot wait for {command:?}: {why}"))?;
    let elapsed = begin.elapsed();
    if !used.status.success() {
        return Err(format!("{command:?} failed:\n{errors}"));
    }
    Ok(Cost {
        elapsed: elapsed.as_secs_f64(),
        processor: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak: used.rusage.maxrss as f64 / (1024.0 * 1024.0),
    })
}

/// Runs each command that many times, in turns, and returns the median cost of each.
pub fn alternate<const N: usize>(runs: usize, mut commands: [Command; N]) -> Result<[Cost; N], String> {
    let mut costs: [Vec<Cost>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..runs {
        for (command, costs) in commands.iter_mut().zip(&mut costs) {
            costs.push(run(command)?);
        }
    }
    Ok(costs.map(|costs| median(&costs)))
}

/// The median of each part of the costs.
pub fn median(costs: &[Cost]) -> Cost {
    let median_of = |part: fn(&Cost) -> f64| {
        let mut values: Vec<_> = costs.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        values[(values.len() - 1) / 2]
    };
    Cost { elapsed: median_of(|it| it.elapsed), processor: median_of(|it| it.processor), peak: median_of(|it| it.peak) }
}

impl Cost {
    /// The additional cost compared with another.
    pub fn beyond(self, other: Cost) -> Difference {
        Difference(Cost {
            elapsed: self.elapsed - other.elapsed,
            processor: self.processor - other.processor,
            peak: self.peak - other.peak,
        })
    }

    /// The ratio of the elapsed times.
    pub fn times(self, other: Cost) -> f64 {
        self.elapsed / other.elapsed
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s ({:.3}), {:.0} MB", self.elapsed, self.processor, self.peak)
    }
}

/// The difference of two costs.
pub struct Difference(Cost);

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference(cost) = self;
        write!(f, "{:+.3} s ({:+.3}), {:+.0} MB", cost.elapsed, cost.processor, cost.peak)
    }
}

/// The median time of that many runs of a command, in seconds.
pub fn seconds(runs: usize, command: &mut Command) -> Result<f64, String> {
    let costs: Result<Vec<_>, _> = (0..runs).map(|_| run(command)).collect();
    Ok(median(&costs?).elapsed)
}

/// Starts the daemon of the development root. Elsewhere, guests would be defined on the host.
pub fn start_libvirt() -> Result<(), String> {
    if !Path::new("/etc/nixvirt-root").exists() {
        return Err("this benchmark changes its host: run it in the development root, with `dev/run bench`".to_owned());
    }
    run(Command::new("virtlogd").arg("-d"))?;
    run(Command::new("libvirtd").arg("-d"))?;
    wait_for(Command::new("virsh").args(["-q", "-c", "qemu:///system", "version"]))
}

/// Waits until a command succeeds.
fn wait_for(command: &mut Command) -> Result<(), String> {
    let begin = Instant::now();
    while let Err(why) = run(command) {
        if begin.elapsed() > Duration::from_secs(30) {
            return Err(why);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
