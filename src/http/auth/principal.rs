//! Who may call: keys of integrators and accounts of people, with what each may do.

use crate::{
    clock::Timestamp,
    error::{Code, Error, Faults, Result},
    ids::{AccountId, ApiKeyId, PublisherId, SessionId},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// Declares a closed set of words that keep their spelling on the wire and in the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $schema:ident { $($(#[$value_doc:meta])* $value:ident = $word:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, deserr::Deserr, ToSchema)]
        #[deserr(error = Faults)]
        #[schema(as = $schema)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $word)] #[deserr(rename = $word)] $value,)+
        }

        impl $name {
            /// Every one by its name.
            pub const ALL: &[(&'static str, Self)] = &[$(($word, Self::$value),)+];

            /// Its name on the wire.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|(name, _)| *name == text);
                found.map(|(_, value)| *value).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|(name, _)| *name).collect();
                    format!("unknown word {text:?}; known are {}", known.join(", "))
                })
            }
        }
    };
}

words! {
    /// What a key may do.
    Scope as KeyScope {
        /// Write, publish and withdraw articles; read drafts.
        ArticlesWrite = "articles:write",
        /// Pin and exclude articles on boards, put stories together and take them apart.
        RankingsCurate = "rankings:curate",
        /// Decide about comments and those who write them; keep the rules that hold comments.
        CommentsModerate = "comments:moderate",
        /// Everything, the catalogue and keys included.
        Admin = "admin",
    }
}

words! {
    /// What a member of the staff may do besides what every reader may.
    Role as Role {
        /// Write articles and curate boards: `articles:write` and `rankings:curate`.
        Editor = "editor",
        /// Moderate comments: `comments:moderate`.
        Moderator = "moderator",
        /// Everything: `admin`.
        Admin = "admin",
    }
}

impl Role {
    /// The scopes that a role holds.
    #[must_use]
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Editor => &[Scope::ArticlesWrite, Scope::RankingsCurate],
            Self::Moderator => &[Scope::CommentsModerate],
            Self::Admin => &[Scope::Admin],
        }
    }
}

/// Someone with an account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Empty for readers who are not staff.
    pub roles: Vec<Role>,
    /// The log-in whose access token was shown; none for tokens of an external issuer.
    pub session: Option<SessionId>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// While set, it may read and keep its own data, and take part in nothing.
    pub suspended_until: Option<Timestamp>,
}

/// Whether a key or a person calls.
#[derive(Debug, Clone)]
pub enum Who {
    /// The key of an integrator.
    Key(ApiKeyId),
    /// Someone with an account.
    Account(Account),
}

/// Who is behind a valid token.
#[derive(Debug, Clone)]
pub struct Principal {
    /// A key or an account.
    pub who: Who,
    /// The key's name or the account's display name, for records of who did what.
    pub name: String,
    /// What it may do; what an account's roles grant.
    pub scopes: Vec<Scope>,
    /// The one publisher it is bound to, if any.
    pub publisher: Option<PublisherId>,
}

impl Principal {
    /// Someone with an account, and what their roles grant.
    #[must_use]
    pub fn of(account: Account, name: String) -> Self {
        let scopes = account.roles.iter().flat_map(|role| role.scopes()).copied().collect();
        Self { who: Who::Account(account), name, scopes, publisher: None }
    }

    /// The id of the key or the account.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match &self.who {
            Who::Key(id) => id.0,
            Who::Account(account) => account.id.0,
        }
    }

    /// Whether it holds `scope`; `admin` holds all.
    #[must_use]
    pub fn holds(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|held| *held == scope || *held == Scope::Admin)
    }

    /// Whether it may touch what belongs to `publisher`.
    #[must_use]
    pub fn covers(&self, publisher: PublisherId) -> bool {
        self.publisher.is_none_or(|own| own == publisher)
    }

    /// # Errors
    /// 403 for another publisher's.
    pub fn must_cover(&self, publisher: PublisherId) -> Result<()> {
        if self.covers(publisher) { Ok(()) } else { Err(Error::plain(Code::WrongPublisher)) }
    }

    /// # Errors
    /// 403 for a key that is bound to one publisher.
    pub fn must_be_unbound(&self) -> Result<()> {
        if self.publisher.is_none() { Ok(()) } else { Err(Error::plain(Code::WrongPublisher)) }
    }
}
