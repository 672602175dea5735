//! As much JSON as the helper needs: objects in order, arrays, strings; other scalars are skipped over.

/// A JSON value.
pub(crate) enum Json {
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
    Text(String),
    /// A number, a boolean or null: the helper looks at none of them.
    Other,
}

impl Json {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(crate) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Parses one value. What follows it is not looked at.
pub(crate) fn parse(text: &str) -> Option<Json> {
    value(&mut text.trim_start())
}

fn value(rest: &mut &str) -> Option<Json> {
    match rest.chars().next()? {
        '"' => Some(Json::Text(text(rest)?)),
        '[' => {
            let mut items = Vec::new();
            sequence(rest, ']', |rest| {
                items.push(value(rest)?);
                Some(())
            })?;
            Some(Json::Array(items))
        }
        '{' => {
            let mut fields = Vec::new();
            sequence(rest, '}', |rest| {
                let name = text(rest)?;
                *rest = rest.trim_start().strip_prefix(':')?.trim_start();
                fields.push((name, value(rest)?));
                Some(())
            })?;
            Some(Json::Object(fields))
        }
        _ => {
            *rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c));
            Some(Json::Other)
        }
    }
}

/// Items between an opening bracket and `close`, with commas between them.
fn sequence(rest: &mut &str, close: char, mut item: impl FnMut(&mut &str) -> Option<()>) -> Option<()> {
    *rest = rest.get(1..)?.trim_start();
    while !rest.starts_with(close) {
        item(rest)?;
        *rest = rest.trim_start();
        *rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    *rest = rest.strip_prefix(close)?;
    Some(())
}

fn text(rest: &mut &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.strip_prefix('"')?.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            }),
            other => out.push(other),
        }
    }
    *rest = chars.as_str();
    Some(out)
}

pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
