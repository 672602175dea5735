//! Row 87: a policy that is replaced, and then taken away, while a call is in flight.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use portcullis_policy::{Event, EventSink, NoEvents};
use portcullis_sandbox::Provider;
use secrecy::ExposeSecret as _;

use crate::Behaviour;
use crate::act::Act;

/// A guest that never says that it is in flight is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// The call that is in flight waits for the test, not for its limits.
const LIMITS: &str = "limits: { wall: 2m, cpu: 30s, entries: 100000 }";

pub(crate) fn revoked() -> Behaviour {
    Behaviour::new(
        87,
        "be in the middle of a call when its grant is replaced, and go on reading",
        "the call ends under the policy that it began under; the next has the new one; nothing is mixed",
    )
    .scene(|scene| {
        for folder in ["old", "new"] {
            std::fs::create_dir(scene.join(folder))?;
            std::fs::write(scene.join(folder).join("file"), folder)?;
        }
        // The old folder's gate is opened when the new policies have been seen.
        std::fs::write(scene.join("new/gate"), "")
    })
    .acts(|act| act.attack(|| replaced_in_flight(act)))
}

fn replaced_in_flight(act: &Act<'_>) -> Result<(), String> {
    let (reporter, reported) = channel();
    let mut current = Arc::new(granted(act, "old", Arc::new(Reporter(reporter)))?);
    let in_flight = Arc::clone(&current);
    let in_flight = act.stage.runtime.spawn(async move { first(&in_flight).await });
    wait_for(&reported, "in flight")?;

    // From here on, only the call in flight holds the old policy.
    current = Arc::new(granted(act, "new", Arc::new(NoEvents))?);
    answers(act, &current, "before='new';after='new'")?;
    current = Arc::new(act.provider(&format!("filesystem: []\n    {LIMITS}"), Arc::new(NoEvents))?);
    answers(act, &current, "nothing is granted")?;
    if in_flight.is_finished() {
        return Err("the call in flight ended before it was let go".to_owned());
    }

    std::fs::write(act.scene.join("old/gate"), "").map_err(|error| error.to_string())?;
    let ended = act.stage.runtime.block_on(in_flight).map_err(|error| error.to_string())??;
    if ended != "before='old';after='old'" {
        return Err(format!("the call in flight answered '{ended}'"));
    }
    answers(act, &current, "nothing is granted")?;
    crate::call::calm(&current, &act.stage.runtime)
}

/// The guest with one of the folders.
fn granted(act: &Act<'_>, folder: &str, events: Arc<dyn EventSink>) -> Result<Provider, String> {
    let key = format!("filesystem: [{{ host: \"{{scene}}/{folder}\", guest: /in }}]\n    {LIMITS}");
    act.provider(&key, events)
}

/// The value of the hostile handle.
async fn first(provider: &Provider) -> Result<String, String> {
    let outcomes = provider.resolve(&["attack".to_owned()]).await.map_err(|error| error.to_string())?;
    match outcomes.into_iter().next() {
        Some(Ok(value)) => Ok(value.value.expose_secret().to_owned()),
        other => Err(format!("{other:?}")),
    }
}

fn answers(act: &Act<'_>, provider: &Provider, expected: &str) -> Result<(), String> {
    let found = act.stage.runtime.block_on(first(provider))?;
    if found == expected { Ok(()) } else { Err(format!("expected '{expected}', saw '{found}'")) }
}

/// Tells the test of every event, without waiting for it.
struct Reporter(Sender<Event>);

impl EventSink for Reporter {
    fn record(&self, event: &Event) {
        // Nobody listens any more once the test has heard what it waits for.
        let _ = self.0.send(event.clone());
    }
}

fn wait_for(reported: &Receiver<Event>, wanted: &str) -> Result<(), String> {
    loop {
        let event = reported.recv_timeout(PATIENCE).map_err(|_| format!("never heard '{wanted}'"))?;
        if matches!(&event, Event::GuestLog { line, .. } if line.as_str() == wanted) {
            return Ok(());
        }
    }
}
