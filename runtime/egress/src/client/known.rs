//! What this client has attached lately: nothing that comes from the guest may hold it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use crate::scrub::Scrubber;

/// States of one destination's credential that are remembered: one that has just been replaced may still come back.
const STATES: usize = 2;

/// Texts that were attached, with what finds them. Making that takes longer than a request.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<String, Vec<State>>>);

struct State {
    secrets: Vec<SecretString>,
    scrubber: Scrubber,
}

impl Known {
    /// What finds these texts.
    pub(super) fn scrubber(&self, destination: &str, secrets: Vec<SecretString>) -> Scrubber {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let states = known.entry(destination.to_owned()).or_default();
        if let Some(state) = states.iter().find(|state| same(&state.secrets, &secrets)) {
            return state.scrubber.clone();
        }
        let scrubber = Scrubber::new(&secrets);
        states.truncate(STATES - 1);
        states.insert(0, State { secrets, scrubber: scrubber.clone() });
        scrubber
    }

    /// Masks all of them.
    pub(super) fn scrub(&self, bytes: &mut [u8]) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = false;
        for state in known.values().flatten() {
            found |= state.scrubber.scrub(bytes);
        }
        found
    }
}

fn same(these: &[SecretString], those: &[SecretString]) -> bool {
    these.len() == those.len()
        && these.iter().zip(those).all(|(this, that)| this.expose_secret() == that.expose_secret())
}
