//! How Go prints a JSON value that it decoded without being told a type (`%v` and `%T`).

use std::collections::BTreeMap;

use crate::json::Value;

/// The value as `%v` prints it.
///
/// ```
/// use portcullis_compat::{go::print_value, json::parse};
///
/// let value = parse(br#"{"b":[1,"x",null],"a":16777216}"#)?;
/// assert_eq!(print_value(&value), "map[a:1.6777216e+07 b:[1 x <nil>]]");
/// # Ok::<(), portcullis_compat::json::SyntaxError>(())
/// ```
#[must_use]
pub fn print_value(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) => print_number(text),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let printed: Vec<String> = items.iter().map(print_value).collect();
            format!("[{}]", printed.join(" "))
        }
        Value::Object(members) => {
            let mut sorted = BTreeMap::new();
            sorted.extend(members.iter().map(|(key, value)| (key, value)));
            let printed: Vec<String> =
                sorted.iter().map(|(key, value)| format!("{key}:{}", print_value(value))).collect();
            format!("map[{}]", printed.join(" "))
        }
    }
}

/// The Go type that the value is decoded into, as `%T` prints it.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// The kind of that type: `slice` for any list, `map` for any map.
pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "slice",
        Value::Object(_) => "map",
        other => type_name(other),
    }
}

/// The shortest digits that read back as the same 64-bit float; with an exponent if that is below -4 or above
/// 5.
fn print_number(text: &str) -> String {
    let Ok(number) = text.parse::<f64>() else {
        return text.to_owned();
    };
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let shortest = format!("{number:e}");
    let Some((mantissa, exponent)) = shortest.split_once('e') else {
        return shortest;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
