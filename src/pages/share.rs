//! The links and previews of an article. Pure.

use super::model::{OpenGraph, Share, ShareLinks};
use crate::articles::model::Article;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// How to share `article`.
#[must_use]
pub fn share(whole: &Article) -> Share {
    let article = &whole.summary;
    let url = utf8_percent_encode(&article.url, NON_ALPHANUMERIC);
    let text = utf8_percent_encode(&article.headline, NON_ALPHANUMERIC);
    Share {
        canonical_url: whole.canonical_url.clone(),
        open_graph: OpenGraph {
            title: article.headline.clone(),
            description: article.deck.clone().or_else(|| article.summary.clone()),
            image: article.lead_image.as_ref().map(|image| image.url.clone()),
            locale: locale(&article.language),
            kind: "article",
        },
        links: ShareLinks {
            facebook: format!("https://www.facebook.com/sharer/sharer.php?u={url}"),
            x: format!("https://x.com/intent/post?url={url}&text={text}"),
            line: format!("https://social-plugins.line.me/lineit/share?url={url}"),
            email: format!("mailto:?subject={text}&body={url}"),
        },
    }
}

/// Open Graph wants a territory: the usual one where the language names none.
fn locale(language: &str) -> String {
    match language {
        "ko" => "ko_KR".into(),
        "en" => "en_US".into(),
        "ja" => "ja_JP".into(),
        "zh" => "zh_CN".into(),
        other => other.replace('-', "_"),
    }
}

#[cfg(test)]
mod tests {
    use super::locale;

    #[test]
    fn a_locale_names_a_territory() {
        assert_eq!([locale("ko"), locale("en-GB"), locale("de")], ["ko_KR", "en_GB", "de"]);
    }
}
