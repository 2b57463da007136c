use super::Settings;
use crate::error::Faults;
use figment::{
    Figment,
    providers::{Env, Format, Toml},
    value::UncasedStr,
};
use std::path::{Path, PathBuf};

/// Why settings could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The file is missing or not TOML.
    #[error("settings file {path}: {detail}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// One line a fault, with the name in the file and in the environment.
    #[error("these settings are not valid:\n{0}")]
    Invalid(String),
}

/// Variables of ours that are no settings.
const NOT_SETTINGS: [&str; 2] = ["CONFIG", "TEST_DATA"];

/// Reads the file at `path`, if any, then `SOSIK_…` and `DATABASE_URL` over it.
///
/// # Errors
/// [`ConfigFault`] naming the file, or every setting that is not valid.
pub fn load(path: Option<&Path>) -> Result<Settings, ConfigFault> {
    let mut figment = Figment::new();
    if let Some(path) = path {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigFault::File {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
        figment = figment.merge(Toml::string(&text));
    }
    let figment = figment
        .merge(Env::raw().only(&["DATABASE_URL"]).filter(is_set("")))
        .merge(Env::prefixed("SOSIK_").ignore(&NOT_SETTINGS).filter(is_set("SOSIK_")).split("__"));
    let value: serde_json::Value = figment.extract().map_err(|error| ConfigFault::File {
        path: path.unwrap_or(Path::new("(environment)")).to_owned(),
        detail: error.to_string(),
    })?;
    read(value).map_err(|faults| ConfigFault::Invalid(describe(&faults)))
}

/// Leaves out variables that are empty: they are as good as not there.
fn is_set(prefix: &'static str) -> impl Fn(&UncasedStr) -> bool + Clone {
    move |name| {
        let name = format!("{prefix}{name}").to_uppercase();
        std::env::var_os(name).is_none_or(|value| !value.is_empty())
    }
}

fn read(value: serde_json::Value) -> Result<Settings, Faults> {
    let settings: Settings = deserr::deserialize(value)?;
    settings.check().or(settings)
}

fn describe(faults: &Faults) -> String {
    let lines = faults.0.iter().map(|fault| {
        let path = fault.place.to_string();
        let name = path.trim_start_matches('/').replace('/', ".");
        let variable = format!("SOSIK_{}", name.replace('.', "__").to_uppercase());
        format!("  {name} ({variable}): {}", fault.detail.en)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The effective settings as a TOML file, secrets left out.
#[must_use]
pub fn to_toml(settings: &Settings) -> String {
    let text = toml::to_string_pretty(settings).unwrap_or_default();
    let secrets = [
        ("database_url", settings.database_url.is_some()),
        ("mail.password", settings.mail.password.is_some()),
    ];
    // Not as a value: the output may come back as a file.
    let hidden = secrets.iter().filter(|(_, is_set)| *is_set);
    let hidden: String =
        hidden.map(|(name, _)| format!("# {name} is set, and not shown\n")).collect();
    hidden + &text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_set_is_a_working_configuration() {
        let settings = read(json!({})).expect("defaults are valid");
        assert_eq!(settings.bind.0.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.public_url(), "http://127.0.0.1:8080");
    }

    #[test]
    fn every_fault_is_named_at_once_under_both_names() {
        let faults = read(json!({"bind": "nowhere", "time_zone": "Mars/Base", "bogus": 1}))
            .expect_err("three faults");
        let text = describe(&faults);
        assert_eq!(faults.0.len(), 3, "{text}");
        assert!(text.contains("time_zone (SOSIK_TIME_ZONE)"), "{text}");
    }

    #[test]
    fn a_list_reads_an_array_and_a_comma_separated_text() {
        let from_env = read(json!({"trusted_proxies": "10.0.0.0/8, 127.0.0.1/32"})).expect("valid");
        let from_file =
            read(json!({"trusted_proxies": ["10.0.0.0/8", "127.0.0.1/32"]})).expect("valid");
        assert_eq!(from_env.trusted_proxies, from_file.trusted_proxies);
    }

    #[test]
    fn printed_settings_keep_the_secret() {
        let settings = read(json!({"database_url": "postgres://u:hunter2@h/d"})).expect("valid");
        assert!(!to_toml(&settings).contains("hunter2"));
        let settings = read(json!({"mail": {
            "host": "mail.example.kr", "from": "a@example.kr", "username": "u", "password": "hunter2"
        }}))
        .expect("valid");
        assert!(to_toml(&settings).starts_with("# mail.password is set"));
        assert!(!to_toml(&settings).contains("hunter2"));
    }

    #[test]
    fn an_issuer_is_named_by_variables_and_many_by_the_file() {
        let one = json!({"issuer": "https://id.example.kr", "audience": "portal",
            "jwks_url": "https://id.example.kr/jwks", "algorithms": "ES256,EdDSA"});
        let settings = read(json!({"issuer": one, "issuers": [one, one]})).expect("valid");
        assert_eq!(settings.issuers.len(), 2);
        let symmetric = json!({"issuer": "https://id.example.kr", "audience": "portal",
            "jwks_url": "https://id.example.kr/jwks", "algorithms": ["HS256"]});
        assert!(read(json!({"issuer": symmetric})).is_err());
        assert!(read(json!({"accounts": {"verify_mail": true}})).is_err());
    }
}
