//! The house stands on numbered floors (docs/ARCHITECTURE.md): imports point down.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Ground floor first. Modules on one floor do not know each other, but for the ground, whose parts
/// may use those named before them.
const FLOORS: &[&[&str]] = &[
    &[
        "schema", "error", "clock", "ids", "text", "slug", "names", "page", "config", "db",
        "postgres",
    ],
    &["http"],
    &[
        "accounts",
        "categories",
        "publishers",
        "tags",
        "counters",
        "authors",
        "clusters",
        "policies",
    ],
    &["articles"],
    &["engagement", "stories"],
    &["rankings", "recommend", "comments"],
    &["pages", "ingest", "meta", "demo", "replay", "moderation", "me"],
    &["openapi", "jobs"],
    &["server"],
    &["cli"],
];

/// The files of a slice that are floors too; others may stand anywhere between model and api.
const ROOMS: [&str; 3] = ["model", "store", "api"];

/// What pure files, those that are neither rooms nor tests, must not import.
const IMPURE: [&str; 4] = ["diesel", "diesel_async", "actix_web", "tokio"];

/// Slices: modules above `http` that own tables. Their files other than rooms are maths and rules.
const PURE: &[&str] = &[
    "accounts/jwt.rs",
    "accounts/reserved.rs",
    "clusters/bytes.rs",
    "clusters/grams.rs",
    "clusters/keys.rs",
    "clusters/label.rs",
    "clusters/memory.rs",
    "clusters/normalise.rs",
    "clusters/recurring.rs",
    "clusters/rule.rs",
    "clusters/sketch.rs",
    "clusters/sweep.rs",
    "categories/tree.rs",
    "engagement/cap.rs",
    "engagement/decay.rs",
    "moderation/builtin.rs",
    "moderation/check.rs",
    "moderation/compiled.rs",
    "moderation/fold.rs",
    "moderation/fold/confusables.rs",
    "moderation/fold/jamo.rs",
    "moderation/fold/keyboard.rs",
    "moderation/fold/lookalike.rs",
    "moderation/fold/tokens.rs",
    "moderation/lexicon.rs",
    "moderation/matcher.rs",
    "moderation/matcher/chance.rs",
    "moderation/matcher/guard.rs",
    "moderation/matcher/pattern.rs",
    "moderation/matcher/term.rs",
    "pages/compose.rs",
    "pages/layout.rs",
    "comments/body.rs",
    "comments/fit.rs",
    "comments/order.rs",
    "comments/quota.rs",
    "comments/snapshot.rs",
    "policies/resolve.rs",
    "rankings/board.rs",
    "rankings/explain.rs",
    "rankings/facts.rs",
    "rankings/lists.rs",
    "rankings/movement.rs",
    "rankings/order.rs",
    "rankings/pins.rs",
    "rankings/popular.rs",
    "rankings/rate.rs",
    "rankings/scopes.rs",
    "rankings/score.rs",
    "rankings/trending.rs",
    "rankings/variety.rs",
    "rankings/words.rs",
    "recommend/related.rs",
    "replay/clicks.rs",
    "replay/daily.rs",
    "replay/growth.rs",
    "replay/lists.rs",
    "replay/memory.rs",
    "replay/metrics.rs",
    "replay/moment.rs",
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&module))
}

fn may_use(from: &str, to: &str) -> bool {
    match (floor(from), floor(to)) {
        (Some(0), Some(0)) => {
            let place = |name| FLOORS[0].iter().position(|known| *known == name);
            place(to) < place(from)
        }
        (Some(from), Some(to)) => to < from,
        _ => false,
    }
}

