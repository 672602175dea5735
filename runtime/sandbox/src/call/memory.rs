//! One budget over all memories and tables of a call, and a count of what it may create.

use portcullis_policy::Bytes;
use wasmtime::ResourceLimiter;

use crate::engine::{MEMORIES, TABLES};

/// Host memory behind one table element, in bytes.
const ELEMENT: usize = 16;

/// The memory that one call may have, all its memories and tables together.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    limit: usize,
    used: usize,
    /// What the last granted growth took: given back when the growth fails after all.
    last: usize,
    instances: usize,
    refused: bool,
}

impl MemoryBudget {
    pub(crate) fn new(limit: Bytes, instances: u32) -> Self {
        Self {
            limit: limit.as_usize(),
            used: 0,
            last: 0,
            instances: usize::try_from(instances).unwrap_or(usize::MAX),
            refused: false,
        }
    }

    /// Whether a growth was refused: why a guest trapped.
    pub(crate) fn was_refused(&self) -> bool {
        self.refused
    }

    fn grow(&mut self, by: usize) -> bool {
        match self.used.checked_add(by).filter(|used| *used <= self.limit) {
            Some(used) => {
                (self.used, self.last) = (used, by);
                true
            }
            None => {
                self.refused = true;
                false
            }
        }
    }

    fn give_back(&mut self) {
        self.used = self.used.saturating_sub(std::mem::take(&mut self.last));
    }
}

impl ResourceLimiter for MemoryBudget {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(ELEMENT)))
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        usize::try_from(TABLES).unwrap_or(usize::MAX)
    }

    fn memories(&self) -> usize {
        usize::try_from(MEMORIES).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_share_the_budget() {
        let mut budget = MemoryBudget::new(Bytes::new(1000), 1);
        assert!(budget.memory_growing(0, 600, None).unwrap());
        assert!(!budget.table_growing(0, 26, None).unwrap(), "600 + 26 elements of 16 bytes is over");
        assert!(budget.was_refused());
        assert!(budget.table_growing(0, 25, None).unwrap());
    }

    #[test]
    fn a_growth_that_failed_costs_nothing() {
        let mut budget = MemoryBudget::new(Bytes::new(1000), 1);
        assert!(budget.memory_growing(0, 1000, None).unwrap());
        budget.memory_grow_failed(wasmtime::Error::msg("no memory")).unwrap();
        assert!(budget.memory_growing(0, 1000, None).unwrap());
    }
}
