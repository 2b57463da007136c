//! Boards: ranked lists over all, per category and per publisher, kept as snapshots that never change.
//!
//! - `board` the boards and their windows, `words` how they rank in words (pure); `model` the shapes the API shows and takes
//! - what speaks for an article (all pure): `facts` its figures, `popular`, `trending`, `rate` what they are
//!   worth, `score` what each board makes of them
//! - who stands where (all pure): `scopes` articles of each scope and the stories they are folded to, `order`
//!   who stands before whom, `lists` the lists of a board, `variety` not the same over and over, `pins` what
//!   editors decided, `movement` what became of each since before
//! - `refresh` a round that writes what changed; `thin` what is forgotten with age
//! - `signals` what rounds read; `history` what they compare with; `snapshot` what they add
//! - `overrides` the decisions of editors, `nudge` asks for a round; `scope` what lists are ranked over; `store` what readers read
//! - `entry` a place in a list, and how it becomes what the API shows; `explain` why it has it
//! - `api` the endpoints

pub mod api;
pub mod board;
pub mod entry;
mod explain;
pub mod facts;
mod history;
mod lists;
pub mod model;
pub mod movement;
pub mod nudge;
pub mod order;
mod overrides;
mod pins;
pub mod popular;
pub mod rate;
pub mod refresh;
pub mod scope;
pub mod scopes;
pub mod score;
mod signals;
mod snapshot;
pub mod store;
mod thin;
pub mod trending;
pub mod variety;
mod words;

pub use thin::thin;
