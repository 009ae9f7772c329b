//! What is shown while things are done: on a terminal, what each connection is at, and how far a volume is filled.

use crate::object::Id;
use crate::reconcile::Event;
use crate::report;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::time::Duration;

/// Standard error, shared by the connections.
pub struct Screen {
    bars: MultiProgress,
    is_terminal: bool,
    verbose: bool,
}

/// How often something moves, so that one sees that it goes on.
const TICK: Duration = Duration::from_millis(200);

impl Screen {
    /// A screen on which, with `verbose`, each step leaves a line.
    pub fn new(verbose: bool) -> Self {
        Screen { bars: MultiProgress::new(), is_terminal: io::stderr().is_terminal(), verbose }
    }

    /// Who shows what happens on a connection.
    pub fn watch<'s>(&'s self, uri: &'s str) -> impl Fn(Event<'_>) + 's {
        let bar = RefCell::new(None::<ProgressBar>);
        let put = move |new: Option<ProgressBar>| {
            let new = new.filter(|_| self.is_terminal).map(|new| self.bars.add(new));
            if let Some(old) = bar.replace(new) {
                old.finish_and_clear();
            }
            bar.borrow().clone()
        };
        let filled = RefCell::new(None::<(Id, Option<ProgressBar>)>);
        move |event| match event {
            Event::WaitsForLock(path) => self.say(&format!("{uri}: {}", report::waits_for_lock(path))),
            Event::Step(id, step) => {
                let line = format!("{uri}: {id}: {}", report::step(step));
                if self.verbose {
                    self.say(&line);
                }
                if let Some(spinner) = put(Some(ProgressBar::new_spinner().with_message(line))) {
                    spinner.enable_steady_tick(TICK);
                }
            }
            Event::Uploaded(id, done, of) => {
                if filled.borrow().as_ref().is_none_or(|(filled, _)| filled != id) {
                    *filled.borrow_mut() = Some((id.clone(), put(Some(filling(uri, id, of)))));
                }
                if let Some((_, Some(bar))) = filled.borrow().as_ref() {
                    bar.set_position(done);
                }
            }
            Event::Ended(_) => drop(put(None)),
        }
    }

    fn say(&self, what: &str) {
        self.bars.suspend(|| eprintln!("nixvirt: {what}"));
    }
}

fn filling(uri: &str, id: &Id, bytes: u64) -> ProgressBar {
    const STYLE: &str = "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(format!("{uri}: {id}"))
}
