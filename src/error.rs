//! What can go wrong, named once. HTTP statuses and titles are `http::problem`'s business; causes go
//! to the log and never to a client.

mod faults;
mod message;

pub use faults::{Broken, Fault, Faults, Place};
pub use message::{Lang, Message};

/// Every kind of problem the API can answer with. Clients switch on its name; each has one row in
/// `http::problem`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described in http::problem's table")]
pub enum Code {
    MalformedRequest,
    MalformedJson,
    MalformedCursor,
    Unauthenticated,
    InvalidCredentials,
    InsufficientScope,
    WrongPublisher,
    NotAReader,
    AccountNeeded,
    AccountSuspended,
    AccountBanned,
    WrongPassword,
    RegistrationClosed,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    SlugTaken,
    ExternalIdTaken,
    EmailTaken,
    NameTaken,
    NoPassword,
    LastAdmin,
    StateConflict,
    NotEmpty,
    IdempotencyInFlight,
    SecretAlreadyIssued,
    Withdrawn,
    PreconditionFailed,
    PayloadTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    Invalid,
    IdempotencyKeyReused,
    PreconditionRequired,
    CommentsClosed,
    CommentRefused,
    EditWindowOver,
    OwnComment,
    NotYours,
    CommentRemoved,
    QuotaUsedUp,
    TooManyStreams,
    RateLimited,
    LoginDelayed,
    HeadersTooLarge,
    Internal,
    Unavailable,
}

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failure a caller may see.
#[derive(Debug)]
pub struct Error {
    /// Which problem it is.
    pub code: Code,
    /// What happened this time; the problem's own description when absent.
    pub detail: Option<Message>,
    /// Each fault of an invalid input.
    pub faults: Faults,
    /// Seconds after which a retry makes sense.
    pub retry_after_s: Option<u64>,
    /// Members of the problem object beyond the standard ones, such as a tombstone.
    pub extension: Option<(&'static str, serde_json::Value)>,
    /// Headers that belong to the problem, such as the current `ETag`.
    pub headers: Vec<(&'static str, String)>,
    /// The cause, for the log alone.
    pub source: Option<Source>,
}

/// The result of anything a caller may see fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A problem that its code says whole.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self {
            code,
            detail: None,
            faults: Faults::default(),
            retry_after_s: None,
            extension: None,
            headers: Vec::new(),
            source: None,
        }
    }

    /// A problem with a sentence about this occurrence.
    #[must_use]
    pub fn new(code: Code, detail: Message) -> Self {
        Self { detail: Some(detail), ..Self::plain(code) }
    }

    /// Nothing of this name is visible to the caller.
    #[must_use]
    pub fn not_found(what: What) -> Self {
        let (en, ko) = what.names();
        Self::new(
            Code::NotFound,
            Message::new(format!("There is no such {en}."), format!("해당 {ko} 없습니다.")),
        )
    }

    /// Well-formed but invalid input, with all its faults.
    #[must_use]
    pub fn invalid(faults: Faults) -> Self {
        Self { faults, ..Self::plain(Code::Invalid) }
    }

    /// A defect on our side.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self { source: Some(source.into()), ..Self::plain(Code::Internal) }
    }

    /// Something needed is away for a moment; the same request may succeed soon.
    pub fn unavailable(source: impl Into<Source>) -> Self {
        Self {
            source: Some(source.into()),
            retry_after_s: Some(1),
            ..Self::plain(Code::Unavailable)
        }
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a member to the problem object.
    #[must_use]
    pub fn with_extension(mut self, name: &'static str, value: serde_json::Value) -> Self {
        self.extension = Some((name, value));
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {}", detail.en)?;
        }
        for fault in &self.faults.0 {
            write!(f, "; {} {}", fault.place, fault.detail.en)?;
        }
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::invalid(faults)
    }
}

impl From<diesel::result::Error> for Error {
    /// Has no arm for `NotFound` on purpose: only the caller knows *what* was missing.
    fn from(error: diesel::result::Error) -> Self {
        if is_passing(&error) { Self::unavailable(error) } else { Self::internal(error) }
    }
}

