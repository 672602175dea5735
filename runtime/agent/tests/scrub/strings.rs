//! What is secret inside of a string, whatever its key.

use super::plain;

#[test]
fn strings() {
    let key = "0123456789abcdef0123456789abcdef";
    let app_key = "0123456789abcdef0123456789abcdef01234567";
    let rows: &[(&str, &str)] = &[
        ("postgres://user:hunter2@host/db", "postgres://user:********@host/db"),
        (
            "see https://u:hunter2@h:80/p?q=1 and u:hunter2@h",
            "see https://u:********@h:80/p?q=1 and u:********@h",
        ),
        ("u:hunt@er2@host", "u:********@host"),
        ("https://user@host:80/", "https://user@host:80/"),
        ("https://host:80/path", "https://host:80/path"),
        ("Server=db;User=sa;Password=hunter2;Port=1", "Server=db;User=sa;Password=********;Port=1"),
        ("--mysql_password=hunter2 --host=a", "--mysql_password=******** --host=a"),
        ("--password='hunter 2' -v", "--password='********' -v"),
        ("{\"password\": \"hun\\\"ter2\", \"host\": \"a\"}", "{\"password\": \"********\", \"host\": \"a\"}"),
        ("password: hunter2 hunter2", "password: ********"),
        ("X-Vault-Token: hunter2", "X-Vault-Token: ********"),
        ("a=1&api_key=abcdefgh&b=2", "a=1&api_key=******gh&b=2"),
        ("Bearer hunter2", "Bearer ********"),
        ("authorization: bearer hunter2", "authorization: ********"),
        (key, "****************************cdef"),
        (&format!("a,{key};"), "a,****************************cdef;"),
        (&format!("{key}0"), &format!("{key}0")),
        (app_key, "************************************4567"),
        (&format!("x_{key}"), &format!("x_{key}")),
        ("DDRCM_ABCDEFGH1234", "***************234"),
        ("ddapp_abcdefghijklmnopqrstuvwxyz01234567", "************************************4567"),
        ("one\npassword: hunter2\ntwo", "one\npassword: ********\ntwo"),
        ("-----BEGIN KEY-----\nhunter2\n-----END KEY-----\n", "********\n"),
        ("a -----BEGIN KEY-----\nhunter2", "a ********"),
        ("-----BEGIN A-----\nhunter2\n-----END A-----b-----BEGIN C-----x", "********b********"),
        ("nothing: here", "nothing: here"),
        ("password", "password"),
        ("password:", "password:"),
        ("token://x", "token://x"),
        ("é=1;pässword=x;password=hunter2é", "é=1;pässword=x;password=********"),
    ];
    for (text, expected) in rows {
        let quoted = serde_json::to_string(text).unwrap();
        for document in [format!("k: {quoted}\n"), format!("- {quoted}\n"), format!("{quoted}: v\n")] {
            let shown = plain(&document);
            let tree: serde_norway::Value = serde_norway::from_str(&shown).unwrap();
            let string = match &tree {
                serde_norway::Value::Sequence(items) => &items[0],
                serde_norway::Value::Mapping(map) if document.starts_with('k') => &map["k"],
                serde_norway::Value::Mapping(map) => map.keys().next().unwrap(),
                other => panic!("{other:?}"),
            };
            assert_eq!(string.as_str(), Some(*expected), "{text:?}: {shown}");
        }
    }
}
