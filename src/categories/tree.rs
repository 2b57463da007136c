//! The tree of the rows: its order, the path of each category, and what a move would do to it.

use super::model::{Category, CategoryDetail, CategoryRow};
use crate::{
    error::{Faults, Message},
    ids::CategoryId,
    names::CategoryRef,
};
use std::collections::HashMap;

/// Levels a tree may have.
pub const DEPTH_MAX: usize = 8;

/// All categories, each findable by id and slug, with their children in order.
#[derive(Debug)]
pub struct Tree<'a> {
    by_id: HashMap<CategoryId, &'a CategoryRow>,
    children: HashMap<Option<CategoryId>, Vec<&'a CategoryRow>>,
}

impl<'a> Tree<'a> {
    /// Puts rows in order: among siblings by position, then by slug.
    #[must_use]
    pub fn new(rows: &'a [CategoryRow]) -> Self {
        let by_id = rows.iter().map(|row| (row.id, row)).collect();
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            children.entry(row.parent_id).or_default().push(row);
        }
        for siblings in children.values_mut() {
            siblings.sort_by(|a, b| (a.position, &a.slug).cmp(&(b.position, &b.slug)));
        }
        Self { by_id, children }
    }

    /// Those directly below `id`, or the top of the tree, in order.
    #[must_use]
    pub fn children(&self, id: Option<CategoryId>) -> &[&'a CategoryRow] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Every category, each before what is below it.
    #[must_use]
    pub fn in_order(&self) -> Vec<&'a CategoryRow> {
        let mut ordered = Vec::with_capacity(self.by_id.len());
        let mut waiting: Vec<_> = self.children(None).iter().rev().copied().collect();
        while let Some(row) = waiting.pop() {
            ordered.push(row);
            waiting.extend(self.children(Some(row.id)).iter().rev());
        }
        ordered
    }

    /// From the top of the tree down to `row` itself.
    #[must_use]
    pub fn path(&self, row: &'a CategoryRow) -> Vec<&'a CategoryRow> {
        let above = |row: &&'a CategoryRow| self.by_id.get(&row.parent_id?).copied();
        let mut path: Vec<_> = std::iter::successors(Some(row), above).collect();
        path.reverse();
        path
    }

    /// `row` as a list shows it.
    #[must_use]
    pub fn view(&self, row: &'a CategoryRow) -> Category {
        let path = self.path(row);
        Category {
            slug: row.slug.clone(),
            name: row.name.clone(),
            parent: path.iter().rev().nth(1).map(|parent| parent.slug.clone()),
            position: row.position,
            depth: path.len(),
            path: path.iter().map(|row| row.slug.clone()).collect(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            revision: row.revision,
        }
    }

    /// `row` as its own address shows it.
    #[must_use]
    pub fn detail(&self, row: &'a CategoryRow) -> CategoryDetail {
        let path = self.path(row);
        CategoryDetail {
            category: self.view(row),
            ancestors: path[..path.len() - 1].iter().map(|row| named(row)).collect(),
            children: self.children(Some(row.id)).iter().map(|row| named(row)).collect(),
        }
    }

    /// The position behind the last of the children of `parent` other than `but`.
    #[must_use]
    pub fn behind(&self, parent: Option<CategoryId>, but: Option<CategoryId>) -> i32 {
        let siblings = self.children(parent).iter().filter(|row| Some(row.id) != but);
        let last = siblings.map(|row| row.position).max();
        last.map_or(0, |last| (last + 1).min(super::model::POSITION_MAX))
    }

    /// Whether `row`, with all below it, may stand under `parent`.
    ///
    /// # Errors
    /// A fault at `/parent` when `parent` is below `row`, or a path would become too long.
    pub fn may_stand(
        &self,
        row: Option<&'a CategoryRow>,
        parent: Option<&'a CategoryRow>,
    ) -> Result<(), Faults> {
        let above = parent.map_or_else(Vec::new, |parent| self.path(parent));
        if row.is_some_and(|row| above.iter().any(|above| above.id == row.id)) {
            let detail = Message::new(
                "A category cannot stand under itself.",
                "자기 자신의 아래로 옮길 수 없습니다.",
            );
            return Err(Faults::at("/parent", "cycle", detail));
        }
        if above.len() + row.map_or(1, |row| self.height(row)) > DEPTH_MAX {
            let detail = Message::new(
                format!("The tree may have {DEPTH_MAX} levels."),
                format!("분류는 {DEPTH_MAX}단계까지 둘 수 있습니다."),
            );
            return Err(Faults::at("/parent", "too_deep", detail));
        }
        Ok(())
    }

    /// Which ancestors `row` has no longer, and which newly, once it stands under `parent`.
    #[must_use]
    pub fn exchanged(
        &self,
        row: &'a CategoryRow,
        parent: Option<&'a CategoryRow>,
    ) -> (Vec<CategoryId>, Vec<CategoryId>) {
        let ids = |path: Vec<&CategoryRow>| path.iter().map(|row| row.id).collect::<Vec<_>>();
        let mut old = ids(self.path(row));
        old.pop();
        let new = parent.map_or_else(Vec::new, |parent| ids(self.path(parent)));
        let lost = old.iter().filter(|id| !new.contains(id)).copied().collect();
        let gained = new.iter().filter(|id| !old.contains(id)).copied().collect();
        (lost, gained)
    }

    /// Levels from `row` down to the deepest below it; 1 without children.
    fn height(&self, row: &CategoryRow) -> usize {
        let (mut height, mut level) = (0, vec![row.id]);
        while !level.is_empty() {
            height += 1;
            level = level.iter().flat_map(|id| self.children(Some(*id))).map(|r| r.id).collect();
        }
        height
    }
}

fn named(row: &CategoryRow) -> CategoryRef {
    CategoryRef { slug: row.slug.clone(), name: row.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, names::Names};

    fn row(n: u128, slug: &str, parent: Option<u128>, position: i32) -> CategoryRow {
        let id = |n| CategoryId(uuid::Uuid::from_u128(n));
        let at = Timestamp::from_millis(0);
        CategoryRow {
            id: id(n),
            slug: slug.into(),
            name: Names { ko: slug.into(), en: slug.into() },
            parent_id: parent.map(id),
            position,
            revision: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn siblings_stand_by_position_then_slug_each_before_its_children() {
        let rows = [
            row(1, "b", None, 1),
            row(2, "a", None, 1),
            row(3, "last", None, 2),
            row(4, "b2", Some(1), 9),
            row(5, "b1", Some(1), 3),
        ];
        let tree = Tree::new(&rows);
        let slugs: Vec<_> = tree.in_order().iter().map(|row| row.slug.as_str()).collect();
        assert_eq!(slugs, ["a", "b", "b1", "b2", "last"]);
        let view = tree.view(&rows[4]);
        assert_eq!((view.parent.as_deref(), view.depth), (Some("b"), 2));
        assert_eq!(view.path, ["b", "b1"]);
        assert_eq!(tree.behind(None, None), 3);
        assert_eq!(tree.behind(None, Some(rows[2].id)), 2);
    }

    #[test]
    fn nothing_stands_under_itself_or_below_the_eighth_level() {
        let rows: Vec<_> =
            (1..=8).map(|n| row(n, &format!("c{n}"), (n > 1).then(|| n - 1), 0)).collect();
        let tree = Tree::new(&rows);
        let code = |row: Option<&'static str>, parent: &str| {
            let find = |slug: &str| rows.iter().find(|row| row.slug == slug);
            let may = tree.may_stand(row.and_then(find), find(parent));
            may.err().map(|faults| faults.0[0].code)
        };
        assert_eq!(code(Some("c2"), "c2"), Some("cycle"));
        assert_eq!(code(Some("c2"), "c5"), Some("cycle"));
        assert_eq!(code(None, "c8"), Some("too_deep"));
        assert_eq!(code(None, "c7"), None);
        assert_eq!(code(Some("c3"), "c1"), None);
    }
}
