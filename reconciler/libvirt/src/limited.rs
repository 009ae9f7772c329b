//! A connection whose calls have a time limit. libvirt itself waits without end for a guest or a storage that hangs, so that
//! the calls are made on a thread of their own: a call without an answer is abandoned together with its thread.

use crate::connection::{Connection, Known};
use crate::error::Error;
use nixvirt::able::capabilities::{Answer, Request};
use nixvirt::doctor::answers::Answers;
use nixvirt::error::ErrorKind;
use nixvirt::guest::Facts;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::{Backend, Limits};
use nixvirt::snapshot_archive::DomainArchive;
use nixvirt::step::Operation;
use nixvirt::uri::is_local;
use nixvirt_schema::engine::xml::Element;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a call that takes long is looked at.
const LOOK: Duration = Duration::from_millis(100);

thread_local! {
    /// The number of answers that libvirt gave to this thread.
    static ANSWERS: RefCell<Arc<AtomicU64>> = RefCell::default();
}

/// Notes that libvirt has answered a call of this thread.
pub fn note_answer() {
    ANSWERS.with_borrow(|answers| answers.fetch_add(1, Ordering::Relaxed));
}

/// A connection whose calls have a time limit.
pub struct LimitedConnection {
    uri: String,
    limits: Limits,
    known: Known,
    /// The thread that makes the calls. None after one was abandoned.
    worker: RefCell<Option<Worker>>,
    /// The option that sets the time limit, for messages.
    option: &'static str,
}

/// A thread with a connection.
struct Worker {
    jobs: Sender<Job>,
    answers: Arc<AtomicU64>,
    /// Disconnected once the thread has ended.
    end: Receiver<()>,
}

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// What a thread says about the call that it makes.
enum News<T> {
    Progress(u64, u64),
    Result(Result<T, Error>),
}

impl LimitedConnection {
    /// Connects to a daemon.
    pub fn open(uri: &str, limits: Limits) -> Result<Self, Error> {
        LimitedConnection::open_by(uri, limits, "--timeout")
    }

    /// The same for a command with another option for the time limit.
    pub(crate) fn open_by(uri: &str, limits: Limits, option: &'static str) -> Result<Self, Error> {
        let (known, worker) = (Known::default(), RefCell::default());
        let connection = LimitedConnection { uri: uri.to_owned(), limits, known, worker, option };
        connection.start(limits.wait)?;
        Ok(connection)
    }

    /// Starts a thread with a connection of its own.
    fn start(&self, wait: Duration) -> Result<(), Error> {
        let (jobs, received) = mpsc::channel::<Job>();
        let (opened, is_open) = mpsc::channel();
        let (ends, end) = mpsc::channel();
        let answers = Arc::<AtomicU64>::default();
        let (uri, known) = (self.uri.clone(), self.known.clone());
        let (limits, counted) = (Limits { wait, ..self.limits }, answers.clone());
        thread::spawn(move || {
            let _ends: Sender<()> = ends;
            ANSWERS.set(counted);
            let connection = match Connection::open_within(&uri, limits) {
                Ok(connection) => connection.knowing(known),
                // If nobody listens, the opening was abandoned.
                Err(error) => return drop(opened.send(Err(error))),
            };
            if opened.send(Ok(())).is_ok() {
                received.iter().for_each(|job| job(&connection));
            }
        });
        let limit = wait.saturating_add(self.limits.timeout.saturating_mul(2));
        match is_open.recv_timeout(limit) {
            Ok(result) => result?,
            Err(_) => {
                return Err(Error::connection(format!("cannot connect to {} in {} s", self.uri, limit.as_secs())));
            }
        }
        *self.worker.borrow_mut() = Some(Worker { jobs, answers, end });
        Ok(())
    }

    /// Makes a call. `limit` is how long libvirt may be silent; None if that does not matter.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        limit: Option<Duration>,
        progress: &mut dyn FnMut(u64, u64),
        act: impl FnOnce(&Connection, &mut dyn FnMut(u64, u64)) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.worker.borrow().is_none() {
            self.start(Duration::ZERO)?;
        }
        let (says, news) = mpsc::channel();
        let job: Job = Box::new(move |connection| {
            // If nobody listens, the call was abandoned.
            let mut progress = |done, total| drop(says.send(News::Progress(done, total)));
            let result = act(connection, &mut progress);
            let _ = says.send(News::Result(result));
        });
        let worker = self.worker.borrow();
        let Some(Worker { jobs, answers, .. }) = &*worker else { return Err(ended()) };
        if jobs.send(job).is_err() {
            return Err(ended());
        }
        let mut last = (answers.load(Ordering::Relaxed), Instant::now());
        loop {
            match news.recv_timeout(LOOK) {
                Ok(News::Result(result)) => return result,
                Ok(News::Progress(done, total)) => {
                    last.1 = Instant::now();
                    progress(done, total);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
                Err(RecvTimeoutError::Timeout) => {
                    let count = answers.load(Ordering::Relaxed);
                    if count != last.0 {
                        last = (count, Instant::now());
                    } else if limit.is_some_and(|limit| last.1.elapsed() >= limit) {
                        break;
                    }
                }
            }
        }
        drop(worker);
        Err(self.abandon(limit.unwrap_or_default()))
    }

