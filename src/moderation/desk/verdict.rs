//! What a decision makes of a comment.

use super::model::Action;
use crate::comments::model::Status;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stands as this from now on.
    Becomes(Status),
    /// It stays as it is: reports and appeals about it are settled.
    Stays,
    /// The decision does not fit where it stands.
    Refused,
}

/// What `action` makes of a comment that stands as `status`.
#[must_use]
pub fn verdict(action: Action, status: Status) -> Verdict {
    use Status::{Held, Pending, RemovedByAuthor, RemovedByModerator, RemovedByRule, Visible};
    match (action, status) {
        (Action::Approve, Pending | Held) => Verdict::Becomes(Visible),
        (Action::Reject, Pending | Held | Visible) => Verdict::Becomes(RemovedByModerator),
        (Action::Restore, RemovedByModerator | RemovedByRule) => Verdict::Becomes(Visible),
        (Action::Hold, Visible | Pending) => Verdict::Becomes(Held),
        (Action::Approve | Action::Restore, Visible)
        | (Action::Reject, RemovedByModerator | RemovedByRule)
        | (Action::Hold, Held) => Verdict::Stays,
        // What an author took away is the author's.
        (_, RemovedByAuthor) => Verdict::Refused,
        (Action::Approve, RemovedByModerator | RemovedByRule)
        | (Action::Restore, Pending | Held)
        | (Action::Hold, RemovedByModerator | RemovedByRule) => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_decision_brings_back_what_its_author_removed() {
        for (_, action) in Action::ALL {
            assert_eq!(verdict(action, Status::RemovedByAuthor), Verdict::Refused);
        }
    }

    #[test]
    fn a_decision_made_twice_stays() {
        for (_, action) in Action::ALL {
            for (_, status) in Status::ALL {
                if let Verdict::Becomes(after) = verdict(action, status) {
                    assert_eq!(verdict(action, after), Verdict::Stays, "{action:?} {status:?}");
                }
            }
        }
    }
}