/// Whether the database may well answer a moment later: lost connections, restarts, timeouts, full pools.
fn is_passing(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Kind, Error as Db};
    // diesel-async hands on no SQLSTATE for these; connections are opened with `lc_messages=C`.
    const PASSING: [&str; 9] = [
        "terminating connection",
        "the database system is",
        "canceling statement due to",
        "canceling authentication due to",
        "deadlock detected",
        "too many clients",
        "remaining connection slots",
        "cannot execute",
        "could not extend file",
    ];
    match error {
        Db::DatabaseError(Kind::ClosedConnection | Kind::SerializationFailure, _) => true,
        Db::DatabaseError(Kind::UnableToSendCommand, info) => {
            !info.message().starts_with("error serializing")
                && !info.message().starts_with("error deserializing")
        }
        Db::DatabaseError(_, info) => PASSING.iter().any(|text| info.message().starts_with(text)),
        Db::BrokenTransactionManager => true,
        Db::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_passing(rollback_error) || is_passing(commit_error)
        }
        _ => false,
    }
}

/// Whether a whole transaction may be tried again at once: a deadlock or a serialization failure.
#[must_use]
pub fn is_retryable(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Kind, Error as Db};
    match error {
        Db::DatabaseError(Kind::SerializationFailure, _) => true,
        Db::DatabaseError(_, info) => info.message().starts_with("deadlock detected"),
        _ => false,
    }
}

/// The things that can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum What {
    Account,
    Article,
    Author,
    ApiKey,
    Appeal,
    Board,
    Category,
    Comment,
    Correction,
    Import,
    Override,
    Page,
    Problem,
    Publisher,
    Resource,
    Revision,
    Rule,
    Sanction,
    Schedule,
    Session,
    Snapshot,
    Story,
    Tag,
}

impl What {
    /// English noun, and Korean noun with its subject particle.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Account => ("account", "계정이"),
            Self::Article => ("article", "기사가"),
            Self::Author => ("author", "기자가"),
            Self::ApiKey => ("API key", "API 키가"),
            Self::Board => ("board", "랭킹이"),
            Self::Category => ("category", "분류가"),
            Self::Appeal => ("appeal", "이의 제기가"),
            Self::Comment => ("comment", "댓글이"),
            Self::Correction => ("correction", "정정 보도가"),
            Self::Import => ("import", "가져오기 작업이"),
            Self::Override => ("override", "편집 결정이"),
            Self::Page => ("page", "페이지가"),
            Self::Problem => ("problem code", "오류 코드가"),
            Self::Publisher => ("publisher", "언론사가"),
            Self::Resource => ("resource", "자원이"),
            Self::Revision => ("revision", "판이"),
            Self::Rule => ("rule", "규칙이"),
            Self::Sanction => ("sanction", "제재가"),
            Self::Schedule => ("schedule", "예약이"),
            Self::Session => ("session", "로그인 기록이"),
            Self::Snapshot => ("snapshot", "랭킹 기록이"),
            Self::Story => ("story", "스토리가"),
            Self::Tag => ("tag", "태그가"),
        }
    }
}

/// Names what a query looked for, at the one place that knows it.
pub trait OrNotFound<T> {
    /// # Errors
    /// [`Code::NotFound`] for an empty answer, otherwise what the database said.
    fn or_not_found(self, what: What) -> Result<T>;
}

impl<T> OrNotFound<T> for diesel::QueryResult<T> {
    fn or_not_found(self, what: What) -> Result<T> {
        match self {
            Err(diesel::NotFound) => Err(Error::not_found(what)),
            other => other.map_err(Error::from),
        }
    }
}

impl<T> OrNotFound<T> for diesel::QueryResult<Option<T>> {
    fn or_not_found(self, what: What) -> Result<T> {
        self?.ok_or_else(|| Error::not_found(what))
    }
}
