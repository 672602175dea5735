//! Who answers for the providers of a catalogue.

use portcullis_sandbox::Calls;
use portcullis_secrets::Backend;

use crate::catalogue::Catalogue;
use crate::resolver::Fault;

/// Providers that can be asked: a [`Resolver`](crate::Resolver), which runs them in this process, or whoever runs them
/// elsewhere. What they are and who runs them come together, so that one set takes the place of another as a whole.
pub trait Providers: Backend + 'static {
    /// What they are.
    fn catalogue(&self) -> &Catalogue;

    /// The last faults of providers as a whole, the newest last: one that could not be loaded, a call that ended early.
    fn faults(&self) -> Vec<Fault>;

    /// Calls of sandboxes, under way and at most; nothing before the first provider is loaded.
    fn calls(&self) -> Option<Calls>;
}
