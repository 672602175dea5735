//! The program is run here as the kernel runs it.

use super::*;
use crate::linux::seccomp;

const ANSWERS: Answers = Answers { allow: 1, deny: 2, foreign: 3 };

/// The kernel's side: the few instructions that are used, over one call's description.
fn run(program: &[sock_filter], processor: u32, number: u32, arguments: [u64; 6]) -> u32 {
    let word = |offset: u32| match offset {
        NUMBER => number,
        PROCESSOR => processor,
        _ => {
            let argument = arguments[usize::try_from((offset - ARGUMENTS) / 8).unwrap()];
            u32::try_from(if offset.is_multiple_of(8) { argument & 0xffff_ffff } else { argument >> 32 })
                .unwrap()
        }
    };
    let (mut at, mut register) = (0, 0);
    loop {
        let sock_filter { code, jt, jf, k } = program[at];
        at += 1;
        let mut go = |yes: bool| at += usize::from(if yes { jt } else { jf });
        match code {
            LOAD => register = word(k),
            AND => register &= k,
            EQUAL => go(register == k),
            AT_LEAST => go(register >= k),
            RETURN => return k,
            other => panic!("instruction {other:#x}"),
        }
    }
}

#[test]
fn a_list_becomes_a_program_that_says_what_the_list_says() {
    let checks =
        [(5, Check::values(1, vec![7, 9])), (6, Check::bits(0, 0b110, 0b010)), (u32::MAX, Check::null(2))];
    let mut allowed: BTreeMap<u32, Verdict> =
        [0, 1, 2, 4, 50, 51, 400].map(|number| (number, Verdict::Allow)).into();
    allowed.extend(checks.map(|(number, check)| (number, Verdict::Check(check))));
    let program = compile(77, &allowed, ANSWERS).unwrap();
    let say = |number, arguments| run(&program, 77, number, arguments);
    for number in 0..1000 {
        let plain = matches!(allowed.get(&number), Some(Verdict::Allow));
        let expected = if plain { 1 } else { 2 };
        assert_eq!(say(number, [0; 6]), expected, "{number}");
        assert_eq!(run(&program, 78, number, [0; 6]), 3, "{number} of another processor");
    }
    let rows = [
        (5, [0, 7, 0, 0, 0, 0], 1),
        (5, [0, 9 | 1 << 40, 0, 0, 0, 0], 1),
        (5, [7, 8, 9, 0, 0, 0], 2),
        (6, [0b011, 0, 0, 0, 0, 0], 1),
        (6, [0b111, 0, 0, 0, 0, 0], 2),
        (6, [0b101, 0, 0, 0, 0, 0], 2),
        (u32::MAX, [9, 9, 0, 9, 9, 9], 1),
        (u32::MAX, [0, 0, 1, 0, 0, 0], 2),
        (u32::MAX, [0, 0, 1 << 32, 0, 0, 0], 2),
    ];
    for (number, arguments, expected) in rows {
        assert_eq!(say(number, arguments), expected, "{number} {arguments:?}");
    }
}

#[test]
fn a_list_that_is_too_long_is_no_program() {
    let allowed = (0..1000).map(|number| (number * 2, Verdict::Allow)).collect();
    assert_eq!(compile(0, &allowed, ANSWERS), None);
}

