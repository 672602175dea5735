//! Prints how long resolving and refreshing take, at three sizes: `cargo run --release -p portcullis-secrets --example scale`.
//!
//! The largest has 100,000 handles in 5,000 configurations over four groups. What a backend takes is not counted: this one
//! answers from memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use portcullis_secrets::{Backend, Group, Handle, Live, Origin, Resolution, ResolutionFuture, Secret};

/// Answers with the handle, and for one in a hundred with the round too.
#[derive(Default)]
struct Echo {
    round: AtomicU64,
    calls: AtomicU64,
}

impl Backend for Echo {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let round = self.round.load(Ordering::Relaxed);
        let answer = |handle: &Handle| {
            let value = if handle.as_str().ends_with("00") {
                format!("value of {handle} in round {round}")
            } else {
                format!("value of {handle}")
            };
            Resolution { handle: handle.clone(), outcome: Ok(Secret::new(value)) }
        };
        Box::pin(std::future::ready(handles.iter().map(answer).collect()))
    }

    fn group(&self, handle: &Handle) -> Group {
        handle.as_str().split_once(';').map_or_else(Group::default, |(group, _)| Group::new(group))
    }
}

const HANDLES_EACH: usize = 20;

fn configuration(number: usize) -> String {
    let mut text = format!("# Configuration {number}, as a check has it.\ninit_config: {{}}\ninstances:\n");
    for position in 0..HANDLES_EACH {
        let handle = number.saturating_mul(HANDLES_EACH).saturating_add(position);
        text.push_str(&format!(
            "  - host: database-{handle}.corp.example\n    port: 5432\n    username: monitoring\n    password: \
             ENC[store{};team/database/{handle}]\n    tags: [env:production, team:storage]\n",
            handle % 4
        ));
    }
    text
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "configurations  handles     MB |  first s  calls | cached s   MB/s | refresh s  calls  changed | removed s"
    );
    for configurations in [1_250, 2_500, 5_000] {
        let echo = Arc::new(Echo::default());
        let live = Live::builder(echo.clone()).build()?;
        live.subscribe(|_| {}).keep();
        let texts: Vec<(Origin, String)> = (0..configurations)
            .map(|number| (Origin::new(format!("check:{number}")), configuration(number)))
            .collect();
        let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();

        let first = all(&live, &texts).await?;
        let first_calls = echo.calls.swap(0, Ordering::Relaxed);
        let cached = all(&live, &texts).await?;
        echo.round.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        let report = live.refresh_now().await?;
        let refresh = begun.elapsed();
        let begun = Instant::now();
        for (origin, _) in &texts {
            live.remove_origin(&origin.name);
        }
        let removed = begun.elapsed();

        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{configurations:14} {:8} {megabytes:6.1} | {:8.3} {first_calls:6} | {:8.3} {:6.1} | {:9.3} {:6} {:8} | {:8.3}",
            configurations * HANDLES_EACH,
            first.as_secs_f64(),
            cached.as_secs_f64(),
            megabytes / cached.as_secs_f64(),
            refresh.as_secs_f64(),
            echo.calls.load(Ordering::Relaxed),
            report.reloaded.len(),
            removed.as_secs_f64(),
        );
    }
    Ok(())
}

async fn all(live: &Live, texts: &[(Origin, String)]) -> Result<Duration, Box<dyn std::error::Error>> {
    let begun = Instant::now();
    for (origin, text) in texts {
        let answer = live.resolve(text.as_bytes(), origin).await?;
        if !answer.failures.is_empty() {
            return Err("a handle was not resolved".into());
        }
    }
    Ok(begun.elapsed())
}