    /// Makes a call without progress, within the time limit of an answer.
    fn answer<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.call(Some(self.limits.timeout), &mut |_, _| (), move |connection, _| act(connection))
    }

    /// Abandons the call that has no answer, and connects again: if that fails, it is the daemon that does not answer.
    fn abandon(&self, limit: Duration) -> Error {
        self.worker.take();
        self.known.forget_handles();
        let error = Error::libvirt(format!("libvirt has not answered in {} s", limit.as_secs())).with_hint(format!(
            "the guest, its storage or the daemon hangs; the time limit is set with {}",
            self.option
        ));
        match self.start(Duration::ZERO) {
            Ok(()) => error,
            Err(_) => error.of_kind(ErrorKind::Connection),
        }
    }
}

fn ended() -> Error {
    Error::internal("the thread of the connection has ended")
}

impl Drop for LimitedConnection {
    /// Closes the connection, unless the daemon does not answer that either.
    fn drop(&mut self) {
        if let Some(Worker { jobs, end, .. }) = self.worker.take() {
            drop(jobs);
            let _ = end.recv_timeout(self.limits.timeout);
        }
    }
}

impl Backend for LimitedConnection {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        let types = types.clone();
        self.answer(move |connection| connection.list(&types))
    }

    fn read(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        let (id, mut read) = (id.clone(), observed.clone());
        *observed = self.answer(move |connection| connection.read(&id, &mut read).map(|()| read))?;
        Ok(())
    }

    /// Reads all objects in one call: to wait for each of them would cost two changes of threads for each.
    fn read_each(&self, mut objects: Vec<(&Id, &mut Observed)>) -> Result<(), Error> {
        let mut next = 0;
        while next < objects.len() {
            let ahead: Vec<_> = objects[next..].iter().map(|(id, it)| ((*id).clone(), (**it).clone())).collect();
            let read = Arc::new(Mutex::new(Vec::new()));
            let given = read.clone();
            let end = self.answer(move |connection| {
                for (id, mut observed) in ahead {
                    let result = connection.read(&id, &mut observed);
                    observed.note(result)?;
                    given.lock().unwrap_or_else(PoisonError::into_inner).push(observed);
                }
                Ok(())
            });
            for observed in read.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                *objects[next].1 = observed;
                next += 1;
            }
            // An object without an answer has stopped the reading, which goes on behind it.
            if let (Err(error), Some((_, observed))) = (end, objects.get_mut(next)) {
                observed.note(Err(error))?;
                next += 1;
            }
        }
        Ok(())
    }

    fn archive(&self, id: &Id) -> Result<Option<DomainArchive>, Error> {
        let id = id.clone();
        self.answer(move |connection| connection.archive(&id))
    }

    fn answers(&self) -> Result<Answers, Error> {
        self.answer(|connection| connection.answers())
    }

    fn domain_capabilities(&self, request: &Request) -> Result<Answer, Error> {
        let request = request.clone();
        self.answer(move |connection| connection.domain_capabilities(&request))
    }

    fn capabilities(&self) -> Result<Option<Element>, Error> {
        self.answer(|connection| connection.capabilities())
    }

    fn guests(&self, name: Option<&str>) -> Result<Vec<Facts>, Error> {
        let name = name.map(str::to_owned);
        self.answer(move |connection| connection.guests(name.as_deref()))
    }

    fn ask_agent(&self, guest: &str, command: &str) -> Result<String, Error> {
        let (guest, command) = (guest.to_owned(), command.to_owned());
        self.answer(move |connection| Backend::ask_agent(connection, &guest, &command))
    }

    fn offers_cpu(&self, domain: &Element) -> Result<bool, Error> {
        let domain = domain.clone();
        self.answer(move |connection| connection.offers_cpu(&domain))
    }

    fn timeout(&self) -> Duration {
        self.limits.timeout
    }

    fn is_local(&self) -> bool {
        is_local(&self.uri)
    }

    fn execute(&self, id: &Id, operation: &Operation, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        let limit = operation.answer_limit(self.limits.timeout);
        let (id, operation) = (id.clone(), operation.clone());
        self.call(limit, progress, move |connection, progress| connection.execute(&id, &operation, progress))
    }
}
