//! The process's timer, and what is done in the thread that it interrupts: the stack goes into the next free place of a table that was
//! made before, since there nothing may be allocated or waited for. A thread of our own empties the table as it fills.
#![expect(
    unsafe_code,
    reason = "signals and timers are the C library's. The crate `pprof`, which does without unsafe of ours, keeps 142 MB for tables \
              and links a second reader of debugging information, 0.2 MB"
)]

use std::{
    collections::HashMap,
    ffi::c_void,
    io, mem,
    num::NonZero,
    ptr,
    sync::{
        Arc,
        atomic::{
            AtomicBool, AtomicPtr, AtomicU8, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::profile::{Stack, Stacks};

/// Ticks a second of the process's processor time, as in Go.
pub(crate) const FREQUENCY: i32 = 100;

/// Frames of a stack that are kept, from the innermost outwards.
const DEPTH: usize = 128;
/// How often stacks are counted.
const EVERY: Duration = Duration::from_millis(500);
/// How many stacks there is room for until then, for each processor: one that is busy makes 50.
const PLACES: usize = 64;
/// Of more different stacks than this the others are not kept.
const DIFFERENT: usize = 50_000;

/// Where stacks go; null while no profile is taken.
static TABLE: AtomicPtr<Table> = AtomicPtr::new(ptr::null_mut());
/// How many threads are in [`tick`]. Who has taken a table out of [`TABLE`] has it to itself once this was 0.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// Stacks as they come.
struct Table {
    next: AtomicUsize,
    places: Box<[Place]>,
}

/// Room for a stack.
struct Place {
    thread: [AtomicU8; 16],
    /// Where the thread was interrupted.
    at: AtomicUsize,
    depth: AtomicUsize,
    frames: [AtomicUsize; DEPTH],
}

impl Table {
    fn new() -> Self {
        let place = || Place {
            thread: [const { AtomicU8::new(0) }; 16],
            at: AtomicUsize::new(0),
            depth: AtomicUsize::new(0),
            frames: [const { AtomicUsize::new(0) }; DEPTH],
        };
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        Self { next: AtomicUsize::new(0), places: (0..PLACES * processors).map(|_| place()).collect() }
    }

    /// Counts what is there, and is empty then.
    fn count(&self, stacks: &mut Stacks) {
        for place in self.places.iter().take(self.next.swap(0, SeqCst)) {
            let stack = place.stack();
            if let Some(count) = stacks.0.get_mut(&stack) {
                *count += 1;
            } else if stacks.0.len() < DIFFERENT {
                stacks.0.insert(stack, 1);
            }
        }
    }
}

impl Place {
    fn stack(&self) -> Stack {
        let name: Vec<u8> =
            self.thread.iter().map(|byte| byte.load(Relaxed)).take_while(|byte| *byte != 0).collect();
        let frames = self.frames.iter().take(self.depth.load(Relaxed)).map(|frame| frame.load(Relaxed));
        let (at, mut addresses) = (self.at.load(Relaxed), frames.collect::<Vec<_>>());
        // The frames before that are those of the signal.
        match addresses.iter().position(|frame| *frame == at) {
            Some(own) => drop(addresses.drain(..own)),
            None if at != 0 => addresses = vec![at],
            None => {}
        }
        Stack { thread: String::from_utf8_lossy(&name).into_owned(), addresses }
    }
}

/// A timer that runs. There is one of its kind in a process.
pub(crate) struct Ticks {
    is_over: Arc<AtomicBool>,
    counting: Option<JoinHandle<Stacks>>,
}

impl Ticks {
    /// Begins.
    ///
    /// # Errors
    /// The system has no thread or no timer for it.
    pub(crate) fn begin() -> io::Result<Self> {
        // What the first stack of a process needs beyond others is found here, outside of the signal.
        backtrace::trace(|_| true);
        handle()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let until = is_over.clone();
        let counting = thread::Builder::new().name("pprof".to_owned()).spawn(move || count(&until))?;
        let ticks = Self { is_over, counting: Some(counting) };
        every(1_000_000 / FREQUENCY)?;
        Ok(ticks)
    }

    /// Ends; what was seen, and how often.
    pub(crate) fn end(mut self) -> Stacks {
        self.stop().unwrap_or_else(|| Stacks(HashMap::new()))
    }

    fn stop(&mut self) -> Option<Stacks> {
        // It cannot fail with a time that is none.
        let _ = every(0);
        self.is_over.store(true, SeqCst);
        let counting = self.counting.take()?;
        counting.thread().unpark();
        counting.join().ok()
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Counts stacks until it is over. There are two tables: one fills while the other is counted.
fn count(is_over: &AtomicBool) -> Stacks {
    let mut stacks = Stacks(HashMap::new());
    let tables = [Table::new(), Table::new()];
    let closed = Closed;
    for table in tables.iter().cycle() {
        TABLE.store(ptr::from_ref(table).cast_mut(), SeqCst);
        settle();
        for full in tables.iter().filter(|other| !ptr::eq(*other, table)) {
            full.count(&mut stacks);
        }
        if is_over.load(SeqCst) {
            break;
        }
        thread::park_timeout(EVERY);
    }
    drop(closed);
    for table in &tables {
        table.count(&mut stacks);
    }
    stacks
}

/// Takes the table out when dropped, so that it may go.
struct Closed;

impl Drop for Closed {
    fn drop(&mut self) {
        TABLE.store(ptr::null_mut(), SeqCst);
        settle();
    }
}

/// Waits until nobody writes into a table that is not in [`TABLE`] any more.
fn settle() {
    // A tick takes microseconds.
    while INSIDE.load(SeqCst) != 0 {
        thread::yield_now();
    }
}

/// Has [`tick`] called for ticks, from now on: one that comes late must not be the end of the process, which it is where nobody
/// waits for it.
fn handle() -> io::Result<()> {
    // SAFETY: all of it is numbers, for which 0 is a value.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = tick as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
    // SAFETY: the pointer is to an action, whose function has the form that `SA_SIGINFO` asks for and does what a signal may.
    outcome(unsafe { libc::sigaction(libc::SIGPROF, &raw const action, ptr::null_mut()) })
}

/// Sets the timer to so many microseconds of processor time; 0 stops it.
fn every(microseconds: i32) -> io::Result<()> {
    let time = libc::timeval { tv_sec: 0, tv_usec: microseconds.into() };
    let timer = libc::itimerval { it_interval: time, it_value: time };
    // SAFETY: the pointer is to a timer's setting.
    outcome(unsafe { libc::setitimer(libc::ITIMER_PROF, &raw const timer, ptr::null_mut()) })
}

fn outcome(code: i32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// What happens at each tick, in the thread that the processor worked for.
extern "C" fn tick(_signal: i32, _info: *mut libc::siginfo_t, context: *mut c_void) {
    INSIDE.fetch_add(1, SeqCst);
    // SAFETY: it is this thread's own.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let before = unsafe { *errno };
    // SAFETY: who takes the table out of there waits until nobody is inside before the table goes.
    if let Some(table) = unsafe { TABLE.load(SeqCst).as_ref() }
        && let Some(place) = table.places.get(table.next.fetch_add(1, SeqCst))
    {
        // SAFETY: it is a signal's third argument.
        place.at.store(unsafe { interrupted(context) }, Relaxed);
        // SAFETY: there is room for the 16 bytes that a name has, with the 0 at its end.
        unsafe { libc::prctl(libc::PR_GET_NAME, place.thread.as_ptr()) };
        let mut depth = 0;
        // SAFETY: this does not touch what the crate shares between threads, which is for names only.
        unsafe {
            backtrace::trace_unsynchronized(|frame| {
                place.frames[depth].store(frame.ip() as usize, Relaxed);
                depth += 1;
                depth < DEPTH
            });
        }
        place.depth.store(depth, Relaxed);
    }
    // SAFETY: as above.
    unsafe { *errno = before };
    INSIDE.fetch_sub(1, SeqCst);
}

/// Where a signal has interrupted a thread; 0 where that is not known.
///
/// # Safety
/// `context` is a signal handler's third argument.
unsafe fn interrupted(context: *mut c_void) -> usize {
    let context = context.cast::<libc::ucontext_t>();
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel's, until the handler returns.
    let at = unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the kernel's, until the handler returns.
    let at = unsafe { (*context).uc_mcontext.pc };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let at = {
        let _ = context;
        0_u64
    };
    usize::try_from(at).unwrap_or(0)
}