struct Source {
    /// Under `src`, such as `articles/store.rs`.
    name: String,
    module: String,
    /// Paths that start with `crate::`, each as its segments.
    uses: BTreeSet<Vec<String>>,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").display().to_string();
        let module = name.split(['/', '.']).next().unwrap_or_default().to_owned();
        let text = uncommented(&fs::read_to_string(path).expect("UTF-8"));
        Source { uses: uses(&text), name, module, text }
    };
    files.iter().map(read).filter(|s| !["lib", "main"].contains(&s.module.as_str())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// Without comments, and without the tests at the end.
fn uncommented(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path below `crate::` or `$crate::`, braces taken apart.
fn uses(text: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        tree(&text[at + "crate::".len()..], &[], &mut found);
    }
    found
}

/// Reads one use tree from its start; what is left of the text.
fn tree<'a>(text: &'a str, prefix: &[String], found: &mut BTreeSet<Vec<String>>) -> &'a str {
    let mut path = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(inside) = rest.strip_prefix('{') {
            rest = inside;
            loop {
                rest = tree(rest, &path, found).trim_start();
                match rest.strip_prefix(',') {
                    Some(after) if !after.trim_start().starts_with('}') => rest = after,
                    Some(after) => rest = after.trim_start(),
                    None => {}
                }
                if let Some(after) = rest.strip_prefix('}') {
                    return after;
                }
                if rest.is_empty() {
                    return rest;
                }
            }
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if end == 0 {
            // A glob, or text that is no path.
            found.insert(path);
            return rest.strip_prefix('*').unwrap_or_else(|| skip(rest));
        }
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => {
                found.insert(path);
                return alias(rest);
            }
        }
    }
}

fn skip(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// Past ` as name`.
fn alias(text: &str) -> &str {
    match text.strip_prefix(" as ") {
        Some(name) => {
            let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
            &name[end..]
        }
        None => text,
    }
}

#[test]
fn every_module_has_a_floor_and_imports_from_below() {
    let mut wrong = Vec::new();
    for source in sources() {
        if floor(&source.module).is_none() {
            wrong.push(format!("{}: `{}` has no floor", source.name, source.module));
        }
        for used in source.uses.iter().filter_map(|path| path.first()) {
            if *used != source.module && !may_use(&source.module, used) {
                wrong.push(format!("{}: `{}` must not use `{used}`", source.name, source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn inside_a_slice_model_stands_below_store_and_store_below_api() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = ROOMS.iter().position(|room| in_room(&source, room)) else { continue };
        let above = &ROOMS[own + 1..];
        for path in &source.uses {
            let room = path.get(1).map(String::as_str).unwrap_or_default();
            if path[0] == source.module && above.contains(&room) {
                wrong.push(format!("{}: uses `{}`", source.name, path.join("::")));
            }
        }
        let direct = |room: &&&str| {
            ["super", "super::super"].iter().any(|up| {
                source.text.contains(&format!("{up}::{room}::"))
                    || source.text.contains(&format!("use {up}::{room}"))
            })
        };
        wrong.extend(
            above.iter().filter(direct).map(|room| format!("{}: uses `{room}`", source.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn in_room(source: &Source, room: &str) -> bool {
    let inside = source.name.split_once('/').map(|(_, inside)| inside).unwrap_or_default();
    floor(&source.module).is_some_and(|floor| floor > 1)
        && (inside == format!("{room}.rs") || inside.starts_with(&format!("{room}/")))
}

#[test]
fn what_speaks_sql_speaks_no_http_and_pure_files_do_neither() {
    let mut wrong = Vec::new();
    for source in sources() {
        let imports = |krate: &str| source.text.contains(&format!("{krate}::"));
        if ["model", "store"].iter().any(|room| in_room(&source, room)) && imports("actix_web") {
            wrong.push(format!("{}: knows actix", source.name));
        }
        // What a constraint says may be told apart here: only the handler knows what it means.
        let sql = source.text.replace("diesel::result::", "").contains("diesel::");
        if in_room(&source, "api") && sql {
            wrong.push(format!("{}: holds SQL", source.name));
        }
        if PURE.contains(&source.name.as_str()) {
            let impure = IMPURE.iter().filter(|krate| imports(krate));
            wrong.extend(impure.map(|krate| format!("{}: uses {krate}", source.name)));
            if source.text.contains("Clock") {
                wrong.push(format!("{}: reads the clock", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let text = "use crate::{db, http::{auth, limit as l}, page::*,};\n fn f() { crate::text::trim(); $crate::ids::A }";
    let found: Vec<_> = uses(text).into_iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["db", "http::auth", "http::limit", "ids::A", "page", "text::trim"]);
}
