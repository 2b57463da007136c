//! Bytes to text, whatever they claim to be.
//!
//! Feeds declare encodings in three places and often wrongly. A declaration counts if the bytes
//! bear it out; the order is byte order mark, HTTP, XML declaration, UTF-8, windows-1252.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

/// How far into a document its XML declaration is looked for.
const DECLARATION_MAX: usize = 1024;

/// The text of a document. `content_type` is the HTTP header, where there was one.
///
/// Never fails: what no declared encoding explains is read as UTF-8 or windows-1252, with U+FFFD
/// where bytes mean nothing.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some(text) = utf_32(bytes) {
        return text;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let declared: Vec<_> =
        [content_type.and_then(charset), declaration(bytes)].into_iter().flatten().collect();
    // Single-byte encodings explain any bytes. Whole sentences that happen to be UTF-8 are UTF-8.
    if declared.iter().all(|encoding| encoding.is_single_byte())
        && let Ok(text) = str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    let explains = |encoding: &&'static Encoding| {
        encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(std::borrow::Cow::into_owned)
    };
    if let Some(text) = declared.iter().chain([&UTF_8]).find_map(explains) {
        return text;
    }
    // A few broken bytes: the declaration still is the best guess, if there was one.
    let encoding = declared.iter().find(|encoding| !encoding.is_single_byte()).copied();
    let encoding = encoding.unwrap_or(if mostly_utf_8(bytes) { UTF_8 } else { WINDOWS_1252 });
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding that a `Content-Type` header names.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters =
        content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut named = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    named.next().and_then(|(_, label)| encoding(label.trim().trim_matches(['"', '\''])))
}

/// The encoding that an XML declaration names.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_MAX)];
    let head: String =
        head.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { ' ' }).collect();
    let (_, declaration) = head.split_once("<?xml")?;
    let (declaration, _) = declaration.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    encoding(value[1..].split(quote).next()?.trim())
}

/// An encoding by one of its names, those of Windows and Java among them.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.to_ascii_lowercase();
    let known = match label.as_str() {
        "cp949" | "ms949" | "uhc" | "x-windows-949" | "euckr" | "euc_kr" => Some(EUC_KR),
        "cp932" | "ms932" | "sjis" | "shiftjis" => Some(SHIFT_JIS),
        "cp936" | "ms936" => Some(GBK),
        "cp950" | "ms950" | "big5hkscs" => Some(BIG5),
        label => Encoding::for_label(label.as_bytes())
            .or_else(|| Encoding::for_label(label.replace('_', "-").as_bytes()))
            .or_else(|| Encoding::for_label(label.replace(['-', '_'], "").as_bytes())),
    };
    // Bytes in which a declaration could be read are not UTF-16, whatever it says.
    known.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

/// UTF-16 without a mark, by the zeros around its first characters.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, _, 0, ..] => Some(UTF_16LE),
        [0, b'<' | b'{', 0, _, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-32, which `encoding_rs` leaves out because the web does.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match bytes {
        [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] => u32::from_be_bytes,
        [0xFF, 0xFE, 0, 0, ..] | [b'<', 0, 0, 0, ..] => u32::from_le_bytes,
        _ => return None,
    };
    let units = bytes.as_chunks::<4>().0.iter();
    let text: String =
        units.map(|unit| char::from_u32(read(*unit)).unwrap_or('\u{FFFD}')).collect();
    Some(text.trim_start_matches('\u{FEFF}').to_owned())
}

/// Whether at most one in a hundred characters beyond ASCII is broken.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 100 <= whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_encodings_are_honoured_where_the_bytes_agree() {
        let korean = |label: &str| {
            let (bytes, ..) = EUC_KR.encode("<?xml version='1.0' encoding='");
            [&*bytes, label.as_bytes(), b"'?>", &EUC_KR.encode("경제 뉴스 똠방각하").0].concat()
        };
        for label in ["euc-kr", "CP949", "ks_c_5601-1987", "MS949", "EUC_KR"] {
            assert!(decode(&korean(label), None).ends_with("경제 뉴스 똠방각하"), "{label}");
        }
        assert!(
            decode(&korean("utf-8"), Some("text/xml; charset=\"euc-kr\"")).ends_with("똠방각하")
        );
        assert_eq!(decode("한".as_bytes(), Some("text/xml;charset=iso-8859-1")), "한");
        assert_eq!(decode(b"caf\xe9", Some("text/xml; charset=nonsense")), "café");
        assert_eq!(decode(b"\xff\xfe<\0a\0", None), "<a");
        assert_eq!(decode(b"\0<\0a", None), "<a");
        assert_eq!(decode(b"<\0\0\0a\0\0\0", None), "<a");
        assert_eq!(decode(b"\xef\xbb\xbf<a", Some("text/xml; charset=big5")), "<a");
        assert_eq!(decode(b"", None), "");
    }
}
