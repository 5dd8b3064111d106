use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Gives `token-1`, `token-2` and so on after a while, or errors while it is down.
struct Fake {
    issued: AtomicUsize,
    down: Mutex<bool>,
    lifetime: Option<Duration>,
}

const WHILE: Duration = Duration::from_secs(1);

impl Issuer for Arc<Fake> {
    async fn issue(&self) -> Result<Token, String> {
        let number = self.issued.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::time::sleep(WHILE).await;
        if *self.down.lock().unwrap() {
            return Err(format!("down {number}"));
        }
        Ok(Token { value: format!("token-{number}"), lifetime: self.lifetime })
    }
}

fn tokens(lifetime: Option<u64>, buffer: u64) -> (Arc<Fake>, Arc<Tokens<Arc<Fake>>>) {
    let fake = Arc::new(Fake {
        issued: AtomicUsize::new(0),
        down: Mutex::new(false),
        lifetime: lifetime.map(Duration::from_secs),
    });
    let tokens = Tokens::new(fake.clone(), Duration::from_secs(buffer), Log::none());
    (fake, Arc::new(tokens))
}

async fn current(tokens: &Arc<Tokens<Arc<Fake>>>) -> String {
    match tokens.current().await {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

async fn many(tokens: &Arc<Tokens<Arc<Fake>>>) -> Vec<String> {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { current(&tokens).await })
        })
        .collect();
    let mut values = Vec::new();
    for task in tasks {
        values.push(task.await.unwrap());
    }
    values.dedup();
    values
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn one_asks_for_all_who_wait_and_all_hear_the_answer() {
    let (fake, tokens) = tokens(None, 300);
    *fake.down.lock().unwrap() = true;
    assert_eq!(many(&tokens).await, ["down 1"]);
    *fake.down.lock().unwrap() = false;
    assert_eq!(many(&tokens).await, ["token-2"]);
    pass(1_000_000).await;
    assert_eq!(many(&tokens).await, ["token-2"]);
    assert_eq!(fake.issued.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_leaves_the_turn_to_the_next() {
    let (fake, tokens) = tokens(None, 300);
    let first = tokio::time::timeout(WHILE / 2, tokens.current());
    let (first, second) = tokio::join!(first, current(&tokens));
    assert!(first.is_err());
    assert_eq!((second.as_str(), fake.issued.load(Ordering::Relaxed)), ("token-2", 2));
}

/// Lets a renewal come to its end.
async fn settle() {
    tokio::time::sleep(WHILE * 2).await;
}

#[tokio::test(start_paused = true)]
async fn tokens_are_renewed_before_their_end_while_requests_go_on() {
    for (lifetime, buffer, renewed) in [(3600, 300, 3300), (60, 300, 30), (310, 300, 10)] {
        let (fake, tokens) = tokens(Some(lifetime), buffer);
        assert_eq!(current(&tokens).await, "token-1");
        // Getting it took a second, which counts.
        tokio::time::advance(Duration::from_millis(renewed * 1000 - 1001)).await;
        assert_eq!(many(&tokens).await, ["token-1"], "{lifetime} {buffer}");
        tokio::task::yield_now().await;
        assert_eq!(fake.issued.load(Ordering::Relaxed), 1);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(many(&tokens).await, ["token-1"], "{lifetime} {buffer}");
        settle().await;
        assert_eq!(many(&tokens).await, ["token-2"], "{lifetime} {buffer}");
        assert_eq!(fake.issued.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn after_its_end_a_token_is_waited_for() {
    for (lifetime, buffer) in [(3600, 0), (3600, 300)] {
        let (_, tokens) = tokens(Some(lifetime), buffer);
        assert_eq!(current(&tokens).await, "token-1");
        pass(lifetime - 11).await;
        assert_eq!(many(&tokens).await, ["token-2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_bridged_while_the_token_is_good() {
    let (fake, tokens) = tokens(Some(3600), 300);
    let issued = || fake.issued.load(Ordering::Relaxed);
    assert_eq!(current(&tokens).await, "token-1");
    *fake.down.lock().unwrap() = true;
    pass(3400).await;
    assert_eq!(many(&tokens).await, ["token-1"]);
    settle().await;
    // Not asked again at once.
    assert_eq!(many(&tokens).await, ["token-1"]);
    settle().await;
    assert_eq!(issued(), 2);
    pass(APART.as_secs()).await;
    assert_eq!(many(&tokens).await, ["token-1"]);
    settle().await;
    assert_eq!(issued(), 3);
    pass(300).await;
    assert_eq!(many(&tokens).await, ["down 4"]);
    *fake.down.lock().unwrap() = false;
    assert_eq!(many(&tokens).await, ["token-5"]);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_ends_with_the_extension() {
    let (fake, tokens) = tokens(Some(3600), 300);
    assert_eq!(current(&tokens).await, "token-1");
    pass(3400).await;
    assert_eq!(current(&tokens).await, "token-1");
    tokio::task::yield_now().await;
    assert_eq!(fake.issued.load(Ordering::Relaxed), 2);
    tokens.stop();
    settle().await;
    assert_eq!(tokens.lock().asked, 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_dropped_unless_it_is_new() {
    let (fake, tokens) = tokens(None, 300);
    assert_eq!(current(&tokens).await, "token-1");
    tokens.refused();
    assert_eq!(current(&tokens).await, "token-1");
    pass(APART.as_secs()).await;
    tokens.refused();
    assert_eq!(many(&tokens).await, ["token-2"]);
    // Of those who had been under way with the old one.
    tokens.refused();
    assert_eq!(current(&tokens).await, "token-2");
    assert_eq!(fake.issued.load(Ordering::Relaxed), 2);
    assert_eq!(format!("{tokens:?}"), "Tokens");
}
