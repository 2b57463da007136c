//! The shapes of staff.

use super::super::staff::StaffRow;
use crate::{
    clock::Timestamp,
    error::{Broken, Faults},
    http::{auth::Role, body::BodyLimit},
    ids::AccountId,
    page::page_type,
};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// An account with its roles.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffMember {
    /// The account.
    pub id: AccountId,
    /// What others see.
    #[schema(max_length = 20, examples("박하늘"))]
    pub display_name: String,
    /// Where mail goes; `null` for accounts of an external issuer.
    #[schema(required, max_length = 254, examples("haneul@example.kr"))]
    pub email: Option<String>,
    /// What it is on the staff; empty for readers.
    #[schema(max_items = 10)]
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Timestamp,
}

page_type! {
    /// One page of the staff.
    StaffPage of StaffMember
}

impl From<StaffRow> for StaffMember {
    fn from(row: StaffRow) -> Self {
        Self {
            id: row.id,
            roles: row.roles(),
            display_name: row.display_name,
            email: row.email,
            created_at: row.created_at,
        }
    }
}

/// The roles that an account is to have.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"roles": ["moderator"]})))]
pub struct RolesInput {
    /// All of them; none makes a reader of a member of the staff.
    #[deserr(try_from(Vec<Role>) = each_once -> RolesFault)]
    #[schema(max_items = 3)]
    pub roles: Vec<Role>,
}

impl BodyLimit for RolesInput {}

/// A role that stands twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must name each role once.")]
pub struct RolesFault;

impl Broken for RolesFault {
    fn code(&self) -> &'static str {
        "repeated"
    }
    fn detail_ko(&self) -> String {
        "같은 역할을 두 번 적을 수 없습니다.".into()
    }
}

fn each_once(roles: Vec<Role>) -> Result<Vec<Role>, RolesFault> {
    let repeated = roles.iter().enumerate().any(|(n, role)| roles[..n].contains(role));
    if repeated { Err(RolesFault) } else { Ok(roles) }
}
