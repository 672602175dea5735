//! Names that are equal but for case.

/// Are the names equal under Unicode simple case folding? `name` is one of ours, in ASCII.
pub(crate) fn equal_fold(given: &str, name: &str) -> bool {
    given.chars().map(fold).eq(name.chars().map(fold))
}

fn fold(character: char) -> char {
    match character {
        // The only characters outside ASCII that fold into it: the long s and the Kelvin sign.
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::equal_fold;

    #[test]
    fn names_match_in_any_case() {
        let rows = [
            ("secrets", "secrets", true),
            ("SeCrEtS", "secrets", true),
            ("\u{17f}ecret\u{17f}", "secrets", true),
            ("to\u{212a}en_path", "token_path", true),
            ("secret", "secrets", false),
            ("sécrets", "secrets", false),
            ("", "secrets", false),
        ];
        for (given, name, expected) in rows {
            assert_eq!(equal_fold(given, name), expected, "{given} / {name}");
        }
    }
}
