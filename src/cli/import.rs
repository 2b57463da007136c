use super::{
    Failure,
    args::{Import, ImportKind},
    database,
    figures::{open_plain_or_gzip, spinner},
};
use crate::{
    clock::Clock,
    comments::import::{self as threads, Progress, Wanted},
    config::Settings,
    ingest::{
        command::{Input, Summary, cli_import},
        items::Options,
    },
};
use indicatif::{ProgressBar, ProgressStyle};

/// Imports a file or standard input on the operator's behalf: what is missing is created.
pub fn run(settings: &Settings, options: Import) -> Result<(), Failure> {
    if options.kind == ImportKind::Comments {
        return comments(settings, options);
    }
    let input = match options.file.as_str() {
        "-" => Input::Stream(Box::new(std::io::stdin())),
        file if std::path::Path::new(file).exists() => Input::File(file.into()),
        file => return Err(format!("{file}: there is no such file").into()),
    };
    let wanted = Options {
        dry_run: options.dry_run,
        may_create: true,
        bound: None,
        default_publisher: options.publisher.clone(),
        default_category: options.category.clone(),
        by: "operator".to_owned(),
    };
    let line_bytes = usize::try_from(settings.limits.article_bytes).unwrap_or(usize::MAX);
    database::with(settings, async |pool, _| {
        let bar = spinner();
        let clock = Clock::system();
        let summary = cli_import(&pool, &clock, input, &wanted, line_bytes, |progress| {
            if let Some(total) = progress.total {
                count(&bar, total);
            }
            bar.set_position(progress.done);
        })
        .await?;
        bar.finish_and_clear();
        if options.json {
            println!("{}", serde_json::to_string(&summary)?);
        } else {
            tell(&summary, options.dry_run);
        }
        let counts = summary.counts;
        if counts.invalid > 0 && counts.invalid == counts.total() {
            return Err("no item could be imported".into());
        }
        Ok(())
    })
}

/// Turns the counter into a bar once the number of items is known.
fn count(bar: &ProgressBar, total: u64) {
    if bar.length() == Some(total) {
        return;
    }
    bar.set_length(total);
    if let Ok(style) = ProgressStyle::with_template(
        "{bar:40} {human_pos}/{human_len} articles, {per_sec}, {eta} left",
    ) {
        bar.set_style(style);
    }
}

fn tell(summary: &Summary, dry_run: bool) {
    for refused in &summary.faults {
        for error in &refused.errors {
            eprintln!(
                "line {}: {} {}: {}",
                refused.line, error.pointer, error.code, error.detail.en
            );
        }
    }
    if dry_run {
        println!("nothing was written; it would have been:");
    }
    let counts = summary.counts;
    for (name, n) in [
        ("unchanged", counts.unchanged),
        ("created", counts.created),
        ("updated", counts.updated),
        ("duplicates", counts.duplicates),
        ("invalid", counts.invalid),
    ] {
        println!("{name:10} {n}");
    }
}

/// Lines told one by one before the rest is only counted.
const TOLD: u32 = 20;

/// Imports old threads on the operator's behalf.
fn comments(settings: &Settings, options: Import) -> Result<(), Failure> {
    let reader = open_plain_or_gzip(&options.file)?;
    let wanted =
        Wanted { publisher: options.publisher, dry_run: options.dry_run, zone: settings.zone() };
    database::with(settings, async |pool, _| {
        let bar = spinner();
        let mut told = 0;
        let summary = threads::run(&pool, reader, &wanted, |progress| match progress {
            Progress::Done(lines) => bar.set_position(lines),
            Progress::Refused(line, why) => {
                told += 1;
                if told <= TOLD {
                    bar.suspend(|| eprintln!("line {line}: {why}"));
                }
            }
        })
        .await?;
        bar.finish_and_clear();
        if options.json {
            println!("{}", serde_json::to_string(&summary)?);
            return Ok(());
        }
        if options.dry_run {
            println!("nothing was written; it would have been:");
        }
        for (name, n) in [
            ("created", summary.created),
            ("updated", summary.updated),
            ("unchanged", summary.unchanged),
            ("unknown", summary.unknown),
            ("invalid", summary.invalid),
        ] {
            println!("{name:10} {n}");
        }
        Ok(())
    })
}