/// What native code would want first. Of the filter that is installed, on this very processor.
#[test]
fn what_breaks_out_is_denied() {
    let program = seccomp::program(false).unwrap();
    let own = u64::from(std::process::id());
    let thread = u64::from((libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_THREAD).unsigned_abs());
    let flag = |flag: i32| u64::from(flag.unsigned_abs());
    let clone = libc::SYS_clone;
    let rows: &[(&str, libc::c_long, [u64; 3], bool)] = &[
        ("a thread", clone, [thread | flag(libc::CLONE_SETTLS), 0, 0], true),
        ("fork", clone, [flag(libc::SIGCHLD), 0, 0], false),
        ("vfork", clone, [flag(libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD), 0, 0], false),
        ("a thread in a user namespace", clone, [thread | flag(libc::CLONE_NEWUSER), 0, 0], false),
        ("a thread in a mount namespace", clone, [thread | flag(libc::CLONE_NEWNS), 0, 0], false),
        ("a process with flags in memory", libc::SYS_clone3, [0; 3], false),
        ("execve", libc::SYS_execve, [0; 3], false),
        ("execveat", libc::SYS_execveat, [0; 3], false),
        ("ptrace", libc::SYS_ptrace, [0; 3], false),
        ("reading another's memory", libc::SYS_process_vm_readv, [0; 3], false),
        ("writing another's memory", libc::SYS_process_vm_writev, [0; 3], false),
        ("another's descriptors", libc::SYS_pidfd_getfd, [0; 3], false),
        ("mount", libc::SYS_mount, [0; 3], false),
        ("umount", libc::SYS_umount2, [0; 3], false),
        ("open_tree", libc::SYS_open_tree, [0; 3], false),
        ("move_mount", libc::SYS_move_mount, [0; 3], false),
        ("fsopen", libc::SYS_fsopen, [0; 3], false),
        ("pivot_root", libc::SYS_pivot_root, [0; 3], false),
        ("chroot", libc::SYS_chroot, [0; 3], false),
        ("unshare", libc::SYS_unshare, [0; 3], false),
        ("setns", libc::SYS_setns, [0; 3], false),
        ("socket", libc::SYS_socket, [0; 3], false),
        ("socketpair", libc::SYS_socketpair, [0; 3], false),
        ("connect", libc::SYS_connect, [0; 3], false),
        ("bind", libc::SYS_bind, [0; 3], false),
        ("sendmsg", libc::SYS_sendmsg, [0; 3], false),
        ("kexec_load", libc::SYS_kexec_load, [0; 3], false),
        ("init_module", libc::SYS_init_module, [0; 3], false),
        ("bpf", libc::SYS_bpf, [0; 3], false),
        ("perf_event_open", libc::SYS_perf_event_open, [0; 3], false),
        ("keyctl", libc::SYS_keyctl, [0; 3], false),
        ("add_key", libc::SYS_add_key, [0; 3], false),
        ("userfaultfd", libc::SYS_userfaultfd, [0; 3], false),
        ("io_uring_setup", libc::SYS_io_uring_setup, [0; 3], false),
        ("io_uring_enter", libc::SYS_io_uring_enter, [0; 3], false),
        ("setuid", libc::SYS_setuid, [0; 3], false),
        ("setresuid", libc::SYS_setresuid, [0; 3], false),
        ("setgroups", libc::SYS_setgroups, [0; 3], false),
        ("capset", libc::SYS_capset, [0; 3], false),
        ("open_by_handle_at", libc::SYS_open_by_handle_at, [0; 3], false),
        ("personality", libc::SYS_personality, [0; 3], false),
        ("another filter", libc::SYS_seccomp, [0; 3], false),
        ("kill", libc::SYS_kill, [own, 9, 0], false),
        ("a signal to this process", libc::SYS_tgkill, [own, own, 6], true),
        ("a signal to another process", libc::SYS_tgkill, [1, 1, 9], false),
        ("being dumpable again", libc::SYS_prctl, [flag(libc::PR_SET_DUMPABLE), 1, 0], false),
        ("naming a thread", libc::SYS_prctl, [flag(libc::PR_SET_NAME), 0, 0], true),
        ("raising a limit", libc::SYS_prlimit64, [0, 7, 1], false),
        ("reading a limit", libc::SYS_prlimit64, [0, 7, 0], true),
        ("typing into the terminal", libc::SYS_ioctl, [0, 0x5412, 0], false),
        ("owner of a descriptor's signals", libc::SYS_fcntl, [0, flag(libc::F_SETOWN), 0], false),
        ("changing the mode by path", libc::SYS_fchmodat, [0; 3], false),
        ("memory that runs, as wasmtime needs it", libc::SYS_mprotect, [0, 0, 5], true),
    ];
    for (what, call, [first, second, third], expected) in rows {
        let number = u32::try_from(*call).unwrap();
        let answer = run(&program, seccomp::PROCESSOR, number, [*first, *second, *third, 0, 0, 0]);
        assert_eq!(answer == seccomp::ANSWERS.allow, *expected, "{what}");
    }
    // The old way of the same processor to call with short pointers has numbers of its own.
    let answer = run(&program, seccomp::PROCESSOR, 0x4000_0000, [0; 6]);
    assert_ne!(answer, seccomp::ANSWERS.allow);
}
