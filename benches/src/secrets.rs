//! The native side at three sizes, the largest with 100,000 handles in 5,000 configurations over four providers: what the
//! first resolve takes, one from what is known, one of other texts with the same handles, and a refresh in which one value of a hundred has changed. What a provider
//! takes is not counted: this one answers from memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use portcullis_secrets::{Backend, Group, Handle, Live, Origin, Resolution, ResolutionFuture, Secret};

use crate::Effort;
use crate::report::{Goal, Report};
use crate::samples::{Samples, Summary};

const GROUP: &str = "secrets";

const SIZES: [usize; 3] = [1_250, 2_500, 5_000];
const HANDLES_EACH: usize = 20;
const PROVIDERS: usize = 4;
/// Times that configurations are resolved from what is known.
const CACHED: usize = 10;

/// Answers with the handle; for one in a hundred with the round, too.
#[derive(Default)]
struct Store {
    round: AtomicU64,
    calls: AtomicU64,
}

impl Backend for Store {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let round = self.round.load(Ordering::Relaxed);
        let answer = |handle: &Handle| {
            let changes = handle.as_str().ends_with("00");
            let value = format!("value of {handle} in round {}", if changes { round } else { 0 });
            Resolution { handle: handle.clone(), outcome: Ok(Secret::new(value)) }
        };
        Box::pin(std::future::ready(handles.iter().map(answer).collect()))
    }

    fn group(&self, handle: &Handle) -> Group {
        handle.as_str().split_once(';').map_or_else(Group::default, |(group, _)| Group::new(group))
    }
}

/// A check's configuration, of the length that they have.
fn configuration(number: usize) -> String {
    let mut text = format!("# Configuration {number}, as a check has it.\ninit_config: {{}}\ninstances:\n");
    for position in 0..HANDLES_EACH {
        let handle = number * HANDLES_EACH + position;
        text.push_str(&format!(
            "  - host: database-{handle}.corp.example\n    port: 5432\n    username: monitoring\n    password: \
             ENC[store{};team/database/{handle}]\n    tags: [env:production, team:storage]\n",
            handle % PROVIDERS
        ));
    }
    text
}

/// What one size took.
struct Measured {
    handles: usize,
    refresh: Summary,
}

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut measured = Vec::new();
    for configurations in SIZES {
        measured.push(runtime.block_on(size(effort, report, configurations))?);
    }
    if let [small, .., large] = measured.as_slice() {
        let each = |of: &Measured| of.refresh.median.as_secs_f64() / of.handles as f64;
        let what = "refresh: a handle of the largest over one of the smallest";
        report.ratio(GROUP, what, each(large) / each(small), Goal::AtMost(2.0));
    }
    Ok(())
}

async fn size(effort: Effort, report: &mut Report, configurations: usize) -> anyhow::Result<Measured> {
    let before = resident();
    let store = Arc::new(Store::default());
    let live = Live::builder(Arc::<Store>::clone(&store)).build()?;
    live.subscribe(|_| {}).keep();
    let texts: Vec<(Origin, String)> = (0..configurations)
        .map(|number| (Origin::new(format!("check:{number}")), configuration(number)))
        .collect();
    let (bytes, handles) =
        (texts.iter().map(|(_, text)| text.len()).sum::<usize>(), configurations * HANDLES_EACH);
    let bytes = u32::try_from(bytes)?;
    let changing = (0..handles).filter(|handle| handle.to_string().ends_with("00")).count();
    let [mut first, mut cached, mut other, mut refresh] = [(); 4].map(|()| Samples::default());

    first.time_async(all(&live, &texts)).await?;
    let first_calls = store.calls.swap(0, Ordering::Relaxed);
    let rounds = effort.repeat(CACHED);
    for _ in 0..rounds {
        cached.time_async(all(&live, &texts)).await?;
    }
    let mut texts = texts;
    for _ in 0..rounds {
        texts.iter_mut().for_each(|(_, text)| text.push('#'));
        other.time_async(all(&live, &texts)).await?;
    }
    anyhow::ensure!(store.calls.load(Ordering::Relaxed) == 0, "what is known was asked for");
    for _ in 0..rounds {
        store.round.fetch_add(1, Ordering::Relaxed);
        let mut reloaded = 0;
        refresh
            .time_async(async {
                reloaded = live.refresh_now().await?.reloaded.len();
                Ok(())
            })
            .await?;
        anyhow::ensure!(reloaded == changing, "{reloaded} have changed, and not {changing}");
    }
    let refresh_calls = store.calls.load(Ordering::Relaxed) / rounds as u64;

    let kib = |pages: u64| pages.saturating_sub(before);
    let [first, cached, other, refresh] =
        [(first, 1), (cached, rounds), (other, rounds), (refresh, rounds)].map(|(s, n)| s.summary(n));
    report.throughput(GROUP, format!("{handles} handles: first resolve, {first_calls} calls"), &first, bytes);
    report.throughput(GROUP, format!("{handles} handles: resolve from what is known"), &cached, bytes);
    report.throughput(GROUP, format!("{handles} handles: other texts with the same handles"), &other, bytes);
    report.time(GROUP, format!("{handles} handles: refresh, 1 % changed, {refresh_calls} calls"), &refresh);
    report.memory(GROUP, &format!("{handles} handles: memory, texts included"), kib(resident()));
    if configurations == SIZES.into_iter().max().unwrap_or_default() {
        let rate = f64::from(bytes) / 1e6 / cached.median.as_secs_f64();
        report.ratio(GROUP, "MB/s of configuration from what is known", rate, Goal::AtLeast(20.0));
    }
    Ok(Measured { handles, refresh })
}

async fn all(live: &Live, texts: &[(Origin, String)]) -> anyhow::Result<()> {
    for (origin, text) in texts {
        let answer = live.resolve(text.as_bytes(), origin).await?;
        anyhow::ensure!(answer.failures.is_empty(), "a handle was not resolved");
    }
    Ok(())
}

/// Memory of this process that is there, in KiB; nothing where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
