//! Figures from elsewhere: NDJSON, or CSV with a header, one article a line.

use crate::ids::ArticleId;
use serde::Deserialize;
use std::io::{self, BufRead, Read};

/// Views of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Whose.
    pub target: Target,
    /// How many, 0 to [`MOST_VIEWS`].
    pub views: i64,
}

/// How a line names its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// By our id.
    Article(ArticleId),
    /// By its publisher's slug or name, and the publisher's own id.
    External {
        /// Slug, Korean or English name.
        publisher: String,
        /// The publisher's own id.
        external_id: String,
    },
}

/// More views of one article in one day are a mistake.
pub const MOST_VIEWS: i64 = 1_000_000_000_000;

/// Bytes of one NDJSON line.
const LINE_BYTES: u64 = 65_536;

/// One line that is not blank.
#[derive(Debug)]
pub struct Entry {
    /// Counted from 1.
    pub line: u64,
    /// What it says, or what is wrong with it.
    pub figure: Result<Figure, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    article_id: Option<ArticleId>,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    external_id: Option<String>,
    views: i64,
}

impl TryFrom<Line> for Figure {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, String> {
        if !(0..=MOST_VIEWS).contains(&line.views) {
            return Err(format!("views must be 0 to {MOST_VIEWS}"));
        }
        let target = match (line.article_id, line.publisher, line.external_id) {
            (Some(id), None, None) => Target::Article(id),
            (None, Some(publisher), Some(external_id)) => {
                Target::External { publisher, external_id }
            }
            _ => return Err("give either article_id, or publisher and external_id".into()),
        };
        Ok(Self { target, views: line.views })
    }
}

/// The entries of a file, read as they are asked for.
pub struct Figures<R: BufRead>(Source<R>);

enum Source<R: BufRead> {
    Ndjson { reader: R, line: u64 },
    Csv(Box<csv::DeserializeRecordsIntoIter<R, Line>>),
}

impl<R: BufRead> Figures<R> {
    /// Tells the format by the first character: `{` begins NDJSON.
    ///
    /// # Errors
    /// When reading fails, or a CSV header names other columns than ours.
    pub fn new(mut reader: R) -> io::Result<Self> {
        match first(&mut reader)? {
            None | Some(b'{') => Ok(Self(Source::Ndjson { reader, line: 0 })),
            Some(_) => {
                let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader);
                header(csv.headers()?)?;
                Ok(Self(Source::Csv(Box::new(csv.into_deserialize()))))
            }
        }
    }
}

/// The first byte after a byte order mark, left in place.
fn first(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    Ok(reader.fill_buf()?.first().copied())
}

fn header(names: &csv::StringRecord) -> io::Result<()> {
    const KNOWN: [&str; 4] = ["article_id", "publisher", "external_id", "views"];
    let has = |name| names.iter().any(|given| given == name);
    let known = names.iter().all(|name| KNOWN.contains(&name));
    let enough = has("views") && (has("article_id") || (has("publisher") && has("external_id")));
    if known && enough {
        return Ok(());
    }
    let text =
        "the header must name views, and article_id or publisher and external_id; nothing else";
    Err(io::Error::new(io::ErrorKind::InvalidData, text))
}

impl<R: BufRead> Iterator for Figures<R> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Ndjson { reader, line } => loop {
                let bytes = match next_line(reader) {
                    Ok(Some(bytes)) => bytes,
                    Ok(None) => return None,
                    Err(error) => return Some(Err(error)),
                };
                *line += 1;
                if bytes.len() as u64 > LINE_BYTES {
                    let figure = Err(format!("longer than {LINE_BYTES} bytes"));
                    return Some(Ok(Entry { line: *line, figure }));
                }
                if bytes.trim_ascii().is_empty() {
                    continue;
                }
                let figure = serde_json::from_slice::<Line>(&bytes)
                    .map_err(|error| error.to_string())
                    .and_then(Figure::try_from);
                return Some(Ok(Entry { line: *line, figure }));
            },
            Source::Csv(records) => {
                let record = records.next()?;
                let line = records.reader().position().line().saturating_sub(1);
                match record {
                    Err(error) if error.is_io_error() => Some(Err(error.into())),
                    Err(error) => Some(Ok(Entry { line, figure: Err(error.to_string()) })),
                    Ok(record) => Some(Ok(Entry { line, figure: record.try_into() })),
                }
            }
        }
    }
}

/// Up to one byte more than a line may have; the rest of a longer one is skipped.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(LINE_BYTES + 1).read_until(b'\n', &mut bytes)?;
    if read as u64 > LINE_BYTES && bytes.last() != Some(&b'\n') {
        reader.skip_until(b'\n')?;
    }
    Ok((read > 0).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, Result<i64, ()>)> {
        Figures::new(text.as_bytes())
            .expect("a readable file")
            .map(|entry| entry.expect("no failure of reading"))
            .map(|entry| (entry.line, entry.figure.map(|f| f.views).map_err(drop)))
            .collect()
    }

    #[test]
    fn json_lines_and_csv_say_the_same() {
        let json = "{\"publisher\":\"하늘일보\",\"external_id\":\"a,1\",\"views\":7}\n\n\
                    {\"article_id\":\"019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20\",\"views\":0}\n";
        let csv = "\u{feff}publisher,external_id,views,article_id\r\n하늘일보,\"a,1\",7,\r\n\
                   ,,0,019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20\r\n";
        let figures = |text: &str| -> Vec<_> {
            Figures::new(text.as_bytes())
                .expect("a readable file")
                .map(|entry| entry.expect("read").figure.expect("a figure"))
                .collect()
        };
        assert_eq!(figures(json), figures(csv));
        assert_eq!(figures(json).len(), 2);
    }

    #[test]
    fn a_bad_line_is_named_and_the_next_one_read() {
        let text = format!(
            "{{\"views\":1}}\n{{\"publisher\":\"a\",\"external_id\":\"1\",\"views\":-1}}\nnonsense\n\
             {{\"publisher\":\"a\",\"external_id\":\"1\",\"views\":2,\"likes\":3}}\n{}\n\
             {{\"publisher\":\"a\",\"external_id\":\"1\",\"views\":4}}",
            "x".repeat(70_000)
        );
        let bad = |line| (line, Err(()));
        assert_eq!(read(&text), [bad(1), bad(2), bad(3), bad(4), bad(5), (6, Ok(4))]);
    }

    #[test]
    fn a_header_of_other_columns_is_refused_whole() {
        assert!(Figures::new("id,count\n1,2\n".as_bytes()).is_err());
        assert!(Figures::new("publisher,views\na,2\n".as_bytes()).is_err());
        assert_eq!(read(""), []);
    }
}
