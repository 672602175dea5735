//! Files, TCP ports and signals: what the kernel's Landlock keeps from this process.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, RestrictionStatus, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, Scope, make_bitflags, path_beneath_rules,
};

use crate::{Held, Needs};

/// All rights that are known here. An older kernel handles those that it knows.
const KNOWN: ABI = ABI::V9;

/// What a folder that may be read allows.
const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});

/// What a folder that may be changed allows: regular files, folders and links, and nothing that acts.
const WRITE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | MakeSym | RemoveFile | RemoveDir | Refer
});

/// Restricts this thread, and those that it starts, to the places that are needed. A place that is not there is left
/// out: there is nothing to read. TCP connects to the ports that are needed, and listens on none.
pub(super) fn restrict(needs: &Needs) -> Held {
    match try_restrict(needs) {
        Ok(status) => held(&status),
        Err(error) => Held::Refused(one_line(&error)),
    }
}

fn try_restrict(needs: &Needs) -> Result<RestrictionStatus, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(KNOWN))?
        .handle_access(AccessNet::from_all(KNOWN))?
        .scope(Scope::from_all(KNOWN))?
        .create()?
        .add_rules(path_beneath_rules(needs.read_only(), READ))?
        .add_rules(path_beneath_rules(needs.writable(), WRITE))?
        .add_rules(
            needs.ports().map(|port| Ok::<_, RulesetError>(NetPort::new(port, AccessNet::ConnectTcp))),
        )?
        .restrict_self()
}

fn held(status: &RestrictionStatus) -> Held {
    match &status.landlock {
        LandlockStatus::Available { effective_abi, .. } => {
            Held::Yes(format!("{}, ABI {effective_abi}", what(*effective_abi)))
        }
        LandlockStatus::NotEnabled => Held::Missing("this kernel was started without Landlock".to_owned()),
        LandlockStatus::NotImplemented => {
            Held::Missing("this kernel has no Landlock, or a container forbids it".to_owned())
        }
    }
}

/// What a kernel of this age restricts.
fn what(abi: ABI) -> &'static str {
    match abi {
        ABI::Unsupported => "nothing",
        ABI::V1 | ABI::V2 => "files, but not their truncation",
        ABI::V3 => "files",
        ABI::V4 | ABI::V5 => "files and TCP",
        _ => "files, TCP and signals",
    }
}

fn one_line(error: &dyn std::error::Error) -> String {
    error.to_string().replace('\n', " ")
}
