//! Row 75: a provider that wants the handles of another one behind the same resolver.

use crate::Behaviour;
use crate::act::Act;

/// Two providers that are told apart by the beginning of a handle.
const FILE: &str = "\
version: 1
providers:
  hostile: { component: ./hostile.wasm }
  honest: { component: ./honest.wasm }
routes:
  - { prefix: \"hostile:\", to: hostile }
  - { prefix: \"honest:\", to: honest }
";

/// What the other provider must answer, whatever is asked beside it.
const HONEST: [(&str, &str); 2] = [("honest:password", "password"), ("honest:token", "token")];

pub(crate) fn asked() -> Behaviour {
    Behaviour::new(
        75,
        "say what it is asked for when another provider is asked in the same document",
        "its own handles, without their prefix, and no other",
    )
    .acts(|act| {
        install(act)?;
        let (resolver, _) = act.resolver(FILE, None)?;
        let [first, second] = HONEST;
        act.expect(&resolver, &[("hostile:calm", "calm"), first, second])?;
        act.attack(|| {
            let own = [("hostile:attack", "attack\nmine\n"), ("hostile:mine", "mine")];
            let [attack, mine] = own;
            act.expect(&resolver, &[first, attack, second, mine])
        })?;
        act.expect(&resolver, &[("hostile:calm", "calm"), first, second])
    })
}

/// Handles that it answers beside its own, as it might spell those of the other.
const FOREIGN: &[&str] = &["password", "honest:password", "hostile:password", ":password", "token", "mine"];

pub(crate) fn foreign_answer() -> Behaviour {
    Behaviour::new(
        75,
        "answer a handle of another provider, in every spelling",
        "its own batch is refused; the other's values are its own, also where both have a handle of one name",
    )
    .acts(|act| {
        install(act)?;
        let (resolver, _) = act.resolver(FILE, None)?;
        let [first, second] = HONEST;
        let calm = [("hostile:calm", "calm"), first, second];
        act.expect(&resolver, &calm)?;
        act.attack(|| {
            for (refused, foreign) in (1..).zip(FOREIGN) {
                let attack = format!("hostile:attack:{foreign}");
                let handles = [first.0, &attack, second.0, "hostile:mine"];
                let answers = act.ask(&resolver, &handles)?;
                judge(&answers).map_err(|wrong| format!("{foreign}: {wrong} in {answers:?}"))?;
                let faults = resolver.faults();
                if faults.len() != refused || faults.iter().any(|fault| fault.provider.as_str() != "hostile")
                {
                    return Err(format!("{foreign}: {refused} faults of it expected, found {faults:?}"));
                }
                act.expect(&resolver, &calm)?;
            }
            // A handle that it was asked for is its own, also where the other has one of that name.
            act.expect(
                &resolver,
                &[("hostile:attack:", "poison"), first, ("hostile:password", "poison"), second],
            )
        })?;
        act.expect(&resolver, &calm)
    })
}

/// The honest values are there, and nothing of the hostile batch.
fn judge(answers: &[(String, Result<String, String>)]) -> Result<(), String> {
    for (handle, outcome) in answers {
        let honest = HONEST.iter().find(|(name, _)| name == handle);
        match (honest, outcome) {
            (Some((_, value)), Ok(found)) if found == value => {}
            (None, Err(message)) if message.contains("answer was refused") => {}
            _ => return Err(format!("'{handle}' is wrong")),
        }
    }
    Ok(())
}

fn install(act: &Act<'_>) -> Result<(), String> {
    act.install("hostile.wasm", &act.guest()?)?;
    act.install("honest.wasm", &act.behaves()?)
}
