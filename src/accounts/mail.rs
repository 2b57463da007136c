//! Mail that accounts need, sent away from requests: how long an answer takes does not tell whether there
//! was anybody to write to.

use super::{
    secret::{MAILED, Secret},
    store::{mailed, people},
};
use crate::{
    clock::Clock,
    config::{Accounts, Mail, MailTls, Parsed, Settings},
    db::{self, Pool},
    error::{Error, Result},
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::time::Duration;
use tokio::sync::mpsc;

/// Errands that may wait; more are not run.
const WAITING: usize = 256;

/// Mails to one address in an hour.
const HOURLY: i64 = 3;

/// Seconds before each further try to hand a mail over.
const TRIES: [u64; 3] = [0, 2, 20];

/// What somebody asked for.
#[derive(Debug)]
pub enum Errand {
    /// An account; the token was put down with the registration.
    Registration {
        /// Where to.
        email: String,
        /// What shows that the mail arrived.
        token: Secret,
    },
    /// A new password.
    Reset {
        /// Where to, if there is such an account.
        email: String,
    },
}

/// Takes errands and runs them in the background.
#[derive(Clone)]
pub struct Post(Option<mpsc::Sender<Errand>>);

impl Post {
    /// Starts the background on a tokio runtime; without a mail server every errand is dropped.
    #[must_use]
    pub fn start(settings: &Settings, pool: Pool, clock: Clock) -> Self {
        let Some(carrier) = Carrier::new(&settings.mail) else { return Self(None) };
        let (sender, mut errands) = mpsc::channel(WAITING);
        let office = Office { carrier, settings: settings.accounts.clone(), pool, clock };
        tokio::spawn(async move {
            while let Some(errand) = errands.recv().await {
                if let Err(error) = office.run(errand).await {
                    tracing::warn!("could not send a mail: {error}");
                }
            }
        });
        Self(Some(sender))
    }

    /// Whether there is a mail server.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Hands an errand in, and does not wait for it.
    pub fn hand_in(&self, errand: Errand) {
        if let Some(sender) = &self.0
            && sender.try_send(errand).is_err()
        {
            tracing::warn!("too many mails are waiting; one was dropped");
        }
    }
}

struct Office {
    carrier: Carrier,
    settings: Accounts,
    pool: Pool,
    clock: Clock,
}

impl Office {
    async fn run(&self, errand: Errand) -> Result<()> {
        match errand {
            Errand::Registration { email, token } => self.register(&email, &token).await,
            Errand::Reset { email } => self.reset(&email).await,
        }
    }

    async fn register(&self, email: &str, token: &Secret) -> Result<()> {
        let (asked, known) = {
            let (conn, now) = (db::get(&self.pool).await?, self.clock.now());
            let asked = mailed::registrations_since(&conn, email, now.plus_minutes(-60)).await?;
            (asked, people::by_email(&conn, email, now).await?.is_some())
        };
        if asked > HOURLY {
            return Ok(());
        }
        let (subject, text) = match known {
            true => (
                "가입 안내 / About your registration",
                "이 이메일로 가입한 계정이 이미 있습니다. 비밀번호를 잊었다면 다시 정할 수 있습니다.\n\
                 요청하지 않았다면 이 메일을 무시해 주세요.\n\n\
                 There is an account with this address already. If you forgot the password, set a new one.\n\
                 If you did not ask for this, ignore it.\n"
                    .to_owned(),
            ),
            false => (
                "이메일 확인 / Verify your address",
                self.with_token(
                    "가입을 마치려면 아래의 확인 코드를 쓰세요.",
                    "To finish your registration use this.",
                    self.settings.verify_url.as_ref(),
                    token,
                ),
            ),
        };
        self.carrier.send(email, subject, &text).await
    }

    async fn reset(&self, email: &str) -> Result<()> {
        let token = {
            let (mut conn, now) = (db::get(&self.pool).await?, self.clock.now());
            let person = people::by_email(&conn, email, now).await?;
            let Some(person) = person.filter(|person| person.password_hash.is_some()) else {
                return Ok(());
            };
            let asked = mailed::resets_since(&conn, person.id, now.plus_minutes(-60)).await?;
            if asked >= HOURLY {
                return Ok(());
            }
            let token = Secret::of(MAILED)?;
            let end = now.plus_minutes(i64::from(self.settings.mailed_hours) * 60);
            mailed::add_reset(&mut conn, person.id, &token, now, end).await?;
            token
        };
        let text = self.with_token(
            "새 비밀번호를 정하려면 아래의 코드를 쓰세요.",
            "To set a new password use this.",
            self.settings.reset_url.as_ref(),
            &token,
        );
        self.carrier.send(email, "새 비밀번호 / A new password", &text).await
    }

    fn with_token(
        &self,
        ko: &str,
        en: &str,
        page: Option<&Parsed<url::Url>>,
        token: &Secret,
    ) -> String {
        // Behind a `#`: what follows it is in no log of a server, and nothing happens by a GET.
        let shown = match page {
            Some(page) => format!("{}#token={}", page.0, token.reveal()),
            None => token.reveal().to_owned(),
        };
        let hours = self.settings.mailed_hours;
        format!(
            "{ko} {hours}시간 동안 쓸 수 있습니다.\n{en} It is valid for {hours} hours.\n\n{shown}\n\n\
             요청하지 않았다면 이 메일을 무시해 주세요.\nIf you did not ask for this, ignore it.\n"
        )
    }
}

/// Hands mail to a server.
struct Carrier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Carrier {
    fn new(settings: &Mail) -> Option<Self> {
        let host = settings.host.as_ref()?;
        let from = settings.from.as_ref()?.parse().ok()?;
        let tls = || TlsParameters::new(host.clone());
        let tls = match settings.tls {
            MailTls::Starttls => tls().map(Tls::Required),
            MailTls::Tls => tls().map(Tls::Wrapper),
            MailTls::None => Ok(Tls::None),
        };
        let tls = tls.inspect_err(|error| tracing::error!("no mail is sent: {error}")).ok()?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(Duration::from_millis(u64::from(settings.timeout_ms))));
        if let (Some(user), Some(password)) = (&settings.username, &settings.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.0.clone()));
        }
        Some(Self { transport: builder.build(), from })
    }

    /// What goes wrong is told without the address.
    async fn send(&self, to: &str, subject: &str, text: &str) -> Result<()> {
        let to = to.parse().map_err(|_| Error::internal("an address that mail cannot go to"))?;
        let mail = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .body(text.to_owned())
            .map_err(|_| Error::internal("a mail that cannot be written"))?;
        let mut last = None;
        for pause in TRIES {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            match self.transport.send(mail.clone()).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_permanent() => {
                    return Err(Error::internal("the mail server refused it for good"));
                }
                Err(error) => last = Some(error.status()),
            }
        }
        Err(Error::internal(format!("the mail server did not take it: {last:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn mail_is_carried_in_every_way_that_the_settings_name() {
        for tls in [MailTls::Starttls, MailTls::Tls, MailTls::None] {
            let settings = Mail {
                host: Some("mail.example.kr".to_owned()),
                from: Some("Sosik <no-reply@example.kr>".to_owned()),
                tls,
                ..Mail::default()
            };
            assert!(Carrier::new(&settings).is_some(), "{tls:?}");
        }
        assert!(Carrier::new(&Mail::default()).is_none());
    }
}
