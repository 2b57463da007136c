//! A picture with what a reader needs to know about it.

use std::fmt;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Broken, Faults};
use crate::text::{TextFault, maybe_line, maybe_lines};

/// The longest URL, in bytes: longer ones break proxies and databases' index pages.
pub const URL_MAX: usize = 2000;

/// The widest or highest picture, in pixels.
pub const PIXELS_MAX: u32 = 20_000;

/// A picture. It needs `alt` or `decorative: true` before its article can be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Image {
    /// Where the picture is: an absolute http or https URL.
    #[schema(max_length = 2000, format = "uri", examples("https://images.example.com/market.jpg"))]
    #[deserr(try_from(String) = http_url -> UrlFault)]
    pub url: String,
    /// What the picture shows, for those who do not see it.
    #[serde(default)]
    #[schema(max_length = 500, examples("A trader in front of a wall of falling prices"))]
    #[deserr(default, try_from(Option<String>) = maybe_lines::<500> -> TextFault)]
    pub alt: Option<String>,
    /// True where the picture says nothing that the text does not: screen readers skip it.
    #[serde(default)]
    #[schema(default = false, examples(false))]
    #[deserr(default)]
    pub decorative: bool,
    /// The line below the picture.
    #[serde(default)]
    #[schema(max_length = 1000, examples("Prices fell for the third day."))]
    #[deserr(default, try_from(Option<String>) = maybe_lines::<1000> -> TextFault)]
    pub caption: Option<String>,
    /// Who made the picture.
    #[serde(default)]
    #[schema(max_length = 300, examples("Kim Sosik"))]
    #[deserr(default, try_from(Option<String>) = maybe_line::<300> -> TextFault)]
    pub credit: Option<String>,
    /// Width in pixels; with the height it keeps the page from jumping while it loads.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 20_000, examples(1200))]
    #[deserr(default, try_from(Option<i64>) = pixels -> PixelsFault)]
    pub width: Option<u32>,
    /// Height in pixels.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 20_000, examples(800))]
    #[deserr(default, try_from(Option<i64>) = pixels -> PixelsFault)]
    pub height: Option<u32>,
}

impl Image {
    /// A picture of which only the address is known.
    #[must_use]
    pub const fn at(url: String) -> Self {
        Self {
            url,
            alt: None,
            decorative: false,
            caption: None,
            credit: None,
            width: None,
            height: None,
        }
    }

    /// Whether those who do not see the picture are told what it shows, or that they miss nothing.
    #[must_use]
    pub fn described(&self) -> bool {
        self.decorative || self.alt.as_deref().is_some_and(|alt| !alt.trim().is_empty())
    }
}

/// Why a URL was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// Not an absolute http or https URL with a host.
    NotHttp,
    /// Longer than [`URL_MAX`].
    TooLong,
}

impl fmt::Display for UrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttp => f.write_str("must be an absolute http or https URL"),
            Self::TooLong => write!(f, "must be at most {URL_MAX} bytes"),
        }
    }
}

impl Broken for UrlFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NotHttp => "not_http_url",
            Self::TooLong => "too_long",
        }
    }

    fn detail_ko(&self) -> String {
        match self {
            Self::NotHttp => "http 또는 https로 시작하는 전체 주소여야 합니다.".into(),
            Self::TooLong => format!("최대 {URL_MAX}바이트까지 쓸 수 있습니다."),
        }
    }
}

/// An absolute http(s) URL in its normal spelling, at most [`URL_MAX`] bytes.
///
/// Credentials in it are refused: a public page must not carry them, and they are how one host is
/// made to look like another.
///
/// # Errors
///
/// The rule that the URL breaks.
pub fn http_url(url: String) -> Result<String, UrlFault> {
    if url.len() > URL_MAX {
        return Err(UrlFault::TooLong);
    }
    let url = url::Url::parse(url.trim()).map_err(|_| UrlFault::NotHttp)?;
    if !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(UrlFault::NotHttp);
    }
    // Percent-encoding may have made it longer than it came.
    Some(String::from(url)).filter(|url| url.len() <= URL_MAX).ok_or(UrlFault::TooLong)
}

/// A size in pixels that no picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelsFault;

impl fmt::Display for PixelsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be from 1 to {PIXELS_MAX}")
    }
}

impl Broken for PixelsFault {
    fn code(&self) -> &'static str {
        "out_of_range"
    }

    fn detail_ko(&self) -> String {
        format!("1 이상 {PIXELS_MAX} 이하여야 합니다.")
    }
}

fn pixels(value: Option<i64>) -> Result<Option<u32>, PixelsFault> {
    let Some(value) = value else { return Ok(None) };
    u32::try_from(value)
        .ok()
        .filter(|value| (1..=PIXELS_MAX).contains(value))
        .map(Some)
        .ok_or(PixelsFault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_http_and_without_credentials() {
        assert_eq!(
            http_url(" HTTPS://Example.com/a b ".into()),
            Ok("https://example.com/a%20b".into())
        );
        for url in
            ["javascript:alert(1)", "/a.png", "ftp://a/b", "http://user@a/", "http://", "data:,x"]
        {
            assert_eq!(http_url(url.into()), Err(UrlFault::NotHttp), "{url}");
        }
        assert_eq!(http_url(format!("http://a/{}", "x".repeat(URL_MAX))), Err(UrlFault::TooLong));
        assert_eq!(http_url(format!("http://a/{}", "한".repeat(400))), Err(UrlFault::TooLong));
    }

    #[test]
    fn described_by_alt_or_by_being_decorative() {
        let mut image = Image::at("https://a/b".into());
        assert!(!image.described());
        image.alt = Some("  ".into());
        assert!(!image.described());
        image.decorative = true;
        assert!(image.described());
    }
}
