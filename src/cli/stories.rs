use super::{Failure, args::Stories, database, figures::spinner};
use crate::{articles::reports, clock::Clock, config::Settings};

/// Compares what is there.
pub fn run(settings: &Settings, command: Stories) -> Result<(), Failure> {
    let Stories::Rebuild = command;
    database::with(settings, async |pool, _| {
        let bar = spinner();
        let now = Clock::system().now();
        let compared = reports::rebuild(&pool, now, |done| bar.set_position(done)).await?;
        bar.finish_and_clear();
        println!("{compared} articles compared");
        Ok(())
    })
}
