//! What people send to have an account, checked while it is parsed.

use super::super::reserved::is_reserved;
use crate::{
    error::{Broken, Faults, Message},
    http::body::BodyLimit,
    text::{TextFault, single_line, skeleton},
};
use deserr::Deserr;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// The longest display name, in Unicode code points.
pub const NAME_MAX: usize = 20;
/// The shortest display name, in Unicode code points.
pub const NAME_MIN: usize = 2;
/// The longest password, in bytes.
pub const PASSWORD_MAX: usize = 128;
/// The shortest password, in Unicode code points.
pub const PASSWORD_MIN: usize = 8;
/// The longest address of mail, in bytes.
pub const EMAIL_MAX: usize = 254;
/// The longest token, in bytes.
pub const TOKEN_MAX: usize = 200;

/// An address of mail in the one spelling that is compared: lower case, the domain in ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(pub String);

/// An address that no mail can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must be an address of mail such as reader@example.kr, at most 254 bytes.")]
pub struct NoEmail;

impl Broken for NoEmail {
    fn code(&self) -> &'static str {
        "invalid_email"
    }
    fn detail_ko(&self) -> String {
        "reader@example.kr 같은 254바이트 이내의 이메일 주소여야 합니다.".into()
    }
}

impl Email {
    /// # Errors
    /// [`NoEmail`] for what is no address. Quoted and non-ASCII local parts are none here.
    pub fn parse(text: String) -> Result<Self, NoEmail> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(NoEmail)?;
        let atoms = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let dots = local.split('.').all(|atom| !atom.is_empty());
        if local.len() > 64 || !local.bytes().all(atoms) || !dots {
            return Err(NoEmail);
        }
        let url::Host::Domain(domain) = url::Host::parse(domain).map_err(|_| NoEmail)? else {
            return Err(NoEmail);
        };
        let labels: Vec<_> = domain.split('.').collect();
        let label = |label: &&str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let email = format!("{}@{domain}", local.to_ascii_lowercase());
        let fits = labels.len() > 1 && labels.iter().all(label) && email.len() <= EMAIL_MAX;
        if fits { Ok(Self(email)) } else { Err(NoEmail) }
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(an address, not shown)")
    }
}

/// A password, in NFC.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

/// A password that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer code points than a password must have.
    #[error("must have at least 8 characters")]
    TooShort,
    /// More bytes than are ever hashed.
    #[error("must have at most 128 bytes in UTF-8")]
    TooLong,
}

impl Broken for PasswordFault {
    fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::TooShort => "8자 이상이어야 합니다.".into(),
            Self::TooLong => "UTF-8로 128바이트까지 쓸 수 있습니다.".into(),
        }
    }
}

impl Password {
    /// One that is chosen.
    ///
    /// # Errors
    /// [`PasswordFault`].
    pub fn chosen(text: String) -> Result<Self, PasswordFault> {
        let password = Self::given(text)?;
        let long_enough = password.0.chars().count() >= PASSWORD_MIN;
        if long_enough { Ok(password) } else { Err(PasswordFault::TooShort) }
    }

    /// One that is shown to log in.
    ///
    /// # Errors
    /// [`PasswordFault::TooLong`], looked at before anything is done with it.
    pub fn given(text: String) -> Result<Self, PasswordFault> {
        if text.len() > PASSWORD_MAX {
            return Err(PasswordFault::TooLong);
        }
        let text: String = text.nfc().collect();
        if text.len() > PASSWORD_MAX { Err(PasswordFault::TooLong) } else { Ok(Self(text)) }
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a password, not shown)")
    }
}

/// A display name and what it folds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName {
    /// As it is shown.
    pub text: String,
    /// What look-alikes of it have in common.
    pub key: String,
}

/// A display name that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// As every text.
    #[error("{0}")]
    Text(TextFault),
    /// Fewer code points than a name must have.
    #[error("must have at least 2 characters")]
    TooShort,
    /// Nothing that names could be compared by.
    #[error("must contain letters or digits")]
    NoLetters,
}

impl Broken for NameFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(fault) => fault.code(),
            Self::TooShort => "too_short",
            Self::NoLetters => "no_letters",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::Text(fault) => fault.detail_ko(),
            Self::TooShort => "2자 이상이어야 합니다.".into(),
            Self::NoLetters => "글자나 숫자가 있어야 합니다.".into(),
        }
    }
}

