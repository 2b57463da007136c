use diesel::{
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::Untyped,
};

/// SQL of constant text with bound values, which a connection prepares once and then reuses.
///
/// Diesel does not cache `sql_query`, because its text may be made up at run time; ours comes from
/// `.sql` files, so a plan may be kept.
#[derive(Debug, Clone)]
pub struct Prepared<Q>(Q);

/// Turns a bound `sql_query` into a [`Prepared`] one.
pub trait Prepare: Sized {
    /// To be called on statements whose text is constant.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryFragment<Pg>> Prepare for Q {}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    // Without a static id the cache keys on the text, which is what we want.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Prepared<Q> {
    type SqlType = Untyped;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}
