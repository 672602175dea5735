//! The list of system calls that the process needs from the drop to its end.

use std::collections::BTreeMap;

use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

/// Allowed with any arguments. They act on what is open, on this process's own memory and threads, or on files, where
/// Landlock says which. `mmap` and `mprotect` are among them and may make memory executable: that is how compiled
/// components come to run.
const PLAIN: &[libc::c_long] = &[
    // What is open.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_fstat,
    libc::SYS_statx,
    libc::SYS_newfstatat,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fchmod,
    libc::SYS_fadvise64,
    libc::SYS_getdents64,
    libc::SYS_sendfile,
    libc::SYS_copy_file_range,
    libc::SYS_utimensat,
    // Files.
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getcwd,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_symlinkat,
    libc::SYS_linkat,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_memfd_create,
    libc::SYS_membarrier,
    // Threads, time and signals of this process.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_ppoll,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Older forms of the same, which newer processors never had.
#[cfg(target_arch = "x86_64")]
const OLDER: &[libc::c_long] =
    &[libc::SYS_open, libc::SYS_stat, libc::SYS_lstat, libc::SYS_readlink, libc::SYS_poll, libc::SYS_time];
#[cfg(target_arch = "riscv64")]
const OLDER: &[libc::c_long] = &[libc::SYS_riscv_flush_icache];
#[cfg(not(any(target_arch = "x86_64", target_arch = "riscv64")))]
const OLDER: &[libc::c_long] = &[];

/// A thread shares memory, descriptors and signal handlers with its process. A process of its own shares none of them.
const THREAD: u64 = (libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_THREAD).unsigned_abs() as u64;

/// Flags of `clone` that would put the thread into namespaces of its own.
const NAMESPACES: u64 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET)
    .unsigned_abs() as u64;

/// A call that is allowed with some values of one argument.
struct Conditional {
    call: libc::c_long,
    /// Which argument, from 0.
    argument: u8,
    /// How much of it the kernel reads.
    length: SeccompCmpArgLen,
    /// The bits that count.
    mask: u64,
    values: Vec<u64>,
}

impl Conditional {
    /// For an argument of 32 bits. What stands in the other half of its register is chance.
    fn number(call: libc::c_long, argument: u8, values: &[u64]) -> Self {
        Self { call, argument, length: SeccompCmpArgLen::Dword, mask: u64::MAX, values: values.to_vec() }
    }

    fn rules(self) -> Vec<SeccompRule> {
        let Self { argument, length, mask, values, .. } = self;
        let rule = |value| {
            let compare = SeccompCmpOp::MaskedEq(mask);
            let condition = SeccompCondition::new(argument, length.clone(), compare, value).ok()?;
            SeccompRule::new(vec![condition]).ok()
        };
        values.into_iter().filter_map(rule).collect()
    }
}

fn conditional() -> [Conditional; 6] {
    const FCNTL: [i32; 6] = [
        libc::F_DUPFD_CLOEXEC,
        libc::F_GETFD,
        libc::F_SETFD,
        libc::F_GETFL,
        libc::F_SETFL,
        libc::F_ADD_SEALS,
    ];
    [
        // Threads, and no processes. `clone3` has its flags in memory, where no filter can look.
        Conditional { mask: THREAD | NAMESPACES, ..Conditional::number(libc::SYS_clone, 0, &[THREAD]) },
        // Signals to this very process: how a program that gives up ends.
        Conditional::number(libc::SYS_tgkill, 0, &[u64::from(std::process::id())]),
        // Limits are read, and never set: no pointer to new ones.
        Conditional { length: SeccompCmpArgLen::Qword, ..Conditional::number(libc::SYS_prlimit64, 2, &[0]) },
        // The name of a thread, and the auxiliary vector.
        Conditional::number(libc::SYS_prctl, 0, &[constant(libc::PR_SET_NAME), PR_GET_AUXV]),
        Conditional::number(libc::SYS_fcntl, 1, &FCNTL.map(constant)),
        // "Is this a terminal?"
        Conditional::number(libc::SYS_ioctl, 1, &[TCGETS]),
    ]
}

/// Newer than the constants of the C library.
const PR_GET_AUXV: u64 = 0x4155_5856;

/// Its type differs between C libraries.
const TCGETS: u64 = 0x5401;

const fn constant(value: i32) -> u64 {
    value.unsigned_abs() as u64
}

/// The list in the form that the filter is compiled from.
pub(super) fn allowed() -> BTreeMap<i64, Vec<SeccompRule>> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        PLAIN.iter().chain(OLDER).map(|call| (*call, Vec::new())).collect();
    for conditional in conditional() {
        let (call, chain) = (conditional.call, conditional.rules());
        // A call without any rule would be allowed with all arguments.
        if !chain.is_empty() {
            rules.insert(call, chain);
        }
    }
    rules
}
