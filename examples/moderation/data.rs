//! The files of the folder.

use super::Outcome;
use serde_json::Value;
use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

/// Sets with labels.
pub const LABELLED: [&str; 6] = [
    "curse_detection_2runo",
    "malicious_zizun",
    "kmhas",
    "hatescore",
    "apeach",
    "ko_beep_labelled_comments",
];

/// Sets of newspapers' own texts: file and member.
pub const HEADLINES: [(&str, &str); 7] = [
    ("naver_articles", "title"),
    ("naver_articles", "lead"),
    ("ko_headlines_category", "title"),
    ("fnnews_2021_headlines", "title"),
    ("fnnews_2021_headlines", "lead"),
    ("ko_articles_fulltext", "title"),
    ("ko_beep_labelled_comments", "title"),
];

/// The lines of a file as JSON.
pub fn lines(folder: &str, set: &str) -> Outcome<Vec<Value>> {
    let mut text = String::new();
    let file = File::open(Path::new(folder).join(format!("{set}.ndjson.gz")))?;
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Texts, and whether people called them bad.
pub fn labelled(folder: &str, set: &str) -> Outcome<Vec<(String, bool)>> {
    let bad = |row: &Value| match set {
        "curse_detection_2runo" => row["curse"] == 1,
        "malicious_zizun" => row["label_raw"] == 0,
        // 8 stands for none.
        "kmhas" => row["labels"] != serde_json::json!([8]),
        "hatescore" => row["macro"] != "Clean",
        "apeach" => row["class"] != "Default",
        _ => row["hate"] != "none",
    };
    let rows = lines(folder, set)?;
    Ok(rows
        .iter()
        .map(|row| (row["text"].as_str().unwrap_or_default().to_owned(), bad(row)))
        .collect())
}

/// Newspapers' own texts, each once.
pub fn headlines(folder: &str, (set, member): (&str, &str)) -> Outcome<Vec<String>> {
    let mut texts: Vec<String> = lines(folder, set)?
        .iter()
        .filter_map(|row| row[member].as_str().map(str::to_owned))
        .collect();
    if set.starts_with("ko_beep") {
        texts.sort_unstable();
        texts.dedup();
    }
    Ok(texts)
}

/// The words of a list that others made, but those that are one letter of ASCII or nothing.
pub fn list(folder: &str) -> Outcome<Vec<String>> {
    let rows = lines(folder, "profanity_lexicon")?;
    Ok(rows.iter().filter_map(|row| row["term"].as_str().map(str::to_lowercase)).collect())
}

/// What looks like what.
pub fn confusables(folder: &str) -> Outcome<BTreeMap<char, Vec<String>>> {
    let mut found: BTreeMap<char, Vec<String>> = BTreeMap::new();
    for row in lines(folder, "unicode_confusables")? {
        let mut letters = row["char"].as_str().unwrap_or_default().chars();
        let (Some(c), None) = (letters.next(), letters.next()) else { continue };
        let like = row["homoglyphs"].as_array().into_iter().flatten().filter_map(Value::as_str);
        found.insert(c, like.map(|text| text.replace('\u{200E}', "")).collect());
    }
    Ok(found)
}

/// Texts to take the time over.
pub fn timed(folder: &str) -> Outcome<Vec<(&'static str, Vec<String>)>> {
    let comments: Vec<String> =
        labelled(folder, "kmhas")?.into_iter().map(|(text, _)| text).take(5_000).collect();
    let long: Vec<String> = comments
        .chunks(12)
        .map(|some| some.join(" ").chars().take(300).collect::<String>())
        .filter(|text| text.chars().count() == 300)
        .collect();
    let latin = (0..300).map(|at| char::from(b'a' + (at * 7 % 26) as u8)).collect::<String>();
    let worst: [String; 3] =
        ["시이이1 발ㅂ.".chars().cycle().take(300).collect(), latin, "ㅅ ".repeat(150)];
    Ok(vec![
        ("comments", comments),
        ("300 characters", long),
        ("contrived", worst.into_iter().cycle().take(900).collect()),
    ])
}