impl DisplayName {
    /// # Errors
    /// [`NameFault`].
    pub fn parse(text: String) -> Result<Self, NameFault> {
        let text = single_line(&text, NAME_MAX).map_err(NameFault::Text)?;
        if text.chars().count() < NAME_MIN {
            return Err(NameFault::TooShort);
        }
        match skeleton(&text) {
            key if key.is_empty() => Err(NameFault::NoLetters),
            key => Ok(Self { text, key }),
        }
    }

    /// # Errors
    /// The fault `name_reserved` at `/display_name` for a name that could be taken for one of the staff.
    pub fn must_be_a_readers(&self, more: &[String]) -> Result<(), Faults> {
        if is_reserved(&self.key, more) { Err(Self::reserved()) } else { Ok(()) }
    }

    /// The fault of a name that only the staff may have.
    #[must_use]
    pub fn reserved() -> Faults {
        let detail = Message::new(
            "This name could be taken for one of the staff.",
            "운영진으로 오해할 수 있는 이름은 쓸 수 없습니다.",
        );
        Faults::at("/display_name", "name_reserved", detail)
    }
}

/// A token, if it could be one.
///
/// # Errors
/// [`TextFault`] for one that is empty or too long.
pub fn shown_token(text: String) -> Result<String, TextFault> {
    single_line(&text, TOKEN_MAX)
}

/// Who wants an account.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "email": "reader@example.kr",
    "password": "correct horse battery staple",
    "display_name": "한강 산책"
})))]
pub struct RegistrationInput {
    /// Their address of mail; compared without regard to case.
    #[deserr(try_from(String) = Email::parse -> NoEmail)]
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Email,
    /// 8 characters to 128 bytes, in NFC.
    #[deserr(try_from(String) = Password::chosen -> PasswordFault)]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    pub password: Password,
    /// What others see. No two names look alike, and none could be taken for one of the staff.
    #[deserr(try_from(String) = DisplayName::parse -> NameFault)]
    #[schema(value_type = String, min_length = 2, max_length = 20)]
    pub display_name: DisplayName,
}

/// Who logs in.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "email": "reader@example.kr",
    "password": "correct horse battery staple"
})))]
pub struct LoginInput {
    /// The address of mail they registered with.
    #[deserr(try_from(String) = Email::parse -> NoEmail)]
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Email,
    /// Their password.
    #[deserr(try_from(String) = Password::given -> PasswordFault)]
    #[schema(value_type = String, format = "password", max_length = 128)]
    pub password: Password,
}

impl BodyLimit for RegistrationInput {}
impl BodyLimit for LoginInput {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        for (text, expected) in [
            (" Reader@Example.KR ", Some("reader@example.kr")),
            ("a.b+c@한글.한국", Some("a.b+c@xn--bj0bj06e.xn--3e0b707e")),
            ("a@b", None),
            ("a b@example.kr", None),
            ("a@b@example.kr", None),
            ("\"a\"@example.kr", None),
            ("a@example.kr\r\nbcc: b@example.kr", None),
            ("@example.kr", None),
            (".a@example.kr", None),
            ("a@127.0.0.1", None),
            ("a@example..kr", None),
        ] {
            let parsed = Email::parse(text.to_owned()).ok().map(|email| email.0);
            assert_eq!(parsed.as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn passwords_are_bounded_in_bytes_and_counted_in_nfc() {
        let of = |text: &str| Password::chosen(text.to_owned());
        assert_eq!(of("일곱글자입니다"), Err(PasswordFault::TooShort));
        assert_eq!(of("\u{1100}\u{1161}1234567"), Ok(Password("가1234567".into())));
        assert_eq!(of(&"가".repeat(43)), Err(PasswordFault::TooLong));
        assert!(of(&"a".repeat(128)).is_ok());
    }

    #[test]
    fn names_are_short_visible_lines() {
        let of = |text: &str| DisplayName::parse(text.to_owned()).map(|name| name.text);
        assert_eq!(of(" 한강 "), Ok("한강".into()));
        assert_eq!(of("가"), Err(NameFault::TooShort));
        assert_eq!(of("★★"), Err(NameFault::NoLetters));
        let long = TextFault::TooLong { max: 20, actual: 21 };
        assert_eq!(of(&"가".repeat(21)), Err(NameFault::Text(long)));
    }
}
