use utoipa::openapi::{
    OpenApi, RefOr, Required,
    path::{ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Type},
};

/// The word under which something is looked up by its slug.
const WORD: &str = "by-slug";

/// Writes the fixed `by-slug` of a path as a parameter of that one value.
///
/// `/articles/by-slug/{slug}` and `/articles/{id}/publish` are told apart by every router, because ids
/// are no words; but tools that look at the shape alone (Redocly's `no-ambiguous-paths`) call them
/// ambiguous. As a parameter the word is the same on the wire, and the shapes differ.
pub fn name_lookups(document: &mut OpenApi) {
    let paths = std::mem::take(&mut document.paths.paths);
    for (path, mut item) in paths {
        let fixed = format!("/{WORD}/");
        if !path.contains(&fixed) {
            document.paths.paths.insert(path, item);
            continue;
        }
        let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([WORD]));
        let parameter = ParameterBuilder::new()
            .name("by")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Always `by-slug`."))
            .schema(Some(word))
            .build();
        for (_, op) in super::operations(&mut item) {
            op.parameters.get_or_insert_default().insert(0, RefOr::T(parameter.clone()));
        }
        document.paths.paths.insert(path.replace(&fixed, "/{by}/"), item);
    }
}
