//! What people send to stay logged in, and to get in again.

use super::person::{DisplayName, Email, NameFault, NoEmail, Password, PasswordFault, shown_token};
use crate::{
    error::{Faults, Message},
    http::body::BodyLimit,
    text::TextFault,
};
use deserr::Deserr;
use utoipa::ToSchema;

/// A refresh token to be changed.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"refresh_token": "rt_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi"})))]
pub struct RefreshInput {
    /// The refresh token that the last log-in or refresh gave.
    #[deserr(try_from(String) = shown_token -> TextFault)]
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: String,
}

/// An address that was verified.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"token": "mt_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi"})))]
pub struct VerifyInput {
    /// The token that the mail showed.
    #[deserr(try_from(String) = shown_token -> TextFault)]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// Another display name than the one asked for, where that was taken meanwhile.
    #[deserr(default, try_from(Option<String>) = maybe_name -> NameFault)]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 20)]
    pub display_name: Option<DisplayName>,
}

/// A password to be changed.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "current_password": "correct horse battery staple",
    "new_password": "another horse battery staple"
})))]
pub struct PasswordInput {
    /// The password so far.
    #[deserr(try_from(String) = Password::given -> PasswordFault)]
    #[schema(value_type = String, format = "password", max_length = 128)]
    pub current_password: Password,
    /// 8 characters to 128 bytes, in NFC.
    #[deserr(try_from(String) = Password::chosen -> PasswordFault)]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    pub new_password: Password,
}

/// Who forgot their password.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"email": "reader@example.kr"})))]
pub struct ResetRequestInput {
    /// The address of mail they registered with.
    #[deserr(try_from(String) = Email::parse -> NoEmail)]
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Email,
}

/// A new password of somebody who forgot theirs.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "token": "mt_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi",
    "new_password": "another horse battery staple"
})))]
pub struct ResetInput {
    /// The token that the mail showed, or that the operator handed out.
    #[deserr(try_from(String) = shown_token -> TextFault)]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// 8 characters to 128 bytes, in NFC.
    #[deserr(try_from(String) = Password::chosen -> PasswordFault)]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    pub new_password: Password,
}

impl BodyLimit for RefreshInput {}
impl BodyLimit for VerifyInput {}
impl BodyLimit for PasswordInput {}
impl BodyLimit for ResetRequestInput {}
impl BodyLimit for ResetInput {}

fn maybe_name(text: Option<String>) -> Result<Option<DisplayName>, NameFault> {
    text.map(DisplayName::parse).transpose()
}

/// The fault of a token of mail that was used, has ended, or never was.
#[must_use]
pub fn unusable() -> Faults {
    let detail = Message::new(
        "It was used before, has ended, or never was.",
        "이미 썼거나, 기한이 지났거나, 없는 코드입니다.",
    );
    Faults::at("/token", "unusable_token", detail)
}
