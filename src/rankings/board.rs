//! Which boards there are. Pure.

use crate::{articles::model::Names, clock::Timestamp};
use jiff::tz::TimeZone;

/// A kind of ranked list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Board {
    /// Most views in a closed window.
    MostViewed,
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
    /// Seven times 24 hours.
    D7,
    /// Thirty times 24 hours.
    D30,
}

impl Window {
    /// Every window by its name on the wire.
    pub const ALL: [(&'static str, Self); 4] =
        [("1h", Self::H1), ("24h", Self::H24), ("7d", Self::D7), ("30d", Self::D30)];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::H1 => "1h",
            Self::H24 => "24h",
            Self::D7 => "7d",
            Self::D30 => "30d",
        }
    }
}

/// The name of a window in storage: empty for none.
#[must_use]
pub fn window_name(window: Option<Window>) -> &'static str {
    window.map_or("", Window::name)
}

impl Board {
    /// Every board.
    pub const ALL: [Self; 2] = [Self::MostViewed, Self::Latest];

    /// Its key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::MostViewed => "most_viewed",
            Self::Latest => "latest",
        }
    }

    /// The board of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|board| board.key() == key)
    }

    /// What readers call it.
    #[must_use]
    pub fn title(self) -> Names {
        let (ko, en) = match self {
            Self::MostViewed => ("랭킹 뉴스", "Most viewed"),
            Self::Latest => ("최신 뉴스", "Latest"),
        };
        Names { ko: ko.into(), en: en.into() }
    }

    /// How it ranks, in words.
    #[must_use]
    pub fn rule(self) -> Names {
        let (ko, en) = match self {
            Self::MostViewed => (
                "마지막으로 끝난 정시까지의 기간에 집계된 조회수. 같은 독자의 같은 기사 조회는 30분에 한 번만 세고, 봇·미리 가져오기·이 랭킹에서 온 조회는 빼며, 한 네트워크의 조회는 한도를 넘으면 로그로만 더합니다. 동점이면 최신 기사가 앞섭니다. 다른 곳에서 가져온 하루 조회수는 24시간 이상의 기간에 더합니다.",
                "Views in the window that ends at the last full hour. A reader's views of an article count once per half-hour; known programs, fetches ahead and views that came from this board do not rank; those of one network beyond a cap rank by logarithm. Of equals the newer article stands first. A day's figures imported from elsewhere are added to windows of 24 hours and more.",
            ),
            Self::Latest => {
                ("가장 최근에 게재된 기사부터.", "By the time of publication, newest first.")
            }
        };
        Names { ko: ko.into(), en: en.into() }
    }

    /// Its windows; none when it has no use for one.
    #[must_use]
    pub fn windows(self) -> &'static [Window] {
        match self {
            Self::MostViewed => &[Window::H1, Window::H24, Window::D7, Window::D30],
            Self::Latest => &[],
        }
    }

    /// The window when none is asked for.
    #[must_use]
    pub fn default_window(self) -> Option<Window> {
        self.windows().first().copied()
    }

    /// The moment a round at `at` speaks of: the last full hour for closed windows.
    #[must_use]
    pub fn taken_at(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::MostViewed => at.start_of_hour(zone),
            Self::Latest => at,
        }
    }

    /// How far back the snapshot lies, at least, that movements are told against.
    #[must_use]
    pub fn step_minutes(self, window: Option<Window>) -> i64 {
        match (self, window) {
            (Self::Latest, _) | (_, None | Some(Window::H1)) => 15,
            (_, Some(Window::H24)) => 60,
            (_, Some(Window::D7 | Window::D30)) => 24 * 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_names_lead_back() {
        for board in Board::ALL {
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
        assert_eq!(Board::MostViewed.taken_at(at, &TimeZone::UTC), full);
        assert_eq!(Board::MostViewed.taken_at(full, &TimeZone::UTC), full);
        assert_eq!(Board::Latest.taken_at(at, &TimeZone::UTC), at);
    }
}
