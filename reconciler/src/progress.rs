//! Progress on standard error: what a command waits for, and how long that may take. A terminal shows a spinner or a bar,
//! and anything else gets a line once the wait is long.

use crate::image::Preparation;
use crate::message;
use crate::object::{Id, Type};
use crate::reconcile::Event;
use crate::report;
use crate::step::{DETACH_LIMIT, MIGRATION_LIMIT, Operation, Step};
use crate::terminal::escaped;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a wait must last before a line says so, where standard error is no terminal.
const LINE_DELAY: Duration = Duration::from_secs(2);

/// How long a wait must last before a terminal shows it. Commands that are quick do not flicker.
const SPINNER_DELAY: Duration = Duration::from_millis(300);

/// How often a spinner moves.
const TICK: Duration = Duration::from_millis(200);

/// Progress of a command, shared by all connections.
pub struct Progress {
    bars: MultiProgress,
    is_terminal: bool,
    verbose: bool,
}

impl Progress {
    /// Returns the progress of a command. With `verbose`, each step leaves a line.
    pub fn new(verbose: bool) -> Self {
        Progress { bars: MultiProgress::new(), is_terminal: io::stderr().is_terminal(), verbose }
    }

    /// Runs `act`, and shows `what` is waited for if that takes long.
    pub fn during<T>(&self, what: String, limit: Option<Duration>, act: impl FnOnce() -> T) -> T {
        let _shown = self.wait(what, limit);
        act()
    }

    /// Shows what is waited for, as long as the returned value lives.
    pub fn wait(&self, what: String, limit: Option<Duration>) -> Wait {
        Wait::new(self, limited(what, limit))
    }

    /// Prints a line.
    pub fn say(&self, line: &str) {
        let line = escaped(line);
        self.bars.suspend(|| message::line(line));
    }

    /// Returns a function that shows what happens on a connection, whose daemon may take so long to answer.
    pub fn watch<'p>(&'p self, uri: &'p str, timeout: Duration) -> impl Fn(Event<'_>) + 'p {
        let reading = self.wait(format!("{uri}: reading objects"), None);
        let shown = RefCell::new(Shown::Wait { _wait: reading });
        move |event| match event {
            Event::WaitsForLock(path) => self.say(&format!("{uri}: {}", report::waits_for_lock(path))),
            Event::Step(id, step) => {
                let line = limited(format!("{uri}: {id}: {}", report::step(step)), limit(id, step, timeout));
                shown.replace(Shown::Nothing);
                if self.verbose {
                    self.say(&line);
                }
                // With `verbose`, the line is there already.
                if self.is_terminal || !self.verbose {
                    shown.replace(Shown::Wait { _wait: Wait::new(self, line) });
                }
            }
            Event::Prepared(id, what, done, of) => {
                self.show_preparation(&mut shown.borrow_mut(), uri, (id, what), done, of);
            }
            Event::Uploaded(id, done, of) => self.show_upload(&mut shown.borrow_mut(), uri, id, done, of),
            Event::Ended(_) => drop(shown.replace(Shown::Nothing)),
        }
    }

    /// Shows how much of an image is prepared. Without a total, there is no bar.
    fn show_preparation(&self, shown: &mut Shown, uri: &str, of: (&Id, Preparation), done: u64, total: u64) {
        let line = || format!("{uri}: {}: {}", of.0, report::preparation(of.1));
        if !matches!(shown, Shown::Preparation { id, what, .. } if (&*id, *what) == of) {
            let _wait = Wait::new(self, line());
            *shown = Shown::Preparation { id: of.0.clone(), what: of.1, bar: None, _wait };
        }
        if let (Shown::Preparation { bar, .. }, true) = (shown, self.is_terminal && total > 0) {
            bar.get_or_insert_with(|| Bar(self.bars.add(bytes(line(), total)))).0.set_position(done);
        }
    }

    /// Shows how much of a volume is uploaded, on a terminal.
    fn show_upload(&self, shown: &mut Shown, uri: &str, id: &Id, done: u64, of: u64) {
        if !self.is_terminal {
            return;
        }
        if !matches!(shown, Shown::Upload(shown, _) if shown == id) {
            *shown = Shown::Upload(id.clone(), Bar(self.bars.add(bytes(format!("{uri}: {id}"), of))));
        }
        if let Shown::Upload(_, Bar(bar)) = shown {
            bar.set_position(done);
        }
    }
}

/// What is shown of a connection.
enum Shown {
    Nothing,
    Wait { _wait: Wait },
    Preparation { id: Id, what: Preparation, bar: Option<Bar>, _wait: Wait },
    Upload(Id, Bar),
}

/// Something that is waited for. It is no longer shown once this is dropped.
pub struct Wait {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Wait {
    fn new(progress: &Progress, line: String) -> Self {
        let line = escaped(&line).into_owned();
        let (end, ended) = mpsc::channel::<()>();
        let bars = progress.bars.clone();
        let is_terminal = progress.is_terminal;
        let delay = if is_terminal { SPINNER_DELAY } else { LINE_DELAY };
        let show = move || {
            if ended.recv_timeout(delay) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            if is_terminal {
                let spinner = Bar(bars.add(spinner(line)));
                spinner.0.enable_steady_tick(TICK);
                // The sender is dropped at the end.
                let _ = ended.recv();
            } else {
                message::line(format_args!("{line} …"));
            }
        };
        Wait { end: Some(end), thread: Some(thread::spawn(show)) }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        drop(self.end.take());
        // A panic of the thread has been printed, and changes nothing.
        self.thread.take().map(JoinHandle::join);
    }
}

/// A bar or spinner that is removed from the terminal once it is dropped.
struct Bar(ProgressBar);

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn spinner(line: String) -> ProgressBar {
    const STYLE: &str = "{spinner} {msg} {elapsed}";
    let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new_spinner().with_style(style).with_message(line)
}

fn bytes(line: String, bytes: u64) -> ProgressBar {
    const STYLE: &str = "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(escaped(&line).into_owned())
}

/// Returns how long a step may take, if there is a limit.
fn limit(id: &Id, step: &Step, timeout: Duration) -> Option<Duration> {
    match step {
        Step::Libvirt(Operation::Stop(how)) if id.kind == Type::Domain => Some(Duration::from_secs(how.timeout)),
        Step::Libvirt(Operation::Detach { .. }) => Some(DETACH_LIMIT),
        Step::Libvirt(Operation::Migrate { .. }) => Some(MIGRATION_LIMIT),
        Step::Libvirt(operation) => operation.answer_limit(timeout),
        Step::Record(_) => None,
        Step::Origin(step) => limit(&step.object, &step.step, timeout),
    }
}

/// Adds how long something may take.
fn limited(what: String, limit: Option<Duration>) -> String {
    match limit.map(|limit| limit.as_secs()) {
        Some(seconds) if seconds >= 300 && seconds % 60 == 0 => format!("{what} (up to {} min)", seconds / 60),
        Some(seconds) => format!("{what} (up to {seconds} s)"),
        None => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn limits() {
        let shown = |seconds: u64| limited("wait".to_owned(), Some(Duration::from_secs(seconds)));
        expect!["wait (up to 20 s)"].assert_eq(&shown(20));
        expect!["wait (up to 120 s)"].assert_eq(&shown(120));
        expect!["wait (up to 15 min)"].assert_eq(&shown(900));
    }
}
