use super::{
    Failure,
    args::{LogFormat, Replay},
    figures::{open_plain_or_gzip, spinner},
};
use crate::replay::{
    clicks::{self, Rules},
    daily::{Report, Stories},
    growth,
    log::{Log, Unreadable},
    mind, naver, table, uci,
};
use indicatif::ProgressBar;
use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use std::io::BufRead;

/// Runs a log through the rankings and prints how well they did. Needs no settings.
pub fn run(options: &Replay) -> Result<(), Failure> {
    let zone = TimeZone::get(&options.time_zone)
        .map_err(|error| format!("--time-zone {}: {error}", options.time_zone))?;
    let rules = Rules { warm_up: warm_up(&options.warm_up)?, zone };
    let reader = open_plain_or_gzip(&options.file)?;
    let bar = spinner();
    let said = match options.format {
        LogFormat::Mind => told(options, mind::read(reader))
            .map(|log| compare(&log, &rules, false, options.json, &bar)),
        LogFormat::Uci => told(options, uci::read(reader))
            .map(|log| compare(&log, &rules, true, options.json, &bar)),
        LogFormat::Naver => told(options, days(reader, options.day, &bar)).map(|report| {
            if options.json {
                table::daily_json(&report).to_string()
            } else {
                table::daily(&report)
            }
        }),
    };
    bar.finish_and_clear();
    print!("{}", said?);
    if options.json {
        println!();
    }
    Ok(())
}

/// A fault with the name of its file.
fn told<T>(options: &Replay, read: Result<T, Unreadable>) -> Result<T, Failure> {
    read.map_err(|fault| format!("{}: {fault}", options.file).into())
}

fn warm_up(text: &str) -> Result<SignedDuration, Failure> {
    match text.parse::<SignedDuration>() {
        Ok(duration) if !duration.is_negative() => Ok(duration),
        _ => Err(format!("--warm-up {text}: must be a length of time such as 24h").into()),
    }
}

fn compare(log: &Log, rules: &Rules, grows: bool, json: bool, bar: &ProgressBar) -> String {
    bar.set_message("events");
    let report = clicks::judge(log, rules, |done| bar.set_position(done));
    let growth = grows.then(|| growth::judge(log, |done| bar.set_position(done)));
    if json {
        let mut value = table::clicks_json(&report);
        if let Some((rows, moments)) = growth {
            value["growth"] = table::growth_json(&rows, moments);
        }
        return value.to_string();
    }
    let growth = growth.map(|(rows, moments)| table::growth(&rows, moments));
    table::clicks(&report) + &growth.unwrap_or_default()
}

fn days(
    reader: Box<dyn BufRead>,
    only: Option<Date>,
    bar: &ProgressBar,
) -> Result<Report, Unreadable> {
    bar.set_message("lists");
    let (mut report, mut stories) = (Report::default(), Stories::default());
    naver::read(reader, |day| {
        stories.put(day);
        for list in day.iter().filter(|list| only.is_none_or(|day| day == list.date)) {
            report.judge(list, &stories);
        }
        bar.set_position(report.lists);
    })?;
    Ok(report)
}
