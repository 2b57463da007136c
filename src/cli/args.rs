use crate::{
    http::auth::{Role, Scope},
    openapi::Served,
};
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The backend a news portal runs on.
///
/// Settings come from SOSIK_… variables and an optional TOML file; `sosik config` prints them.
#[derive(Debug, Parser)]
#[command(name = "sosik", version, arg_required_else_help = true)]
pub struct Args {
    /// A TOML file of settings; variables win over it.
    #[arg(long, env = "SOSIK_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, with its database unless DATABASE_URL names one.
    Serve {
        /// Load the demo edition into a database that has no articles.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database to this version's schema (serve does it by itself).
    Migrate,
    /// Import articles: NDJSON, RSS, Atom or JSON Feed.
    Import(Import),
    /// Keys of integrators, accounts of staff.
    #[command(subcommand)]
    Admin(Admin),
    /// Figures counted elsewhere.
    #[command(subcommand)]
    Counters(Counters),
    /// Boards.
    #[command(subcommand)]
    Rankings(Rankings),
    /// Run a click log of elsewhere through the rankings; needs no database and no settings.
    Replay(Replay),
    /// Stories: articles that tell one report.
    #[command(subcommand)]
    Stories(Stories),
    /// Print the OpenAPI document.
    Openapi {
        #[arg(long, value_enum, default_value = "json")]
        format: DocumentFormat,
    },
    /// Print the settings in force, without secrets.
    Config,
}

#[derive(Debug, clap::Args)]
pub struct Import {
    /// The file; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// What stands in it.
    #[arg(long, value_enum, default_value = "articles")]
    pub kind: ImportKind,
    /// Slug or name of the publisher of items that name none.
    #[arg(long)]
    pub publisher: Option<String>,
    /// Slug or name of the category of items that name none.
    #[arg(long)]
    pub category: Option<String>,
    /// Say what would happen, write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the result as one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// Articles: RSS, Atom, JSON Feed or NDJSON.
    Articles,
    /// Old comments: NDJSON, plain or gzip, with article_id (or the publisher's own id), body,
    /// created_at, and if known external_id, parent_id, author, up, down.
    Comments,
}

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create a key and print it once, on standard output.
    CreateKey {
        /// What the key is for.
        #[arg(long)]
        name: String,
        /// What it may do: articles:write, rankings:curate, comments:moderate, admin. Repeat for several.
        #[arg(long = "scope", required = true, value_name = "SCOPE")]
        scopes: Vec<Scope>,
        /// Bind it to one publisher (slug), which is created when there is none of this name.
        #[arg(long, value_name = "SLUG")]
        publisher: Option<String>,
        /// When it expires, as RFC 3339; never when left out.
        #[arg(long, value_name = "INSTANT")]
        expires_at: Option<String>,
    },
    /// List keys, without their secrets.
    ListKeys,
    /// Revoke a key, by its id or the beginning of the key.
    RevokeKey {
        /// The id, or the first characters that list-keys shows.
        key: String,
    },
    /// Create an account with roles and print its password once, on standard output.
    CreateStaff {
        /// The address of mail to log in with.
        #[arg(long)]
        email: String,
        /// What the account is: editor, moderator, admin. Repeat for several.
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<Role>,
        /// What others see; what stands before the @ when left out.
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
    /// Give an account these roles and no others; none makes a reader of it.
    SetRoles {
        /// The account's address of mail.
        #[arg(long)]
        email: String,
        /// What the account is: editor, moderator, admin. Repeat for several.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
    },
    /// Print a token once, on standard output, with which an account sets a new password.
    ResetPassword {
        /// The account's address of mail.
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Counters {
    /// Import figures of a day: NDJSON or CSV with publisher, external_id (or article_id) and views.
    Import {
        /// The file; `-` for standard input.
        #[arg(value_name = "FILE")]
        file: String,
        /// The moment the figures speak of: they count for the day that ends then or that it lies in.
        #[arg(long, value_name = "INSTANT")]
        as_of: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Rankings {
    /// Compute the boards as of a moment, now when left out.
    Refresh {
        /// RFC 3339, or a date: the end of that day.
        #[arg(long, value_name = "INSTANT")]
        at: Option<String>,
        /// Leave out what closed and is settled, as the server's own rounds do.
        #[arg(long, conflicts_with = "at")]
        due: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct Replay {
    /// What the log is.
    #[arg(long, value_enum)]
    pub format: LogFormat,
    /// The file, gzip or plain; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Clicks of this first stretch are learnt from and not judged.
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub warm_up: String,
    /// The zone whose full hours end the windows of most_viewed.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Seoul")]
    pub time_zone: String,
    /// Of a log of days, this one alone.
    #[arg(long, value_name = "DATE")]
    pub day: Option<jiff::civil::Date>,
    /// Print the result as one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Impressions and clicks of the Microsoft News Dataset.
    Mind,
    /// Daily ranking pages, each section's 30 most viewed and most commented.
    Naver,
    /// Cumulative counts for each 20 minutes, from UCI's News Popularity set.
    Uci,
}

#[derive(Debug, Subcommand)]
pub enum Stories {
    /// Compare every published article with the others, oldest first: after an upgrade from a version
    /// without stories, or with another rule. Again it changes nothing; editors' decisions stay.
    Rebuild,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DocumentFormat {
    Json,
    Yaml,
}

impl DocumentFormat {
    pub fn of(self, document: &Served) -> &[u8] {
        match self {
            Self::Json => &document.json.bytes,
            Self::Yaml => &document.yaml.bytes,
        }
    }
}
