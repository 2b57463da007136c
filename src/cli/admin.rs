use super::{Failure, args::Admin, database, staff};
use crate::{
    accounts::{
        model::{KEY_NAME_MAX, NewKey},
        store,
    },
    clock::{Clock, Timestamp},
    config::Settings,
    db::{self, Pool},
    http::auth::Scope,
    publishers,
    text::{line, slugify},
};

/// Keys: created, listed, revoked. Staff: created, given roles and new passwords.
pub fn run(settings: &Settings, command: Admin) -> Result<(), Failure> {
    database::with(settings, async |pool, _| match command {
        Admin::CreateKey { name, scopes, publisher, expires_at } => {
            create(&pool, name, scopes, publisher, expires_at).await
        }
        Admin::ListKeys => list(&pool).await,
        Admin::RevokeKey { key } => revoke(&pool, &key).await,
        Admin::CreateStaff { email, roles, display_name } => {
            staff::create(&pool, settings, email, roles, display_name).await
        }
        Admin::SetRoles { email, roles } => staff::set_roles(&pool, email, roles).await,
        Admin::ResetPassword { email } => staff::reset_password(&pool, settings, email).await,
    })
}

async fn create(
    pool: &Pool,
    name: String,
    scopes: Vec<Scope>,
    publisher: Option<String>,
    expires_at: Option<String>,
) -> Result<(), Failure> {
    let now = Clock::system().now();
    let name = line::<KEY_NAME_MAX>(name).map_err(|fault| format!("--name: {fault}"))?;
    let expires_at = match expires_at {
        Some(text) => {
            let at: Timestamp = text.parse().map_err(|_| {
                format!("--expires-at {text}: must be an instant such as 2027-01-01T00:00:00Z")
            })?;
            if at <= now {
                return Err(format!("--expires-at {text}: is past").into());
            }
            Some(at)
        }
        None => None,
    };
    let mut conn = db::get(pool).await?;
    let secret = db::transaction(&mut conn, async |conn| {
        let publisher = match &publisher {
            None => None,
            Some(named) => {
                let wanted = [(slugify(named, 120), named.clone())];
                let found = publishers::store::create_missing(conn, &wanted, now).await?;
                found.into_iter().next().map(|row| row.id)
            }
        };
        let new = NewKey { name: name.clone(), scopes: scopes.clone(), publisher, expires_at };
        let (id, secret) = store::create(conn, &new, now).await?;
        Ok::<_, crate::error::Error>((id, secret))
    })
    .await?;
    eprintln!("key {} created; it is shown this once:", secret.0);
    println!("{}", secret.1.reveal());
    Ok(())
}

async fn list(pool: &Pool) -> Result<(), Failure> {
    let conn = db::get(pool).await?;
    let now = Clock::system().now();
    println!(
        "{:36}  {:14}  {:9}  {:24}  {:16}  name",
        "id", "begins", "state", "scopes", "publisher"
    );
    for key in store::list(&conn).await? {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(at)) if at <= now => "expired",
            _ => "valid",
        };
        println!(
            "{}  {:14}  {:9}  {:24}  {:16}  {}",
            key.id,
            key.prefix,
            state,
            key.scopes.join(","),
            key.publisher.as_deref().unwrap_or("-"),
            key.name
        );
    }
    Ok(())
}

async fn revoke(pool: &Pool, text: &str) -> Result<(), Failure> {
    let mut conn = db::get(pool).await?;
    let named = store::named(&conn, text).await?;
    let [key] = named.as_slice() else {
        return Err(match named.len() {
            0 => format!("no key {text:?}; `sosik admin list-keys` shows them"),
            n => format!("{n} keys begin with {text:?}; name one by its id"),
        }
        .into());
    };
    store::revoke(&mut conn, key.id, Clock::system().now()).await?;
    println!("revoked {} ({})", key.id, key.name);
    Ok(())
}
