use super::{document, mounted};
use crate::http::{conditional::etag, method::RouteTable};
use actix_web::web::Bytes;
use utoipa::openapi::{OpenApi, path::PathItem};

/// The document, made once a process.
pub struct Served {
    mounted: OpenApi,
    /// As JSON, pretty-printed, ending in a newline.
    pub json: Printed,
    /// As YAML.
    pub yaml: Printed,
}

/// One spelling of the document.
#[derive(Debug, Clone)]
pub struct Printed {
    /// UTF-8.
    pub bytes: Bytes,
    /// Names these bytes.
    pub etag: String,
}

impl Printed {
    fn new(text: String) -> Self {
        Self { etag: etag(None, text.as_bytes()), bytes: text.into() }
    }
}

impl Served {
    /// Builds and prints the document.
    #[must_use]
    pub fn new() -> Self {
        let document = document();
        let json = Printed::new(document.to_pretty_json().unwrap_or_default() + "\n");
        let yaml = Printed::new(document.to_yaml().unwrap_or_default());
        Self { mounted: mounted(), json, yaml }
    }

    /// Which methods each path has.
    #[must_use]
    pub fn route_table(&self) -> RouteTable {
        let paths = self.mounted.paths.paths.iter();
        RouteTable::new(paths.map(|(path, item)| (path.as_str(), methods(item))))
    }
}

impl Default for Served {
    fn default() -> Self {
        Self::new()
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, present)| present.then_some(name))
    .collect()
}
