//! Runners that say what they must not, that say nothing, and that end. The batch fails, and the next one has another runner.

use std::time::Duration;

use portcullis::Providers as _;
use portcullis_agent::runner::{RunnerError, Times};
use portcullis_secrets::FailureKind;

use super::fake::{Fake, PATIENT, READY, Script, answer, ask};

fn asked() -> Script {
    Script::new().says(READY).hears(1, "a")
}

/// What it does when it is asked for the first time, and what the batch is told.
fn rows() -> Vec<(&'static str, Script, &'static str)> {
    let two = r#"{"answer":{"id":1,"resolutions":[],"faults":[]}}"#;
    let fault = answer(1, "a", "v").replace(r#""faults":[]"#, r#""faults":[{"provider":"q","message":"m"}]"#);
    vec![
        (
            "rubbish",
            asked().says("rubbish"),
            "sent what cannot be read, and was ended: 7 bytes that are no message",
        ),
        ("an empty frame", asked().says(""), "0 bytes that are no message"),
        ("a huge frame", asked().bytes(b"\xff\xff\xff\xffx"), "a frame of 4294967295 bytes, where "),
        ("half a frame", asked().bytes(b"\x09\0\0\0half").does("exit 0"), "the pipe ended within a frame"),
        ("half a length", asked().bytes(b"\x09\0").does("exit 0"), "the pipe ended within a frame"),
        (
            "another question",
            asked().says(&answer(2, "a", "v")),
            "must not, and was ended: an answer to question 2, which is not open",
        ),
        ("no handle", asked().says(two), "0 resolutions for 1 handles"),
        (
            "another handle",
            asked().says(&answer(1, "b", "v")),
            "a resolution for a handle that was not asked for",
        ),
        (
            "another provider's fault",
            asked().says(&fault),
            "the name of a provider that the configuration does not have",
        ),
        ("ready twice", asked().says(READY), "it says that it is ready when it must not"),
        (
            "an event of nobody",
            asked().says(r#"{"event":{"guest_log_dropped":{"provider":"q","lines":1}}}"#),
            "an event that no provider of the configuration can have",
        ),
        ("it fails", asked().does("exit 3"), "the runner ended (exit status: 3)"),
        ("it is killed", asked().does("kill -9 $$"), "the runner ended (signal: 9"),
        (
            "it goes on without a pipe",
            asked().does("exec >&-; cat >/dev/null"),
            "the runner ended (signal: 9",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_it_says_the_batch_fails_and_the_next_has_another() {
    for (name, script, says) in rows() {
        let fake = Fake::new();
        let (runner, faults) = fake.start(&[script, Script::honest("right")], PATIENT).await.unwrap();
        assert!(faults.is_empty(), "{name}");
        let failure = ask(&runner, "a").await.expect_err(name);
        assert_eq!(failure.kind, FailureKind::Unavailable, "{name}");
        assert!(failure.message.contains(says), "{name}: {failure}");
        assert_eq!(ask(&runner, "a").await.as_deref(), Ok("right"), "{name}");
        let pids = fake.pids();
        assert_eq!(pids.len(), 2, "{name}");
        Fake::gone(&pids[0]);
        assert!(fake.events.0.lock().unwrap().is_empty(), "{name}");
    }
}

/// It is asked, and says nothing: neither the batch that it was asked for nor the one behind it waits for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_says_nothing_is_ended() {
    let fake = Fake::new();
    let times = Times { grace: Duration::from_millis(100), ..PATIENT };
    let silent = Script::new().says(READY).does("cat >/dev/null");
    let (runner, _) = fake.start(&[silent], times).await.unwrap();
    let (first, second) = tokio::join!(ask(&runner, "a"), ask(&runner, "b"));
    for failed in [first, second] {
        let failure = failed.unwrap_err();
        assert!(failure.message.contains("did not answer within 0.2 s"), "{failure}");
    }
    Fake::gone(&fake.pids()[0]);
}

/// One answer is lost, the other one is there: they do not share a fate before the runner ends.
// One thread: the script knows the numbers of the questions, so they are asked in their order.
#[tokio::test]
async fn answers_come_in_any_order() {
    let fake = Fake::new();
    let script = Script::new().says(READY).hears(1, "a").hears(2, "b");
    let script = script.says(&answer(2, "b", "two")).says(&answer(1, "a", "one")).does("cat >/dev/null");
    let (runner, _) = fake.start(&[script], PATIENT).await.unwrap();
    let first = ask(&runner, "a");
    let second = ask(&runner, "b");
    let (first, second) = tokio::join!(biased; first, second);
    assert_eq!((first.as_deref(), second.as_deref()), (Ok("one"), Ok("two")));
    assert_eq!(fake.pids().len(), 1);
}

/// Events arrive before the answer that they belong to; one that is too long is cut, and its line breaks are shown as such.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_arrive_harmless() {
    let fake = Fake::new();
    let line = r#"{"event":{"guest_log":{"provider":"p","stderr":true,"line":"a\nb \u001b[2J"}}}"#;
    let script =
        Script::new().says(READY).hears(1, "a").says(line).says(&answer(1, "a", "v")).does("cat >/dev/null");
    let (runner, _) = fake.start(&[script], PATIENT).await.unwrap();
    assert_eq!(ask(&runner, "a").await.as_deref(), Ok("v"));
    let events = fake.events.0.lock().unwrap();
    assert_eq!(events.len(), 1);
    assert!(events[0].contains(r"a\\nb \\u{1b}[2J"), "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_never_ready_is_none() {
    let rows = [
        (Script::new().does("exit 2"), "the runner ended (exit status: 2)"),
        (Script::new().says("{}"), "2 bytes that are no message"),
        (Script::new().says(&answer(1, "a", "v")), "it says an answer when it must not"),
        (
            Script::new().says(r#"{"ready":{"faults":[{"provider":"q","message":"m"}],"calls":1}}"#),
            "the name of a provider that the configuration does not have",
        ),
    ];
    for (script, says) in rows {
        let fake = Fake::new();
        let error = fake.start(&[script], PATIENT).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}, expected {says}");
        Fake::gone(&fake.pids()[0]);
    }
    let fake = Fake::new();
    let times = Times { start: Duration::from_millis(300), ..PATIENT };
    let error = fake.start(&[Script::new().does("cat >/dev/null")], times).await.unwrap_err();
    assert!(matches!(error, RunnerError::NotReady { .. }), "{error}");
    // It may have been killed before it wrote its number down.
    fake.pids().first().into_iter().for_each(|pid| Fake::gone(pid));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_told_with_readiness_and_with_answers() {
    let fake = Fake::new();
    let ready = r#"{"ready":{"faults":[{"provider":"p","message":"no \ncomponent"}],"calls":1}}"#;
    let later =
        answer(1, "a", "v").replace(r#""faults":[]"#, r#""faults":[{"provider":"p","message":"later"}]"#);
    let script = Script::new().says(ready).hears(1, "a").says(&later).does("cat >/dev/null");
    let (runner, faults) = fake.start(&[script], PATIENT).await.unwrap();
    let texts = |faults: &[portcullis::Fault]| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&faults), [r"provider p: no \ncomponent"]);
    assert_eq!(texts(&runner.faults()), [r"provider p: no \ncomponent"]);
    assert_eq!(ask(&runner, "a").await.as_deref(), Ok("v"));
    assert_eq!(texts(&runner.faults()), ["provider p: later"]);
    assert_eq!(runner.calls().unwrap(), portcullis::Calls { in_flight: 0, limit: 1 });
}
