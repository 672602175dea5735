//! `--var`: what template variables in handles stand for.

use std::collections::BTreeMap;

use clap::Args;
use portcullis::Variables;

/// Template variables.
#[derive(Args, Debug)]
pub(crate) struct TemplateVariables {
    /// What a template variable stands for: with `--var host=db1`, ENC[user_%%host%%] is the handle user_db1, unless
    /// the same instance of a check has a `host`; may be given several times
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair)]
    variables: Vec<(String, String)>,
}

impl TemplateVariables {
    pub(crate) fn compiled(&self) -> Variables {
        if self.variables.is_empty() {
            return Variables::default();
        }
        let known: BTreeMap<String, String> = self.variables.iter().cloned().collect();
        Variables::new(move |name| known.get(name).cloned())
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    if name.is_empty() || !name.bytes().all(plain) {
        return Err("a name is letters, digits, `_`, `-` and `.`".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
