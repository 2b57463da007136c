//! Which boards there are, over which windows. Pure.

use crate::{articles::model::Names, clock::Timestamp};
use jiff::tz::TimeZone;

/// A kind of ranked list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Board {
    /// Most views in a window of closed hours.
    MostViewed,
    /// Most reactions of distinct readers.
    MostReacted,
    /// The same by rate: reactions for each view.
    ReactionRate,
    /// Most readers who commented.
    MostCommented,
    /// Most shares.
    MostShared,
    /// Views, shares and reactions that fade.
    Popular,
    /// Far more views than usual.
    Trending,
    /// Editors' picks, then what keeps readers' interest, in variety.
    Recommended,
    /// Newest first.
    Latest,
}

/// The stretch of time a board looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// One hour.
    H1,
    /// 24 hours.
    H24,
    /// 72 hours.
    H72,
    /// Seven times 24 hours.
    D7,
    /// Thirty times 24 hours.
    D30,
}

impl Window {
    /// Every window by its name on the wire.
    pub const ALL: [(&'static str, Self); 5] = [
        ("1h", Self::H1),
        ("24h", Self::H24),
        ("72h", Self::H72),
        ("7d", Self::D7),
        ("30d", Self::D30),
    ];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, window)| *window == self);
        found.map_or("", |(name, _)| name)
    }

    /// The window of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, window)| *window)
    }
}

/// The name of a window in storage: empty for none.
#[must_use]
pub fn window_name(window: Option<Window>) -> &'static str {
    window.map_or("", Window::name)
}

/// Windows of boards that count.
const COUNTED: &[Window] = &[Window::H1, Window::H24, Window::D7, Window::D30];

impl Board {
    /// Every board.
    pub const ALL: [Self; 9] = [
        Self::MostViewed,
        Self::MostReacted,
        Self::ReactionRate,
        Self::MostCommented,
        Self::MostShared,
        Self::Popular,
        Self::Trending,
        Self::Recommended,
        Self::Latest,
    ];

    /// Its key. `most_reacted` is one board in two orders.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::MostViewed => "most_viewed",
            Self::MostReacted | Self::ReactionRate => "most_reacted",
            Self::MostCommented => "most_commented",
            Self::MostShared => "most_shared",
            Self::Popular => "popular",
            Self::Trending => "trending",
            Self::Recommended => "recommended",
            Self::Latest => "latest",
        }
    }

    /// Its name in storage, where each order is a list of its own.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::ReactionRate => "most_reacted/rate",
            other => other.key(),
        }
    }

    /// The board stored under this name.
    #[must_use]
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|board| board.stored() == name)
    }

    /// The board of this key, in its usual order.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|board| board.key() == key)
    }

    /// The boards as readers count them: each key once.
    pub fn public() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|board| board.key() == board.stored())
    }

    /// This board in the order of rates; `None` when it has none.
    #[must_use]
    pub fn by_rate(self) -> Option<Self> {
        (self.key() == Self::ReactionRate.key()).then_some(Self::ReactionRate)
    }

    /// What readers call it.
    #[must_use]
    pub fn title(self) -> Names {
        let (ko, en) = match self {
            Self::MostViewed => ("랭킹 뉴스", "Most viewed"),
            Self::MostReacted | Self::ReactionRate => ("공감 뉴스", "Most reacted"),
            Self::MostCommented => ("댓글 많은 뉴스", "Most commented"),
            Self::MostShared => ("많이 공유한 뉴스", "Most shared"),
            Self::Popular => ("인기 뉴스", "Popular"),
            Self::Trending => ("지금 뜨는 뉴스", "Trending now"),
            Self::Recommended => ("추천 뉴스", "Recommended"),
            Self::Latest => ("최신 뉴스", "Latest"),
        };
        Names { ko: ko.into(), en: en.into() }
    }

    /// Its windows; none when it has no use for one.
    #[must_use]
    pub fn windows(self) -> &'static [Window] {
        match self {
            Self::MostViewed | Self::MostReacted | Self::MostCommented | Self::MostShared => {
                COUNTED
            }
            Self::ReactionRate => &[Window::H24, Window::D7, Window::D30],
            Self::Popular => &[Window::H24],
            Self::Trending => &[Window::H1],
            Self::Recommended => &[Window::H72],
            Self::Latest => &[],
        }
    }

    /// The window when none is asked for.
    #[must_use]
    pub fn default_window(self) -> Option<Window> {
        match self {
            Self::MostReacted | Self::MostCommented | Self::MostShared => Some(Window::H24),
            _ => self.windows().first().copied(),
        }
    }

    /// Its lists: one for each window.
    pub fn lists(self) -> impl Iterator<Item = Option<Window>> {
        let windows = self.windows();
        let none = windows.is_empty().then_some(None);
        windows.iter().copied().map(Some).chain(none)
    }

    /// Whether it states figures: such a board folds, and is never thinned for variety.
    #[must_use]
    pub fn is_factual(self) -> bool {
        !matches!(self, Self::Popular | Self::Trending | Self::Recommended)
    }

    /// Whether the window is made of closed hours: it then says the same until the next full hour.
    #[must_use]
    pub fn is_closed(self, window: Option<Window>) -> bool {
        match self {
            Self::MostViewed | Self::ReactionRate => true,
            Self::MostReacted | Self::MostCommented | Self::MostShared => {
                matches!(window, Some(Window::D7 | Window::D30))
            }
            _ => false,
        }
    }

    /// The moment a round at `at` speaks of: the last full hour for closed windows, the last full five
    /// minutes for sliding ones that count, else the round's own.
    #[must_use]
    pub fn taken_at(self, window: Option<Window>, at: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            _ if self.is_closed(window) => at.start_of_hour(zone),
            Self::MostReacted | Self::MostCommented | Self::MostShared => five_minutes(at),
            _ => at,
        }
    }

    /// How far back the snapshot lies, at least, that movements are told against.
    #[must_use]
    pub fn step_minutes(self, window: Option<Window>) -> i64 {
        match window {
            None | Some(Window::H1) => 15,
            Some(Window::H24 | Window::H72) => 60,
            Some(Window::D7 | Window::D30) => 24 * 60,
        }
    }
}

/// The last full five minutes.
#[must_use]
pub fn five_minutes(at: Timestamp) -> Timestamp {
    const MS: i64 = 5 * 60 * 1000;
    Timestamp::from_millis(at.as_millis().div_euclid(MS) * MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_names_lead_back() {
        for board in Board::ALL {
            assert_eq!(Board::from_stored(board.stored()), Some(board));
            assert_eq!(Board::from_key(board.key()).map(Board::key), Some(board.key()));
        }
        for board in Board::public() {
            assert_eq!(Board::from_key(board.key()), Some(board));
        }
        for (name, window) in Window::ALL {
            assert_eq!(window.name(), name);
        }
    }

    #[test]
    fn most_viewed_speaks_of_the_last_full_hour_and_latest_of_now() {
        let at: Timestamp = "2026-11-22T09:59:59.999Z".parse().expect("an instant");
        let full: Timestamp = "2026-11-22T09:00:00Z".parse().expect("an instant");
        let taken = |board: Board, at| board.taken_at(board.default_window(), at, &TimeZone::UTC);
        assert_eq!(taken(Board::MostViewed, at), full);
        assert_eq!(taken(Board::MostViewed, full), full);
        assert_eq!(taken(Board::MostReacted, at), full.plus_minutes(55));
        assert_eq!(taken(Board::Latest, at), at);
    }
}
