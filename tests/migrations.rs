//! The migrations go up and down, and make what `src/schema.rs` says.

#[path = "api/support/cluster.rs"]
mod cluster;

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str = include_str!("../src/schema.rs");

/// Everything of ours that the catalogue knows, one line each.
const CATALOGUE: &str = "
    select format('column %s.%s %s %s default %s', table_name, column_name, udt_name, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
    union all
    select format('index %s', indexdef) from pg_indexes where schemaname = 'public'
    union all
    select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select format('relation %s %s', relname, relkind) from pg_class where relnamespace = 'public'::regnamespace
    union all
    select format('function %s', oid::regprocedure) from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select format('type %s', typname) from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut AsyncPgConnection, query: &str) -> BTreeSet<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(conn).await.expect("the catalogue");
    rows.into_iter().map(|row| row.line).collect()
}

async fn database(name: &str) -> (String, AsyncPgConnection) {
    let mut conn = sosik::db::connect(&cluster::url("postgres"), "").await.expect("the cluster");
    conn.batch_execute(&format!("create database {name}")).await.expect("a database");
    let url = cluster::url(name);
    let conn = sosik::db::connect(&url, "").await.expect("the new database");
    (url, conn)
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_gives_the_same_schema() {
    let (url, mut conn) = database("updown").await;
    let empty = lines(&mut conn, CATALOGUE).await;
    let ran = sosik::db::migrate(&url).await.expect("up");
    let first = lines(&mut conn, CATALOGUE).await;
    let reverted = sosik::db::revert_all(&url).await.expect("down");
    let mut rest = lines(&mut conn, CATALOGUE).await;
    rest.retain(|line| !line.contains("__diesel_schema_migrations"));
    sosik::db::migrate(&url).await.expect("up again");
    let second = lines(&mut conn, CATALOGUE).await;
    assert!(ran > 0 && ran == reverted);
    assert_eq!(rest, empty, "left behind by the way down");
    assert_eq!(first, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_rs_says_what_the_migrations_make() {
    let (url, mut conn) = database("schema").await;
    sosik::db::migrate(&url).await.expect("up");
    let made = lines(
        &mut conn,
        "select format('%s.%s %s%s', table_name, column_name, udt_name, case is_nullable when 'YES' then '?' else '' end) as line
           from information_schema.columns
          where table_schema = 'public' and table_name <> '__diesel_schema_migrations'
            and table_name not in (select inhrelid::regclass::text from pg_inherits)",
    )
    .await;
    let said = columns_of_schema_rs();
    let missing: Vec<_> = made.difference(&said).collect();
    let untrue: Vec<_> = said.difference(&made).collect();
    assert!(missing.is_empty() && untrue.is_empty(), "missing: {missing:#?}\nuntrue: {untrue:#?}");
}

/// The columns of every `table!`, as `table.column type` with `?` where null is possible.
fn columns_of_schema_rs() -> BTreeSet<String> {
    let names = BTreeMap::from([
        ("Uuid", "uuid"),
        ("Text", "text"),
        ("Bytea", "bytea"),
        ("Binary", "bytea"),
        ("Timestamptz", "timestamptz"),
        ("Date", "date"),
        ("Bool", "bool"),
        ("Int2", "int2"),
        ("SmallInt", "int2"),
        ("Int4", "int4"),
        ("Integer", "int4"),
        ("Int8", "int8"),
        ("BigInt", "int8"),
        ("Double", "float8"),
        ("Float8", "float8"),
        ("Jsonb", "jsonb"),
    ]);
    let udt = |kind: &str| -> String {
        let (inner, array) = match kind.strip_prefix("Array<") {
            Some(inner) => (inner.trim_end_matches('>'), "_"),
            None => (kind, ""),
        };
        format!("{array}{}", names.get(inner).unwrap_or_else(|| panic!("unknown type {kind}")))
    };
    let mut columns = BTreeSet::new();
    for table in SCHEMA.split("diesel::table! {").skip(1) {
        let mut lines = table.lines().map(str::trim).skip_while(|line| line.is_empty());
        let name = lines.next().and_then(|line| line.split(' ').next()).expect("a name");
        for line in lines.take_while(|line| *line != "}") {
            let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") else {
                continue;
            };
            let (kind, null) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (&inner[..inner.len() - 1], "?"),
                None => (kind, ""),
            };
            let column = column.trim_start_matches("r#");
            columns.insert(format!("{name}.{column} {}{null}", udt(kind)));
        }
    }
    columns
}
