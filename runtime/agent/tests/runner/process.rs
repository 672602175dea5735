//! The process: when it is started again, and that it never outlives its daemon's need of it.

use portcullis::Handle;
use portcullis_secrets::Backend as _;

use super::fake::{Fake, PATIENT, READY, Script, WATCHDOG, ask};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_with_the_last_that_needs_it() {
    let fake = Fake::new();
    let (runner, _) = fake.start(&[Script::honest("v")], PATIENT).await.unwrap();
    assert_eq!(ask(&runner, "a").await.as_deref(), Ok("v"));
    drop(runner);
    Fake::gone(&fake.pids()[0]);
}

/// A batch that nobody waits for any more does no harm: its answer comes, and the next one does.
// One thread: the script knows the numbers of the questions, so they are asked in their order.
#[tokio::test]
async fn a_batch_that_is_given_up_is_answered_all_the_same() {
    let fake = Fake::new();
    let script = Script::new().says(READY).hears(1, "a").hears(2, "b");
    let script = script.says(&super::fake::answer(1, "a", "one")).says(&super::fake::answer(2, "b", "two"));
    let (runner, _) = fake.start(&[script.does("cat >/dev/null")], PATIENT).await.unwrap();
    {
        let handles = [Handle::new("a")];
        let mut given_up = std::pin::pin!(runner.resolve(&handles));
        // Once, so that it has begun.
        std::future::poll_fn(|context| {
            let _ = given_up.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
    assert_eq!(ask(&runner, "b").await.as_deref(), Ok("two"));
    assert_eq!(fake.pids().len(), 1);
}

/// One that ends again and again is not started for each batch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_does_not_start_is_left_alone_for_a_while() {
    let fake = Fake::new();
    let first = Script::new().says(READY).hears(1, "a").does("exit 1");
    let (runner, _) = fake.start(&[first, Script::new().does("exit 2")], PATIENT).await.unwrap();
    assert!(ask(&runner, "a").await.unwrap_err().message.contains("exit status: 1"));
    assert!(ask(&runner, "a").await.unwrap_err().message.contains("exit status: 2"));
    let began = std::time::Instant::now();
    // A machine that is slow enough lets the first waits pass; they grow.
    let waiting = loop {
        let failure = ask(&runner, "a").await.unwrap_err();
        if failure.retry_after.is_some() {
            break failure;
        }
        assert!(began.elapsed() < WATCHDOG, "{failure}");
    };
    assert!(waiting.message.contains("exit status: 2"), "{waiting}");
    assert!(waiting.message.contains("; it is started again in "), "{waiting}");
    let starts = fake.pids().len();
    let _ = ask(&runner, "a").await;
    assert!(fake.pids().len() <= starts + 1);
}

/// Many batches at once while it ends: each of them is answered, and one start serves all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_at_once_share_one_start() {
    let fake = Fake::new();
    let dead = Script::new().says(READY).hears(1, "a").does("exit 1");
    let silent = Script::new().says(READY).does("cat >/dev/null");
    let times = portcullis_agent::runner::Times { grace: std::time::Duration::from_millis(100), ..PATIENT };
    let (runner, _) = fake.start(&[dead, silent], times).await.unwrap();
    assert!(ask(&runner, "a").await.is_err());
    let asked = (0..4).map(|index| {
        let runner = &runner;
        async move { ask(runner, &format!("h{index}")).await }
    });
    let mut failed = 0;
    for answer in futures_in_turn(asked.collect()).await {
        assert!(answer.is_err());
        failed += 1;
    }
    assert_eq!((failed, fake.pids().len()), (4, 2));
}

/// All of them together, without another crate for it.
async fn futures_in_turn<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, done) in futures.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(done.iter_mut().filter_map(Option::take).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}
