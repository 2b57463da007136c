//! Old threads from elsewhere: one JSON object a line, with author, time and votes.
//!
//! - `line` one line, read (pure)

mod line;

use super::store::import::{self, Found, Old};
use crate::{
    comments::body,
    db::{self, Pool},
    error::{Broken, Error, Result},
    ids::{ArticleId, CommentId},
    policies::model::LENGTH_MAX,
};
use jiff::tz::TimeZone;
use line::Line;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, io::BufRead};

/// Lines of one transaction.
const BATCH: usize = 500;

/// Most bytes of a line.
const LINE_BYTES: usize = 65_536;

/// What an import did. The sum is the number of lines that are not blank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Comments that are new.
    pub created: u64,
    /// Comments that were there, and have other votes now.
    pub updated: u64,
    /// Comments that were there.
    pub unchanged: u64,
    /// Lines that name no article we have.
    pub unknown: u64,
    /// Lines that could not be taken.
    pub invalid: u64,
}

/// What happens on the way.
#[derive(Debug)]
pub enum Progress<'a> {
    /// So many lines are done in all.
    Done(u64),
    /// This line was not taken, and why.
    Refused(u64, &'a str),
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Slug of the publisher of lines that name none.
    pub publisher: Option<String>,
    /// Say what would happen, write nothing.
    pub dry_run: bool,
    /// The zone of times without an offset.
    pub zone: TimeZone,
}

/// A line that was read, and where it stands in the file.
struct Numbered {
    at: u64,
    line: Line,
}

/// Reads `reader` to its end, some hundred lines a transaction. A comment that is there is not written
/// again: importing a file twice changes nothing. Reads with blocking calls: for the command line.
///
/// # Errors
/// When reading or the database fails; what was committed before stays.
pub async fn run(
    pool: &Pool,
    mut reader: impl BufRead,
    wanted: &Wanted,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Summary> {
    let mut conn = db::get(pool).await?;
    let mut names = Names::default();
    let (mut summary, mut done, mut text) = (Summary::default(), 0, Vec::new());
    loop {
        let mut batch = Vec::new();
        let mut ended = false;
        while batch.len() < BATCH {
            text.clear();
            if reader.read_until(b'\n', &mut text).map_err(Error::internal)? == 0 {
                ended = true;
                break;
            }
            done += 1;
            let Ok(written) = std::str::from_utf8(&text) else {
                summary.invalid += 1;
                progress(Progress::Refused(done, "is not UTF-8"));
                continue;
            };
            if written.trim().is_empty() {
                continue;
            }
            match Line::read(written, LINE_BYTES, &wanted.zone) {
                Ok(line) => batch.push(Numbered { at: done, line }),
                Err(why) => {
                    summary.invalid += 1;
                    progress(Progress::Refused(done, &why));
                }
            }
        }
        let old = olds(&mut conn, batch, wanted, &mut names, &mut summary, &mut progress).await?;
        let outcome = db::transaction(&mut conn, async |conn| {
            let outcome = import::write(conn, &old).await?;
            if wanted.dry_run { Err(Undo(Ok(outcome))) } else { Ok(outcome) }
        })
        .await;
        let outcome = outcome.or_else(|undo: Undo| undo.0)?;
        summary.created += outcome.created;
        summary.updated += outcome.updated;
        summary.unchanged += old.len() as u64 - outcome.created - outcome.updated;
        progress(Progress::Done(done));
        if ended {
            return Ok(summary);
        }
    }
}

/// Ends a transaction without its effects.
struct Undo(Result<import::Outcome>);

impl From<diesel::result::Error> for Undo {
    fn from(error: diesel::result::Error) -> Self {
        Self(Err(error.into()))
    }
}

impl db::Lost for Undo {
    fn is_lost(&self) -> bool {
        self.0.as_ref().is_err_and(db::Lost::is_lost)
    }
}

/// How often each text stood in the file so far, where comments have no names.
#[derive(Default)]
struct Names(HashMap<[u8; 16], u32>);

impl Names {
    /// The line's own name, or one made of what it says; the same in every run over the same file.
    fn of(&mut self, article: ArticleId, line: &Line) -> String {
        if let Some(name) = &line.external_id {
            return name.clone();
        }
        let author = line.author.as_deref().unwrap_or_default();
        let what = format!("{article}\0{}\0{author}\0{}", line.at, line.text);
        let digest = Sha256::digest(what.as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        let times = self.0.entry(first).or_default();
        *times += 1;
        format!("{:032x}-{times}", u128::from_be_bytes(first))
    }
}

/// The comments of a batch of lines, with their articles found and their texts checked.
async fn olds(
    conn: &mut db::Conn,
    batch: Vec<Numbered>,
    wanted: &Wanted,
    names: &mut Names,
    summary: &mut Summary,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<Vec<Old>> {
    let keys: Vec<_> = batch
        .iter()
        .map(|n| {
            let publisher = n.line.publisher.clone().or_else(|| wanted.publisher.clone());
            (n.line.article.clone(), publisher)
        })
        .collect();
    let found = import::articles(conn, &keys).await?;
    let mut old = Vec::with_capacity(batch.len());
    for (Numbered { at, line }, found) in batch.into_iter().zip(found) {
        let article = match found {
            Found::One(article) => article,
            Found::None | Found::Many => {
                summary.unknown += 1;
                let why = if found == Found::None {
                    "names no article that is here"
                } else {
                    "names articles of several publishers: say which with --publisher"
                };
                progress(Progress::Refused(at, why));
                continue;
            }
        };
        // Exports keep the line breaks of Windows.
        match body::parse(&line.text.replace("\r\n", "\n"), LENGTH_MAX) {
            Err(fault) => {
                summary.invalid += 1;
                progress(Progress::Refused(at, &format!("text {}: {fault}", fault.code())));
            }
            Ok(text) => old.push(Old {
                id: CommentId::at(line.at),
                article,
                external_id: names.of(article, &line),
                parent: line.parent,
                author: line.author,
                body: text,
                at: line.at,
                up: line.up,
                down: line.down,
            }),
        }
    }
    Ok(old)
}
