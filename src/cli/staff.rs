use super::Failure;
use crate::{
    accounts::{
        hashing::Hasher,
        model::person::{DisplayName, Email, NAME_MAX},
        secret::{MAILED, Secret, random},
        staff,
        store::{
            mailed,
            people::{self, NewPerson},
        },
    },
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::{Code, Error},
    http::auth::Role,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Makes an account with roles, and prints its password.
pub async fn create(
    pool: &Pool,
    settings: &Settings,
    email: String,
    roles: Vec<Role>,
    name: Option<String>,
) -> Result<(), Failure> {
    let email = address(email)?;
    let local = || email.0.split('@').next().unwrap_or_default().chars().take(NAME_MAX).collect();
    let name = DisplayName::parse(name.unwrap_or_else(local))
        .map_err(|fault| format!("--display-name: {fault}"))?;
    let password = URL_SAFE_NO_PAD.encode(random::<18>()?);
    let hash = Hasher::new(&settings.accounts).hash(&password).await?;
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let new = NewPerson {
        email: Some(&email.0),
        name: &name,
        password_hash: Some(&hash),
        subject: None,
        roles: &names,
    };
    let mut conn = db::get(pool).await?;
    let made = people::insert(&mut conn, &new, Clock::system().now()).await?;
    let id = made.map_err(|taken| match Error::from(taken).code {
        Code::EmailTaken => format!("{} has an account: use set-roles", email.0),
        _ => format!("--display-name {}: somebody has it, or one that looks like it", name.text),
    })?;
    eprintln!(
        "account {} ({}) created; its password is shown this once:",
        id.map(|id| id.to_string()).unwrap_or_default(),
        name.text
    );
    println!("{password}");
    Ok(())
}

/// Gives the account of an address these roles and no others.
pub async fn set_roles(pool: &Pool, email: String, roles: Vec<Role>) -> Result<(), Failure> {
    let (email, now) = (address(email)?, Clock::system().now());
    let mut conn = db::get(pool).await?;
    let row = people::by_email(&conn, &email.0, now).await?;
    let row = row.ok_or_else(|| format!("{} has no account", email.0))?;
    db::transaction(&mut conn, async |conn| staff::set_roles(conn, row.id, &roles, now).await)
        .await
        .map_err(|error| match error.code {
            Code::LastAdmin => "nobody would be left who is an admin".into(),
            _ => Failure::from(error),
        })?;
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let names = if names.is_empty() { "no roles".to_owned() } else { names.join(", ") };
    println!("{} ({}) has {names}", row.id, row.display_name);
    Ok(())
}

/// Prints a token with which the account of an address sets a new password.
pub async fn reset_password(
    pool: &Pool,
    settings: &Settings,
    email: String,
) -> Result<(), Failure> {
    let (email, now) = (address(email)?, Clock::system().now());
    let mut conn = db::get(pool).await?;
    let row = people::by_email(&conn, &email.0, now).await?;
    let row = row.ok_or_else(|| format!("{} has no account", email.0))?;
    let (token, hours) = (Secret::of(MAILED)?, settings.accounts.mailed_hours);
    let end = now.plus_minutes(i64::from(hours) * 60);
    mailed::add_reset(&mut conn, row.id, &token, now, end).await?;
    eprintln!(
        "for {} ({}), valid for {hours} hours, shown this once; POST /v1/auth/password/reset takes it:",
        row.id, row.display_name
    );
    println!("{}", token.reveal());
    Ok(())
}

fn address(email: String) -> Result<Email, Failure> {
    Email::parse(email).map_err(|fault| format!("--email: {fault}").into())
}
