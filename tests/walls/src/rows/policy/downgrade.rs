//! Row 85: texts that a loose reader would take for more than they may say. The guest reads whatever it is granted.

use super::texts::{CEILINGS, DENYING, FILES, GRANT, SECTIONS};
use crate::Behaviour;
use crate::act::Act;

pub(crate) fn downgrade() -> Behaviour {
    Behaviour::new(
        85,
        "read a file that a loose reading of its policy or of the ceiling would grant: another version, unknown and \
         doubled keys, `*`, nothing in place of a list, maps for lists, comments, merge keys",
        "each text is refused, in words that name the fault; an empty list is linked, and denies",
    )
    .scene(|scene| {
        std::fs::create_dir(scene.join("inside"))?;
        std::fs::write(scene.join("inside/file"), "inside")
    })
    .acts(|act| {
        act.install("guest.wasm", &act.guest()?)?;
        reads(act, GRANT, None, "/in/file='inside'")?;
        let wrong: Vec<String> = act.attack(|| {
            let sections = SECTIONS.iter().map(|(section, words)| refused(act, &file(section), None, words));
            let files = FILES.iter().map(|(text, words)| refused(act, &whole(text), None, words));
            let ceilings =
                CEILINGS.iter().map(|(ceiling, words)| refused(act, &file(GRANT), Some(ceiling), words));
            let denying =
                DENYING.iter().map(|(section, ceiling)| reads(act, section, *ceiling, "nothing is granted"));
            sections.chain(files).chain(ceilings).chain(denying).filter_map(Result::err).collect()
        });
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    })
}

/// A file of [`FILES`] with its grant.
fn whole(text: &str) -> String {
    text.replace("{grant}", GRANT)
}

/// A Portcullis file with these keys for its one provider, from line 4 on.
fn file(section: &str) -> String {
    format!("version: 1\nproviders:\n  guest:\n    {section}\n    component: ./guest.wasm\n")
}

/// Under this policy the guest reads this, and then answers a call that asks for nothing bad.
fn reads(act: &Act<'_>, section: &str, ceiling: Option<&str>, what: &str) -> Result<(), String> {
    let named = |error: String| format!("{section} (ceiling {ceiling:?}): {error}");
    let (resolver, _) = act.resolver(&file(section), ceiling).map_err(named)?;
    act.expect(&resolver, &[("attack:file", what), ("second", "second")]).map_err(named)?;
    act.expect(&resolver, &[("calm", "calm")]).map_err(named)
}

/// There is no resolver of this file, and these words are in the refusal.
fn refused(act: &Act<'_>, file: &str, ceiling: Option<&str>, words: &str) -> Result<(), String> {
    match act.resolver(file, ceiling) {
        Err(error) if error.contains(words) => Ok(()),
        Err(error) => Err(format!("{file}(ceiling {ceiling:?}) is refused without '{words}': {error}")),
        Ok(_) => Err(format!("{file}(ceiling {ceiling:?}) is accepted")),
    }
}
