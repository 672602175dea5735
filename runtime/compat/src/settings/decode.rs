//! From the settings as given to settings of the right types.

use super::decoded::{Decoded, Setting};
use super::error::DecodeError;
use super::schema::{Field, Kind, Schema, position};
use crate::go::{kind_name, print_value, type_name};
use crate::json::Value;

/// Decodes the settings of a backend by its table.
///
/// A key matches exactly, or else in any case; a key that the table does not know is ignored; a null leaves
/// the zero value; a type is never converted into another, but any number fits a whole one.
///
/// # Errors
/// Every setting of the wrong type, at once.
///
/// ```
/// use portcullis_compat::{json, settings};
///
/// let schema = settings::schema("file.json").ok_or("no such type")?;
/// let given = json::parse(br#"{"FILE_PATH":"/etc/s.json","max_file_read_size":1.9}"#)?;
/// let decoded = settings::decode(schema, &given)?;
/// assert_eq!(decoded.string("file_path"), "/etc/s.json");
/// assert_eq!(decoded.int("max_file_read_size"), 1);
///
/// let error = settings::decode(schema, &json::parse(br#"{"file_path":42}"#)?).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "failed to map backend configuration: 1 error(s) decoding:\n\n\
///      * 'file_path' expected type 'string', got unconvertible type 'float64', value: '42'"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decode(schema: &Schema, settings: &Value) -> Result<Decoded, DecodeError> {
    let mut decoder = Decoder::default();
    decoder.fields(schema.fields, "", settings);
    if decoder.faults.is_empty() { Ok(decoder.decoded) } else { Err(DecodeError::new(decoder.faults)) }
}

#[derive(Default)]
struct Decoder {
    decoded: Decoded,
    faults: Vec<String>,
}

impl Decoder {
    fn fields(&mut self, fields: &[Field], path: &str, given: &Value) {
        let members = match given {
            Value::Object(members) => members,
            Value::Null => return,
            other => {
                self.faults.push(format!("'{path}' expected a map, got '{}'", kind_name(other)));
                return;
            }
        };
        for field in fields {
            let path = if path.is_empty() { field.key.to_owned() } else { format!("{path}.{}", field.key) };
            let Some((key, value)) = position(members, field.key).and_then(|at| members.get(at)) else {
                continue;
            };
            if key == field.key {
                self.decoded.given.insert(path.clone());
            }
            self.field(field, path, value);
        }
    }

    fn field(&mut self, field: &Field, path: String, value: &Value) {
        let setting = match (&field.kind, value) {
            (_, Value::Null) => return,
            (Kind::Struct(fields), _) => return self.fields(fields, &path, value),
            (Kind::Str, Value::String(text)) => Setting::Str(text.clone()),
            (Kind::Bool, Value::Bool(flag)) => Setting::Bool(*flag),
            (Kind::Int64, Value::Number(text)) => Setting::Int(truncate(text)),
            _ => {
                let shown = if field.hides(value) { "********".to_owned() } else { print_value(value) };
                let (wanted, found) = (field.kind.go_type(), type_name(value));
                self.faults.push(format!(
                    "'{path}' expected type '{wanted}', got unconvertible type '{found}', value: '{shown}'"
                ));
                return;
            }
        };
        self.decoded.values.insert(path, setting);
    }
}

/// The whole part of a number. One that does not fit becomes the smallest, as on the reference's usual
/// processors, and so counts as "not set" wherever a limit must be positive.
fn truncate(text: &str) -> i64 {
    // 2^63: the first float that is too large. Its negative just fits.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    let number: f64 = text.parse().unwrap_or_default();
    if (-BOUND..BOUND).contains(&number) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "in range, and cutting off the fraction is the point"
        )]
        let whole = number as i64;
        whole
    } else {
        i64::MIN
    }
}
