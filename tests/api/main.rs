//! The API over real HTTP: files are named for the URLs they test; `rules` holds for every operation.

mod support;
