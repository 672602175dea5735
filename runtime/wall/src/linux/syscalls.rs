//! The list of system calls that the process needs from the drop to its end.

use std::collections::BTreeMap;

use super::program::{Check, Verdict};

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
    libc::SYS_fstatfs,
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
const OLDER: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_poll,
];
/// `renameat`, which the C library's headers no longer name there.
#[cfg(target_arch = "aarch64")]
const OLDER: &[libc::c_long] = &[38];

/// A thread shares memory, descriptors and signal handlers with its process. A process of its own shares none of them.
const THREAD: u32 = (libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_THREAD).unsigned_abs();

/// Flags of `clone` that would put the thread into namespaces of its own.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET)
    .unsigned_abs();

/// Calls that are allowed with some values of one argument.
fn conditional() -> [(libc::c_long, Check); 6] {
    [
        // Threads, and no processes. `clone3` has its flags in memory, where no filter can look.
        (libc::SYS_clone, Check::bits(0, THREAD | NAMESPACES, THREAD)),
        // Signals to this very process: how a program that gives up ends.
        (libc::SYS_tgkill, Check::values(0, vec![std::process::id()])),
        // Limits are read, and never set: no pointer to new ones.
        (libc::SYS_prlimit64, Check::null(2)),
        // The name of a thread, and the auxiliary vector.
        (libc::SYS_prctl, Check::values(0, vec![libc::PR_SET_NAME.unsigned_abs(), PR_GET_AUXV])),
        (libc::SYS_fcntl, Check::values(1, FCNTL.map(i32::unsigned_abs).to_vec())),
        // "Is this a terminal?"
        (libc::SYS_ioctl, Check::values(1, vec![TCGETS])),
    ]
}

const FCNTL: [i32; 6] =
    [libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_SETFL, libc::F_ADD_SEALS];

/// Newer than the constants of the C library.
const PR_GET_AUXV: u32 = 0x4155_5856;

/// Its type differs between C libraries.
const TCGETS: u32 = 0x5401;
const FIONREAD: u32 = 0x541b;
const FIONBIO: u32 = 0x5421;

/// Allowed where something is sent: connecting, and waiting for what comes. No call that listens or accepts is among them.
const NETWORK: &[libc::c_long] = &[
    libc::SYS_connect,
    libc::SYS_getpeername,
    libc::SYS_getsockname,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_shutdown,
    // To ask the kernel which addresses this machine has, the C library binds a socket for that alone.
    libc::SYS_bind,
    libc::SYS_uname,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_eventfd2,
];

#[cfg(target_arch = "x86_64")]
const OLDER_NETWORK: &[libc::c_long] = &[libc::SYS_epoll_wait];
#[cfg(not(target_arch = "x86_64"))]
const OLDER_NETWORK: &[libc::c_long] = &[];

/// Sockets of the Internet, of this machine, and for questions to the kernel: no raw packets.
const FAMILIES: [i32; 4] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];

/// What is allowed, by number. Every other call is denied.
pub(super) fn allowed(network: bool) -> BTreeMap<u32, Verdict> {
    let plain = PLAIN.iter().chain(OLDER).map(|call| (*call, Verdict::Allow));
    let network = network.then(|| {
        let families = FAMILIES.map(i32::unsigned_abs).to_vec();
        // What is readable, and not to block: asked of sockets as of files.
        let requests = vec![TCGETS, FIONREAD, FIONBIO];
        NETWORK.iter().chain(OLDER_NETWORK).map(|call| (*call, Verdict::Allow)).chain([
            (libc::SYS_socket, Verdict::Check(Check::values(0, families))),
            (libc::SYS_ioctl, Verdict::Check(Check::values(1, requests))),
        ])
    });
    let conditional = conditional().map(|(call, check)| (call, Verdict::Check(check)));
    plain
        .chain(conditional)
        // Last: what is said twice counts as it is said here.
        .chain(network.into_iter().flatten())
        .filter_map(|(call, verdict)| Some((u32::try_from(call).ok()?, verdict)))
        .collect()
}
