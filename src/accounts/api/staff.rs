//! Who is on the staff.

use super::super::{
    model::staff::{RolesInput, StaffMember, StaffPage},
    staff,
};
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Error, OrNotFound, Result, What},
    http::{
        auth::{Admin, Allowed},
        body::Body,
        conditional::{Answer, Cache},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::AccountId,
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, get, put, web::Data};

/// List the staff
///
/// Every account that has a role, oldest first. Roles that an external issuer grants are not listed.
#[utoipa::path(
    tag = "accounts",
    params(PageRequest),
    security(("api_key" = ["admin"])),
    responses((
        status = 200,
        description = "One page of the staff.",
        body = StaffPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/staff")]
pub async fn list_staff(
    _: Allowed<Admin>,
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let from = page.from().map(|at| at.id).unwrap_or_default();
    let rows = staff::list(&conn, from, page.backward(), page.limit.plus_one()).await?;
    let page = page.page(rows, |row| Position { key: 0, id: row.id.0 }).map(StaffMember::from);
    let link = page.link();
    Answer::new(&StaffPage::from(page), Cache::Private).link(link).to(&request)
}

/// Get the roles of an account
///
/// Of any account, whether or not it is on the staff.
#[utoipa::path(
    tag = "accounts",
    params(AccountId),
    security(("api_key" = ["admin"])),
    responses(
        (status = 200, description = "The account with its roles.", body = StaffMember, headers(("ETag"))),
        (status = 404, description = "There is no such account."),
    ),
)]
#[get("/staff/{id}/roles")]
pub async fn get_roles(
    _: Allowed<Admin>,
    Path(id): Path<AccountId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = staff::find(&conn, id).await.or_not_found(What::Account)?;
    Answer::new(&StaffMember::from(row), Cache::Private).to(&request)
}

/// Set the roles of an account
///
/// All of them at once; they hold at the account's next request. Somebody must stay who is an admin.
#[utoipa::path(
    tag = "accounts",
    params(AccountId),
    security(("api_key" = ["admin"])),
    request_body(content = RolesInput, description = "The roles."),
    responses(
        (status = 200, description = "The account with its roles.", body = StaffMember),
        (status = 404, description = "There is no such account."),
        (status = 409, description = "Nobody would be left who is an admin: `last_admin`."),
    ),
)]
#[put("/staff/{id}/roles")]
pub async fn set_roles(
    caller: Allowed<Admin>,
    Path(id): Path<AccountId>,
    _: Query<NoParameters>,
    Body(input): Body<RolesInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let row = db::transaction(&mut conn, async |conn| {
        staff::set_roles(conn, id, &input.roles, clock.now()).await
    })
    .await?;
    let row = row.ok_or_else(|| Error::not_found(What::Account))?;
    tracing::info!(account = %id, roles = ?row.roles, by = %caller.0.id(), "roles were set");
    Answer::new(&StaffMember::from(row), Cache::Private).untagged().to(&request)
}
