//! The history of an article: every revision as it was written, and what each changed.

use super::input::ArticleInput;
use crate::{clock::Timestamp, db::Prepare, error::Result, ids::ArticleId};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Int4, Jsonb, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One revision in the history of an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revision {
    /// Its number, from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(2))]
    pub revision: i32,
    /// Name of the key that wrote it.
    #[schema(max_length = 200, examples("하늘일보 CMS"))]
    pub written_by: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// Whether it is the present one.
    #[schema(examples(true))]
    pub current: bool,
}

crate::page::page_type! {
    /// One page of an article's history, newest first.
    RevisionPage of Revision
}

/// One revision whole, and what it changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionDetail {
    /// Number, writer and time.
    #[serde(flatten)]
    pub revision: Revision,
    /// The content, as one would send it.
    #[schema(value_type = ArticleInput)]
    pub content: Value,
    /// What differs from the revision before; empty for the first, and where only the status changed.
    #[schema(max_items = 1000)]
    pub changes: Vec<Change>,
}

/// One difference between two revisions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// JSON pointer to the member that differs; `/body/3` is the fourth block.
    #[schema(max_length = 2000, examples("/headline"))]
    pub pointer: String,
    /// What stood there before; `null` when nothing did.
    #[schema(required)]
    pub before: Value,
    /// What stands there now; `null` when nothing does.
    #[schema(required)]
    pub after: Value,
}

/// What differs, member by member; lists of blocks are aligned so that one inserted block is one change.
#[must_use]
pub fn diff(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let empty = serde_json::Map::new();
    let (old, new) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let mut names: Vec<_> =
        old.keys().chain(new.keys().filter(|k| !old.contains_key(*k))).collect();
    names.sort();
    for name in names {
        let (b, a) = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
        match (b, a) {
            (Value::Array(b), Value::Array(a)) if name == "body" => blocks(b, a, &mut changes),
            (b, a) if b != a => changes.push(Change {
                pointer: format!("/{name}"),
                before: b.clone(),
                after: a.clone(),
            }),
            _ => {}
        }
    }
    changes
}

fn blocks(before: &[Value], after: &[Value], changes: &mut Vec<Change>) {
    use similar::{Algorithm, DiffOp, capture_diff_slices};
    let text = |blocks: &[Value]| blocks.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (old, new) = (text(before), text(after));
    let at = |n: usize| format!("/body/{n}");
    let get = |blocks: &[Value], n: usize| blocks.get(n).cloned().unwrap_or(Value::Null);
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { old_index, old_len, new_index } => {
                changes.extend((0..old_len).map(|n| Change {
                    pointer: at(new_index),
                    before: get(before, old_index + n),
                    after: Value::Null,
                }));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                changes.extend((0..new_len).map(|n| Change {
                    pointer: at(new_index + n),
                    before: Value::Null,
                    after: get(after, new_index + n),
                }));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                changes.extend((0..old_len.max(new_len)).map(|n| Change {
                    pointer: at(new_index + n.min(new_len.saturating_sub(1))),
                    before: if n < old_len { get(before, old_index + n) } else { Value::Null },
                    after: if n < new_len { get(after, new_index + n) } else { Value::Null },
                }));
            }
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Int4)]
    revision: i32,
    #[diesel(sql_type = Text)]
    written_by: String,
    #[diesel(sql_type = Timestamptz)]
    written_at: Timestamp,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    current: bool,
}

impl From<Line> for Revision {
    fn from(row: Line) -> Self {
        Self {
            revision: row.revision,
            written_by: row.written_by,
            written_at: row.written_at,
            current: row.current,
        }
    }
}

/// Revisions strictly beyond `from`, newest first or, when `ascending`, oldest first.
///
/// # Errors
/// What the database says.
pub async fn list(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    from: Option<i64>,
    ascending: bool,
    limit: i64,
) -> Result<Vec<Revision>> {
    let (sql, start) = if ascending {
        (include_str!("sql/revisions_up.sql"), 0)
    } else {
        (include_str!("sql/revisions_down.sql"), i64::from(i32::MAX))
    };
    let rows: Vec<Line> = diesel::sql_query(sql)
        .bind::<Uuid, _>(article)
        .bind::<BigInt, _>(from.unwrap_or(start))
        .bind::<BigInt, _>(limit)
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(Revision::from).collect())
}

#[derive(QueryableByName)]
struct ContentRow {
    #[diesel(embed)]
    line: Line,
    #[diesel(sql_type = Jsonb)]
    content: Value,
}

/// Revision $2 of an article and the one before it, newest first.
const REVISION: &str = concat!(
    "select revision, written_by, written_at, current, content from (\
     select r.revision, r.written_by, r.written_at, false as current, r.content \
     from article_revisions r where r.article_id = $1 and r.revision between $2 - 1 and $2 \
     union all \
     select a.revision, a.written_by, a.updated_at, true, present.content from articles a join (",
    include_str!("sql/content.sql"),
    "where a.id = $1) present on present.id = a.id \
     where a.id = $1 and a.revision between $2 - 1 and $2) history order by revision desc"
);

/// A revision whole; `None` when there is none of that number.
///
/// # Errors
/// What the database says.
pub async fn find(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    revision: i32,
) -> Result<Option<RevisionDetail>> {
    // This one and the one before it, which the difference is taken from.
    let rows: Vec<ContentRow> = diesel::sql_query(REVISION)
        .bind::<Uuid, _>(article)
        .bind::<Int4, _>(revision)
        .prepared()
        .load(&mut conn)
        .await?;
    let mut rows = rows.into_iter();
    let Some(this) = rows.next().filter(|row| row.line.revision == revision) else {
        return Ok(None);
    };
    let changes = rows.next().map(|before| diff(&before.content, &this.content));
    Ok(Some(RevisionDetail {
        revision: this.line.into(),
        content: this.content,
        changes: changes.unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_inserted_block_is_one_change_and_not_all_that_follow() {
        let p = |text: &str| json!({"type": "paragraph", "text": text});
        let before = json!({"headline": "a", "body": [p("1"), p("2"), p("3")]});
        let after = json!({"headline": "b", "body": [p("1"), p("new"), p("2"), p("3")]});
        let changes = diff(&before, &after);
        let pointers: Vec<_> = changes.iter().map(|change| change.pointer.as_str()).collect();
        assert_eq!(pointers, ["/body/1", "/headline"]);
    }

    #[test]
    fn equal_content_has_no_changes() {
        let content = json!({"headline": "a", "body": []});
        assert_eq!(diff(&content, &content), []);
    }
}
