//! How many feeds of a folder can be read: by our reader, and by feed-rs from the raw bytes.
//!
//! `cargo run --release --example feed_share -- <folder>`

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sosik::ingest::feed::{Format, read};

fn main() {
    let Some(folder) = std::env::args_os().nth(1) else {
        return eprintln!("usage: feed_share <folder>");
    };
    let verbose = std::env::args().any(|argument| argument == "--verbose");
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    files.sort();
    // A panic of the other reader is a count here, not a page of output.
    std::panic::set_hook(Box::new(|_| ()));
    let (mut ours, mut theirs, mut panics, mut items, mut their_items) = (0, 0, 0, 0, 0);
    let mut slowest = (Duration::ZERO, PathBuf::new());
    for file in &files {
        let Ok(bytes) = std::fs::read(file) else {
            continue;
        };
        let start = Instant::now();
        let our = catch_unwind(|| read(&bytes, None, None));
        slowest = slowest.max((start.elapsed(), file.clone()));
        let their = catch_unwind(|| feed_rs::parser::parse(bytes.as_slice()));
        panics += usize::from(their.is_err());
        let their = their.ok().and_then(Result::ok);
        theirs += usize::from(their.is_some());
        their_items += their.as_ref().map_or(0, |feed| feed.entries.len());
        match our {
            Ok(Ok(feed)) => {
                ours += 1;
                items += feed.items.len();
                let more =
                    their.as_ref().is_some_and(|their| their.entries.len() > feed.items.len());
                if more {
                    println!("fewer items than feed-rs: {}", file.display());
                }
            }
            Ok(Err(fault)) if verbose || their.is_some() => {
                println!(
                    "{} {:?} feed-rs {}: {}",
                    fault.code(),
                    Format::sniff(&bytes, None),
                    their.is_some(),
                    file.display()
                );
            }
            Ok(Err(_)) => {}
            Err(_) => println!("PANIC: {}", file.display()),
        }
    }
    println!(
        "{} files: sosik reads {ours} ({items} items), feed-rs {theirs} ({their_items} items, {panics} panics)",
        files.len()
    );
    println!("slowest: {:?} {}", slowest.0, slowest.1.display());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
