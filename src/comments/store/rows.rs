//! A comment as it is read.

use crate::{
    clock::Timestamp,
    comments::model::{Comment, CommentAuthor, Status, VoteCounts},
    ids::{AccountId, ArticleId, CommentId},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// The columns of [`Row`], from `comments c` and `accounts a`.
pub const COLUMNS: &str = "c.id, c.article_id, c.parent_id, c.root_id, c.path, c.account_id,
    coalesce(a.display_name, c.author_name) as author_name, a.erased_at is not null as erased,
    c.body, c.status, c.listed, c.due_at, c.reason_code, c.pinned, c.up, c.down, c.replies,
    c.edited_at, c.created_at";

/// A comment with its author's name.
#[derive(Debug, Clone, QueryableByName)]
#[expect(missing_docs, reason = "the columns; the view documents them")]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: CommentId,
    #[diesel(sql_type = SqlUuid)]
    pub article_id: ArticleId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub parent_id: Option<CommentId>,
    #[diesel(sql_type = SqlUuid)]
    pub root_id: CommentId,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub path: Vec<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub author_name: Option<String>,
    #[diesel(sql_type = Bool)]
    pub erased: bool,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Bool)]
    pub listed: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason_code: Option<String>,
    #[diesel(sql_type = Bool)]
    pub pinned: bool,
    #[diesel(sql_type = Integer)]
    pub up: i32,
    #[diesel(sql_type = Integer)]
    pub down: i32,
    #[diesel(sql_type = Integer)]
    pub replies: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub edited_at: Option<Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

/// A comment and its key in a list.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeyedRow {
    /// The comment.
    #[diesel(embed)]
    pub comment: Row,
    /// Its key in the order of the list.
    #[diesel(sql_type = BigInt)]
    pub key: i64,
    /// Which transactions were over when it was read, as PostgreSQL writes it.
    #[diesel(sql_type = Text)]
    pub seen: String,
}

impl Row {
    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::named(&self.status)
    }

    /// As everybody sees it.
    #[must_use]
    pub fn public(self) -> Comment {
        let shown = self.status() == Status::Visible;
        self.view(shown)
    }

    /// As its author and moderators see it: with its text as long as nobody took that away.
    #[must_use]
    pub fn own(self) -> Comment {
        let shown = self.status() != Status::RemovedByAuthor;
        self.view(shown)
    }

    fn view(self, shown: bool) -> Comment {
        let status = self.status();
        let id = self.account_id.filter(|_| !self.erased);
        Comment {
            id: self.id,
            article_id: self.article_id,
            parent_id: self.parent_id,
            root_id: self.root_id,
            depth: u8::try_from(self.path.len()).unwrap_or(u8::MAX),
            author: shown.then_some(CommentAuthor { id, display_name: self.author_name }),
            body: shown.then_some(self.body),
            status,
            pinned: self.pinned,
            edited_at: self.edited_at,
            created_at: self.created_at,
            votes: VoteCounts { up: self.up, down: self.down },
            reply_count: self.replies,
        }
    }
}
