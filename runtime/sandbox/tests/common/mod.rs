//! Backends written by hand: a core module in the text format, wrapped as a component of the world that it names.

#![allow(unreachable_pub, reason = "shared by test programs, each a crate of its own")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test program uses its own part of this module")]

use std::sync::{Arc, Mutex};

use portcullis_policy::{Event, EventSink, Grants, Policy, Profile, ProviderName};
use portcullis_sandbox::{CallError, Engine, LinkError, Outcome, Provider};

/// A backend that imports nothing.
pub use portcullis_assemble::BACKEND as PLAIN;

/// What every hand-written backend has: memory, an allocator that only grows, room for answers.
const RUNTIME: &str = r#"
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func $alloc (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32)
        (result i32) (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.set $next (i32.add (local.get $at) (local.get $size)))
        (block $fits
            (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
            (br_if $fits (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $size) (i32.const 65536))))))
            (unreachable))
        (local.get $at))
    ;; One resolution at $to: the handle at $from (a pointer and a length) answered by itself.
    (func $echo_one (param $from i32) (param $to i32)
        (i64.store (local.get $to) (i64.load (local.get $from)))
        (i32.store8 offset=8 (local.get $to) (i32.const 0))
        (i64.store offset=12 (local.get $to) (i64.load (local.get $from)))
        (i32.store8 offset=20 (local.get $to) (i32.const 0)))
    ;; result::ok(list) of $count resolutions at $list.
    (func $answer (param $list i32) (param $count i32) (result i32)
        (i32.store8 (i32.const 16) (i32.const 0))
        (i32.store offset=4 (i32.const 16) (local.get $list))
        (i32.store offset=8 (i32.const 16) (local.get $count))
        (i32.const 16))
"#;

/// Answers each handle with itself.
pub const ECHO: &str = r#"
    (local $i i32) (local $out i32)
    (local.set $out (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.mul (local.get $count) (i32.const 32))))
    (block $done (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (call $echo_one
            (i32.add (local.get $handles) (i32.mul (local.get $i) (i32.const 8)))
            (i32.add (local.get $out) (i32.mul (local.get $i) (i32.const 32))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (call $answer (local.get $out) (local.get $count))
"#;

/// A component whose `resolve` has this body, in a world with these items. `extra` is put before it in the module.
pub fn backend(world: &str, extra: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module {extra} {RUNTIME}
            (func (export "portcullis:secrets/provider@0.1.0#resolve")
                (param $handles i32) (param $count i32) (param $deadline i32) (result i32) {body}))"#
    );
    portcullis_assemble::component(&text, world).unwrap()
}

/// Keeps events.
#[derive(Default)]
pub struct Kept(pub Mutex<Vec<Event>>);

impl EventSink for Kept {
    fn record(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// A backend under test, with what it caused.
#[derive(Debug)]
pub struct Tested {
    pub provider: Provider,
    pub events: Arc<Kept>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.lock().unwrap().fmt(f)
    }
}

/// The grants of a provider's section in a Portcullis file.
pub fn grants(section: &str) -> Grants {
    let file = format!("version: 1\nproviders:\n  test:\n    component: ./x.wasm\n{section}\n");
    let file = portcullis_policy::PortcullisFile::parse("test.yaml", &file).unwrap();
    file.providers.into_values().next().unwrap().grants
}

/// Compiles and links a component under the grants of `section`.
pub fn link(engine: &Engine, component: Vec<u8>, section: &str) -> Result<Tested, LinkError> {
    let name = ProviderName::new("test").unwrap();
    let policy = Policy::compile(name, Profile::Custom, grants(section), None).unwrap();
    let verified = policy.decide_component(component).unwrap();
    let component = engine.load(&engine.compile(&verified).unwrap()).unwrap();
    let events = Arc::new(Kept::default());
    let environment = policy.decide_environment(|_| None);
    let sink: Arc<dyn EventSink> = Arc::clone(&events) as Arc<dyn EventSink>;
    let settings = [("key".to_owned(), "value".to_owned())];
    let provider = Provider::link(engine, &component, Arc::new(policy), settings, environment, None, sink)?;
    Ok(Tested { provider, events })
}

/// Calls it on a runtime of its own.
pub fn call(tested: &Tested, handles: &[String]) -> Result<Vec<Outcome>, CallError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let outcome = runtime.block_on(tested.provider.resolve(handles));
    runtime.shutdown_background();
    outcome
}

/// `count` different handles.
pub fn handles(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("handle-{number:06}")).collect()
}
