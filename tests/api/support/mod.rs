//! The test app: the real server on a port of its own, with a database of its own.

mod app;
mod article;
pub mod cluster;
pub mod contract;
pub mod issuer;
mod person;
pub mod post;
mod reply;
mod template;

pub use app::TestApp;
pub use article::headline;
pub use person::Person;
pub use reply::{Call, Reply};
