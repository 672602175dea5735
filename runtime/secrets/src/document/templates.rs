//! Handles with template variables in them, and what the instances of a check say of themselves.

use std::collections::HashMap;

use super::place::HandleId;
use super::variables::{MARK, Variables, replaced};
use crate::handle::{Handle, handle_in};

/// An instance of a check: an item of the list `instances` at the top of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Instance {
    /// Which document of the stream, from 0.
    pub(super) document: usize,
    /// Which item, from 0.
    pub(super) index: usize,
}

/// The templates of a text. The same handle means another one in another instance.
#[derive(Clone, Debug, Default)]
pub(super) struct Templates {
    known: HashMap<(Handle, Option<Instance>), HandleId>,
    settings: HashMap<Instance, HashMap<Box<str>, Box<str>>>,
}

impl Templates {
    /// Whether a text could hold a template: as it stands, or spelled with escapes.
    pub(super) fn may_be_in(text: &str) -> bool {
        text.contains(MARK) || text.contains('\\')
    }

    /// Whether a handle is a template.
    pub(super) fn is_one(handle: &Handle) -> bool {
        handle.as_str().contains(MARK)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The identity of a template; `new` makes one.
    pub(super) fn intern(
        &mut self,
        handle: Handle,
        instance: Option<Instance>,
        new: impl FnOnce(Handle) -> HandleId,
    ) -> HandleId {
        *self.known.entry((handle, instance)).or_insert_with_key(|(handle, _)| new(handle.clone()))
    }

    /// Notes a setting of an instance. One that is a secret, or a template for somebody else, says nothing.
    pub(super) fn note(&mut self, instance: Instance, name: &str, value: &str) {
        if handle_in(value).is_none() && !value.contains(MARK) {
            self.settings.entry(instance).or_default().insert(name.into(), value.into());
        }
    }

    /// What each template means, by its identity.
    pub(super) fn meanings(self, variables: &Variables) -> HashMap<HandleId, Handle> {
        let Self { known, settings } = self;
        let meaning = |((handle, instance), id): ((Handle, Option<Instance>), HandleId)| {
            let own = instance.and_then(|instance| settings.get(&instance));
            let lookup = |name: &str| {
                let said = own.and_then(|own| own.get(name)).map(ToString::to_string);
                said.or_else(|| variables.get(name))
            };
            (id, Handle::new(replaced(handle.as_str(), lookup)))
        };
        known.into_iter().map(meaning).collect()
    }
}
