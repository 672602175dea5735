//! The question that a backend answers, and its answer.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use secrecy::SecretString;

use crate::failure::Failure;
use crate::group::Group;
use crate::handle::Handle;

/// What [`Backend::resolve`] returns: boxed, so that backends of different types can stand behind one `dyn`.
pub type ResolutionFuture<'a> = Pin<Box<dyn Future<Output = Vec<Resolution>> + Send + 'a>>;

/// Whoever can turn handles into values.
///
/// ```
/// use portcullis_secrets::{Backend, Failure, FailureKind, Handle, Resolution, ResolutionFuture};
///
/// /// A backend that holds nothing.
/// struct Empty;
///
/// impl Backend for Empty {
///     fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
///         let failure = Failure::new(FailureKind::NotFound, "nothing is stored here");
///         Box::pin(async move { Resolution::all_failed(handles, &failure) })
///     }
/// }
/// ```
pub trait Backend: Send + Sync {
    /// Answers the batch: one resolution for each handle, in the order of `handles`.
    ///
    /// A failure of the batch as a whole is that failure for each of its handles
    /// ([`Resolution::all_failed`]). No handle occurs twice in `handles`.
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a>;

    /// How many handles of a group one call should have at most: more of them are asked for in several. Default: any number.
    fn most_handles(&self, group: &Group) -> usize {
        let _ = group;
        usize::MAX
    }

    /// Which handles are asked for together: [`Live`](crate::Live) fetches each group on its own, so that a slow or
    /// failing provider is felt by its own handles alone.
    ///
    /// Quick, without side effects, and the same for the same handle while the process lives. Default: one group.
    fn group(&self, handle: &Handle) -> Group {
        let _ = handle;
        Group::default()
    }
}

/// The answer for one handle.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The handle that was asked for.
    pub handle: Handle,
    /// Its value, or why there is none.
    pub outcome: Result<Secret, Failure>,
}

impl Resolution {
    /// The same failure for every handle of a batch.
    #[must_use]
    pub fn all_failed(handles: &[Handle], failure: &Failure) -> Vec<Self> {
        handles.iter().map(|handle| Self { handle: handle.clone(), outcome: Err(failure.clone()) }).collect()
    }
}

/// A value and how long it is good for.
#[derive(Debug, Clone)]
pub struct Secret {
    /// The value itself; `Debug` shows a placeholder, the memory is wiped when it is dropped.
    pub value: SecretString,
    /// How long from now the value may be used, if the store says so (a lease); `None` = no known end.
    pub expires_in: Option<Duration>,
}

impl Secret {
    /// A value with no known end.
    pub fn new(value: impl Into<SecretString>) -> Self {
        Self { value: value.into(), expires_in: None }
    }
}
