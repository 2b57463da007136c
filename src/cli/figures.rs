use super::{
    Failure,
    args::{Counters, Rankings},
    database,
};
use crate::{
    clock::{Clock, Timestamp},
    config::Settings,
    counters::import::{self, Progress},
    rankings::refresh,
};
use flate2::bufread::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use std::{
    fs::File,
    io::{BufRead, BufReader, IsTerminal},
    time::Duration,
};

/// Lines told one by one before the rest is only counted.
const TOLD: u32 = 20;

/// Figures counted elsewhere.
pub fn counters(settings: &Settings, command: Counters) -> Result<(), Failure> {
    let Counters::Import { file, as_of } = command;
    let zone = settings.zone();
    let as_of = import::parse_as_of(&as_of, &zone).ok_or_else(|| {
        format!("--as-of {as_of}: must be an instant such as 2026-11-22T00:00:00+09:00, or a date")
    })?;
    not_to_come(as_of, &zone, "--as-of")?;
    let reader = open(&file)?;
    database::with(settings, async |pool, _| {
        let bar = spinner();
        let mut told = 0;
        let mut tell = |line: u64, what: &str| {
            told += 1;
            if told <= TOLD {
                bar.suspend(|| eprintln!("line {line}: {what}"));
            }
        };
        let now = Clock::system().now();
        let summary = import::run(&pool, reader, as_of, now, &zone, |progress| match progress {
            Progress::Done(lines) => bar.set_position(lines),
            Progress::Unknown(line) => tell(line, "names no article that is here"),
            Progress::Invalid(line, why) => tell(line, why),
        })
        .await?;
        bar.finish_and_clear();
        for (name, n) in [
            ("imported", summary.imported),
            ("unchanged", summary.unchanged),
            ("unknown", summary.unknown),
            ("invalid", summary.invalid),
        ] {
            println!("{name:10} {n}");
        }
        Ok(())
    })
}

/// Boards as of a moment.
pub fn rankings(settings: &Settings, command: Rankings) -> Result<(), Failure> {
    let Rankings::Refresh { at, due } = command;
    let zone = settings.zone();
    let now = Clock::system().now();
    let at = match at {
        None => now,
        Some(text) => import::parse_as_of(&text, &zone).ok_or_else(|| {
            format!("--at {text}: must be an instant such as 2026-11-22T00:00:00+09:00, or a date")
        })?,
    };
    not_to_come(at, &zone, "--at")?;
    database::with(settings, async |pool, _| {
        let start = Clock::system().now();
        let round = match due {
            true => refresh::tick(&pool, now, settings).await?,
            false => refresh::once(&pool, at, now, settings).await?,
        };
        let round = round.ok_or("another process is refreshing the boards; try again")?;
        let took = Clock::system().now().since(start).as_millis();
        let (written, unchanged) = (round.written, round.unchanged);
        println!("as of {at}: {written} lists written, {unchanged} unchanged, in {took} ms");
        Ok(())
    })
}

/// Figures and boards speak of what was: today's end is the latest moment.
fn not_to_come(at: Timestamp, zone: &TimeZone, option: &str) -> Result<(), Failure> {
    let now = Clock::system().now();
    if at > import::day_end(now, zone) {
        return Err(format!("{option} {at}: lies in the future").into());
    }
    Ok(())
}

/// A file, or standard input for `-`.
pub fn open(file: &str) -> Result<Box<dyn BufRead>, Failure> {
    if file == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let opened = File::open(file).map_err(|error| format!("{file}: {error}"))?;
    Ok(Box::new(BufReader::with_capacity(1 << 20, opened)))
}

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a file holds, unpacked where it is packed.
fn plain(mut reader: Box<dyn BufRead>) -> Result<Box<dyn BufRead>, Failure> {
    if reader.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(reader))));
    }
    Ok(reader)
}

/// As [`open`], unpacked where it is packed.
pub fn open_plain_or_gzip(file: &str) -> Result<Box<dyn BufRead>, Failure> {
    plain(open(file)?)
}

/// A count of what is done, when somebody watches.
pub fn spinner() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} done, {per_sec} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
