//! The pooling allocator: slots that are reserved once and decommitted after each call.

use wasmtime::{Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Core instances that one component may have. A Python guest needs 38.
const CORE_INSTANCES: u32 = 64;

/// Tables that one component may have.
pub(crate) const TABLES: u32 = 16;

/// Memories that one component may have.
pub(crate) const MEMORIES: u32 = 4;

/// Elements of one table. A JavaScript guest needs 7,688.
const TABLE_ELEMENTS: usize = 20_000;

/// Memory that stays resident in a slot between calls, in bytes: a memset instead of a system call.
const KEEP_RESIDENT: usize = 128 << 10;

/// The same for a stack. All of it is zeroed after each call, and few calls use more: measured, 16 KiB is cheapest.
const STACK_KEEP_RESIDENT: usize = 16 << 10;

/// Slots that calls hold. All are 0 while no call is in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Components.
    pub instances: u64,
    /// Core instances within them.
    pub core_instances: u64,
    /// Linear memories.
    pub memories: usize,
    /// Tables.
    pub tables: usize,
    /// Stacks of calls.
    pub stacks: usize,
}

/// The pool for `calls` calls at once.
pub(super) fn strategy(calls: u32) -> InstanceAllocationStrategy {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(calls.saturating_mul(CORE_INSTANCES))
        .max_core_instances_per_component(CORE_INSTANCES)
        .total_memories(calls.saturating_mul(MEMORIES))
        .max_memories_per_component(MEMORIES)
        .total_tables(calls.saturating_mul(TABLES))
        .max_tables_per_component(TABLES)
        .max_tables_per_module(4)
        .table_elements(TABLE_ELEMENTS)
        .total_stacks(calls)
        .max_unused_warm_slots(calls)
        .async_stack_keep_resident(STACK_KEEP_RESIDENT)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(64 << 10)
        // Where the kernel can say which pages were written, only those are zeroed.
        .pagemap_scan(Enabled::Auto)
        // A larger batch would leave freed pages mapped for longer.
        .decommit_batch_size(1);
    InstanceAllocationStrategy::Pooling(pool)
}
