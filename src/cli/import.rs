use super::{Failure, args::Import};
use crate::config::Settings;
pub fn run(_settings: &Settings, _options: Import) -> Result<(), Failure> {
    Err("not merged".into())
}
