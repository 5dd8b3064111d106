//! A panic in one component's work becomes an error of that work, so that it cannot take a shared task down with it.

use std::{
    any::Any,
    error::Error,
    fmt,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// What a panic said.
#[derive(Debug)]
pub struct Panicked(String);

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "internal error: {}", self.0)
    }
}

impl Error for Panicked {}

/// Runs `work` to its end; a panic on the way ends it with an error instead of unwinding into the caller. The work is
/// dropped afterwards, so nothing sees what it left half done.
///
/// # Errors
/// [`Panicked`] if `work` panicked.
pub async fn contain<F: Future>(work: F) -> Result<F::Output, Panicked> {
    let mut work = pin!(work);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panic) => Poll::Ready(Err(Panicked(said(panic.as_ref())))),
    })
    .await
}

/// The message that a panic carries.
fn said(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panicked without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_ends_gives_its_output() {
        let work = async {
            tokio::task::yield_now().await;
            7
        };
        assert_eq!(contain(work).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_message() {
        let work = async {
            tokio::task::yield_now().await;
            assert!(std::env::args().count() == 0, "too {}", "many");
        };
        assert_eq!(contain(work).await.unwrap_err().to_string(), "internal error: too many");
    }
}
