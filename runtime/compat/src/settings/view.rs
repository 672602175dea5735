//! What a guest may see of the settings.

use super::builtin::SCHEMAS;
use super::schema::{Field, Kind, Place, Schema, find, position};
use crate::go::equal_fold;
use crate::json::Value;

/// The settings without what is the host's: no credential, nothing about TLS, under whatever case it was
/// written.
///
/// * Of several spellings of one setting only the one that counts is seen.
/// * A key that the table does not know is left out if it lies below (or is) a `…_session` or `…tls…` key, or
///   has the name of a credential of any built-in type (a key that landed one level too high); others stay.
/// * A host setting of the **wrong type** stays, as an empty value of that type if the value might be a
///   secret. So the guest still refuses the settings with the reference's text.
#[must_use]
pub fn guest_view(schema: &Schema, settings: &Value) -> Value {
    match settings {
        Value::Object(members) => Value::Object(known(schema.fields, Place::Guest, members)),
        other => blank(other),
    }
}

/// The settings of somebody else's component, which no table knows: all but what lies below (or is) a `…_session` or
/// `…tls…` key.
///
/// ```
/// use portcullis_compat::{json::parse, settings::{custom_view, flatten}};
///
/// let given = parse(br#"{"url":"https://a.example","my_session":{"password":"p"},"tls_config":{"key":"k"}}"#)?;
/// let pairs = flatten(&custom_view(&given));
/// assert_eq!(pairs, [("url".into(), "https://a.example".into()), (String::new(), r#"{"url":"https://a.example"}"#.into())]);
/// # Ok::<(), portcullis_compat::json::SyntaxError>(())
/// ```
#[must_use]
pub fn custom_view(settings: &Value) -> Value {
    // The settings as a whole have no name.
    without(settings, is_of_the_host)
}

/// The members of one level; `unknown` is where keys go that the table does not know.
fn known(fields: &'static [Field], unknown: Place, members: &[(String, Value)]) -> Vec<(String, Value)> {
    let counting: Vec<usize> = fields.iter().filter_map(|field| position(members, field.key)).collect();
    let visible = members.iter().enumerate().filter_map(|(at, (key, value))| {
        let seen = match find(fields, key) {
            Some(field) if counting.contains(&at) => visible_field(field, value),
            Some(_) => None,
            None if unknown == Place::Guest => visible_unknown(key, value),
            None => None,
        };
        seen.map(|seen| (key.clone(), seen))
    });
    visible.collect()
}

fn visible_field(field: &'static Field, value: &Value) -> Option<Value> {
    match (&field.kind, value) {
        (Kind::Struct(fields), Value::Object(members)) => {
            let members = known(fields, field.place, members);
            (!members.is_empty()).then_some(Value::Object(members))
        }
        (Kind::Struct(_), Value::Null) => None,
        (Kind::Struct(_), wrong) => Some(blank(wrong)),
        _ if field.place == Place::Guest => Some(value.clone()),
        (Kind::Str, Value::String(_))
        | (Kind::Int64, Value::Number(_))
        | (Kind::Bool, Value::Bool(_))
        | (_, Value::Null) => None,
        (_, wrong) => Some(if field.hides(wrong) { blank(wrong) } else { wrong.clone() }),
    }
}

fn visible_unknown(key: &str, value: &Value) -> Option<Value> {
    (!is_reserved(key)).then(|| without(value, is_reserved))
}

/// A value without the members, at any depth, whose keys are the host's.
fn without(value: &Value, is_the_hosts: fn(&str) -> bool) -> Value {
    match value {
        Value::Object(members) => {
            let seen = members.iter().filter(|(key, _)| !is_the_hosts(key));
            Value::Object(seen.map(|(key, value)| (key.clone(), without(value, is_the_hosts))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, is_the_hosts)).collect()),
        scalar => scalar.clone(),
    }
}

/// Is this a name under which credentials or TLS settings are kept, whatever the component?
fn is_of_the_host(key: &str) -> bool {
    let folded = key.to_ascii_lowercase();
    folded.split('.').any(|part| part.ends_with("_session") || part.contains("tls"))
}

/// The same, or the name of a credential of a built-in type?
fn is_reserved(key: &str) -> bool {
    is_of_the_host(key) || key.split('.').any(is_host_key)
}

fn is_host_key(key: &str) -> bool {
    fn within(fields: &[Field], key: &str) -> bool {
        fields.iter().any(|field| match &field.kind {
            Kind::Struct(inner) => within(inner, key),
            _ => field.place == Place::HostCredential && equal_fold(key, field.key),
        })
    }
    SCHEMAS.iter().any(|schema| within(schema.fields, key))
}

/// An empty value of the same type.
fn blank(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => Value::Bool(false),
        Value::Number(_) => Value::Number("0".to_owned()),
        Value::String(_) => Value::String(String::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Object(_) => Value::Object(Vec::new()),
    }
}
