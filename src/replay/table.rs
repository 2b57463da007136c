//! Reports as text, and as JSON for programs.

use super::{
    clicks,
    daily::Report as Daily,
    growth::{AHEAD_MINUTES, DEPTH, Foresight},
    lists::List,
    metrics::Quality,
};
use crate::engagement::decay::POPULAR;
use serde_json::{Value, json};
use std::fmt::Write;

/// The names of [`Quality::figures`].
const COLUMNS: [&str; 5] = ["HR@5", "HR@10", "HR@20", "MRR@20", "nDCG@10"];

/// The table of lists against clicks, and what is to be known beside it.
#[must_use]
pub fn clicks(report: &clicks::Report) -> String {
    let mut text = format!("{:16}", "list");
    for column in COLUMNS {
        let _ = write!(text, " {column:>8}");
    }
    let _ = writeln!(text, " {:>8}", "clicks");
    for (list, quality) in &report.rows {
        let _ = write!(text, "{:16}", list.name());
        for figure in quality.figures() {
            let _ = write!(text, " {figure:8.3}");
        }
        let _ = writeln!(text, " {:8}", quality.clicks());
    }
    text.push('\n');
    notes(&mut text, report);
    text
}

fn notes(text: &mut String, report: &clicks::Report) {
    let figures = |list| report.of(list).map(Quality::figures).unwrap_or_default();
    let (day, popular) = (figures(List::Last(2)), figures(List::Popular));
    let times = |i: usize| if day[i] > 0.0 { popular[i] / day[i] } else { 0.0 };
    let _ = writeln!(
        text,
        "24 h of views, which portals often rank by (last-24h): HR@5 {:.3}, HR@10 {:.3}, HR@20 {:.3};\n\
         the board of popular articles has {:.2}, {:.2} and {:.2} times that.",
        day[0],
        day[1],
        day[2],
        times(0),
        times(1),
        times(2),
    );
    let _ = writeln!(
        text,
        "\nTop ten of trending and popular share {:.1} articles before page exclusion, {:.1} after;\n\
         what trending then shows catches {:.3} of the clicks beside popular's ten (HR@10). On average\n\
         {:.1} articles stand on trending.",
        report.overlap,
        report.overlap_on_page,
        report.on_page.figures()[1],
        report.trending,
    );
    let shares = POPULAR.iter().zip(report.half_lives).filter(|(_, share)| *share > 0.0);
    let shares: Vec<_> =
        shares.map(|(s, share)| format!("{} min {:.0} %", s / 60.0, share * 100.0)).collect();
    let _ =
        writeln!(text, "Half-lives that popular took, by share of moments: {}.", shares.join(", "));
    let _ = writeln!(
        text,
        "\nThe row of trending holds what its gates let in: z to enter and to stay, least views, still\n\
         running, distinct minutes. The log names no networks, so two gates could not be exercised:\n\
         the least number of networks and the largest share of one. Nor does it tell shares, reactions\n\
         or which clicks came from a board.",
    );
}

/// The same for programs.
#[must_use]
pub fn clicks_json(report: &clicks::Report) -> Value {
    let row = |(list, quality): &(List, Quality)| {
        let mut row = json!({ "list": list.name(), "clicks": quality.clicks() });
        for (column, figure) in COLUMNS.iter().zip(quality.figures()) {
            row[*column] = json!(figure);
        }
        row
    };
    json!({
        "lists": report.rows.iter().map(row).collect::<Vec<_>>(),
        "moments": report.moments,
        "overlap": { "before": report.overlap, "on_page": report.overlap_on_page },
        "trending": { "standing": report.trending, "on_page_HR@10": report.on_page.figures()[1] },
        "half_lives": POPULAR.iter().zip(report.half_lives)
            .map(|(seconds, share)| json!({ "seconds": seconds, "share": share }))
            .collect::<Vec<_>>(),
        "gates_not_exercised": ["networks", "largest_share"],
    })
}

/// The table of lists against growth.
#[must_use]
pub fn growth(rows: &[Foresight], moments: u64) -> String {
    let mut text = format!(
        "\nThe {DEPTH} that grow most in the next {} h, foretold at {moments} moments:\n\n{:16} {:>8} {:>8}\n",
        AHEAD_MINUTES / 60,
        "list",
        format!("P@{DEPTH}"),
        format!("nDCG@{DEPTH}"),
    );
    for row in rows {
        let _ = writeln!(text, "{:16} {:8.3} {:8.3}", row.list.name(), row.precision, row.ndcg);
    }
    text.push_str(
        "\nHere all-time is the largest total so far, and last-20m the largest growth of the last slice.\n",
    );
    text
}

/// The same for programs.
#[must_use]
pub fn growth_json(rows: &[Foresight], moments: u64) -> Value {
    let row = |row: &Foresight| json!({ "list": row.list.name(), "precision": row.precision, "ndcg": row.ndcg });
    json!({
        "depth": DEPTH,
        "ahead_minutes": AHEAD_MINUTES,
        "moments": moments,
        "lists": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// What was found in lists of days.
#[must_use]
pub fn daily(report: &Daily) -> String {
    let right = report.same + report.tied;
    format!(
        "lists {}, places {}\n\n\
         Order: {} of the places are right; {} with the article of the source, {} with another of the\n\
         same figure, {} wrong.\n\n\
         Two headlines alike (half of their bigrams) among the first ten: in {} lists of the source\n\
         ({}); in {} ({}) once each story stands in a list once.\n\
         Two articles of one story: in {} lists of the source ({}).\n\
         Articles that gave way: {}; pairs that are left: {}.\n",
        report.lists,
        report.places,
        percent(right, report.places),
        report.same,
        report.tied,
        report.places - right,
        report.alike,
        percent(report.alike, report.lists),
        report.alike_folded,
        percent(report.alike_folded, report.lists),
        report.repeating,
        percent(report.repeating, report.lists),
        report.gone,
        report.pairs,
    )
}

fn percent(part: u64, of: u64) -> String {
    format!("{:.2} %", 100.0 * part as f64 / of.max(1) as f64)
}

/// The same for programs.
#[must_use]
pub fn daily_json(report: &Daily) -> Value {
    json!({
        "lists": report.lists,
        "places": report.places,
        "same": report.same,
        "tied": report.tied,
        "alike": report.alike,
        "repeating": report.repeating,
        "folded": { "gone": report.gone, "alike": report.alike_folded, "pairs": report.pairs },
    })
}
