//! Reads and writes. Every writer takes rows in one order: account, article, root, parent, comment.
//!
//! - `rows` a comment as it is read
//! - `heads` what there is to know of an article before its comments
//! - `lists` pages of threads and replies
//! - `one` single comments
//! - `changes` what a change of a comment does to counts and events
//! - `write` new comments, edits, removals
//! - `votes`, `reports`, `appeals` what readers do about comments
//! - `done` what a reader did, as quotas look at it
//! - `own` what one reader did
//! - `erase` what is left of somebody who is erased
//! - `events` what streams show
//! - `log` what was decided, and by whom
//! - `import` comments from elsewhere
//! - `summary` how many there are

pub mod appeals;
pub mod changes;
pub mod done;
pub mod erase;
pub mod events;
pub mod heads;
pub mod import;
pub mod lists;
pub mod log;
pub mod one;
pub mod own;
pub mod reports;
pub mod rows;
pub mod summary;
pub mod votes;
pub mod write;
