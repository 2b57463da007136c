//! Correction notices: what was changed after readers had seen it.

use super::{
    model::{Correction, CorrectionKind},
    write::{self, Existing},
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Error, Faults, Result},
    http::body::BodyLimit,
    ids::CorrectionId,
    text::{TextFault, lines},
};
use deserr::Deserr;
use diesel::sql_types::{Text, Timestamptz, Uuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use utoipa::ToSchema;

/// A correction notice as an editor sends it.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewCorrection {
    /// What kind of change.
    #[schema(inline)]
    pub kind: CorrectionKind,
    /// What was changed and why, in words for readers.
    #[deserr(try_from(String) = lines::<2000> -> TextFault)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        examples("둘째 문단의 날짜를 21일에서 22일로 바로잡습니다.")
    )]
    pub text: String,
}

impl BodyLimit for NewCorrection {}

crate::page::page_type! {
    /// The correction notices of an article, oldest first.
    CorrectionPage of Correction
}

/// Adds a notice to an article the caller has locked; a new revision.
///
/// # Errors
/// What the database says.
pub async fn add(
    conn: &mut AsyncPgConnection,
    there: &Existing,
    new: &NewCorrection,
    by: &str,
    now: Timestamp,
) -> Result<Correction> {
    let correction = Correction {
        id: CorrectionId::new(),
        kind: new.kind,
        text: new.text.clone(),
        published_at: now,
    };
    write::supersede(conn, &[there.id]).await?;
    diesel::sql_query(
        "insert into article_corrections (id, article_id, kind, text, published_at) values ($1, $2, $3, $4, $5)",
    )
    .bind::<Uuid, _>(correction.id)
    .bind::<Uuid, _>(there.id)
    .bind::<Text, _>(correction.kind.name())
    .bind::<Text, _>(&correction.text)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    diesel::sql_query(
        "update articles set corrected_at = $2, updated_at = $2, written_by = $3, revision = revision + 1 where id = $1",
    )
    .bind::<Uuid, _>(there.id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(by)
    .prepared()
    .execute(conn)
    .await
    .map_err(Error::from)?;
    Ok(correction)
}
