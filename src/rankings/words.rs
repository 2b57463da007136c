//! How each board ranks, in words. Pure.

use super::board::Board;
use crate::articles::model::Names;

impl Board {
    /// How it ranks, in words.
    #[must_use]
    pub fn rule(self) -> Names {
        let (ko, en) = self.words();
        Names { ko: ko.into(), en: en.into() }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::MostViewed => (
                "마지막으로 끝난 정시까지의 기간에 집계된 조회수. 같은 독자의 같은 기사 조회는 30분에 한 번만 세고, 봇·미리 가져오기·이 랭킹에서 온 조회는 빼며, 한 네트워크의 조회는 한도를 넘으면 로그로만 더합니다. 같은 내용을 전한 기사들은 하나로 묶어 합산합니다. 동점이면 최신 기사가 앞섭니다. 다른 곳에서 가져온 하루 조회수는 24시간 이상의 기간에 더합니다.",
                "Views in the window that ends at the last full hour. A reader's views of an article count once per half-hour; known programs, fetches ahead and views that came from this board do not rank; those of one network beyond a cap rank by logarithm. Articles that tell one report stand as one, with the sum of their views. Of equals the newer article stands first. A day's figures imported from elsewhere are added to windows of 24 hours and more.",
            ),
            Self::MostReacted => (
                "기간 안에 남아 있는 독자별 공감 수. 한 독자는 한 기사에 하나만 남길 수 있고, 취소하면 남긴 시각의 수에서 빠집니다. 1시간·24시간은 5분마다 움직이고, 7일·30일은 마지막 정시에 끝납니다. sort=rate는 조회수 50 이상인 기사를 조회 대비 공감 비율의 윌슨 95% 하한으로 줄 세웁니다.",
                "Standing reactions of distinct readers in the window: one each for an article; one taken back is taken from the moment it was made. Windows of 1 and 24 hours move on every five minutes, those of 7 and 30 days end at the last full hour. sort=rate orders articles with 50 views or more by the lower bound of the Wilson 95 % interval of reactions to views.",
            ),
            Self::ReactionRate => (
                "조회수 50 이상인 기사를 조회 대비 공감 비율의 윌슨 95% 하한으로 줄 세웁니다.",
                "Articles with 50 views or more by the lower bound of the Wilson 95 % interval of reactions to views.",
            ),
            Self::MostCommented => (
                "기간 안에 댓글을 쓴 독자 수. 한 독자가 여러 번 써도 한 명이며, 독자 수가 같으면 댓글이 많은 기사가 앞섭니다(댓글 수는 로그로만 더합니다). 지금 보이는 댓글만 세므로 삭제되거나 보류된 댓글은 빠집니다. 1시간·24시간은 5분마다 움직이고, 7일·30일은 마지막 정시에 끝납니다.",
                "Distinct readers who commented in the window, and a tenth of the binary logarithm of one more than their comments: of equals the one with more comments stands first, and two who argue remain two. Only comments that are shown now count. Windows of 1 and 24 hours move on every five minutes, those of 7 and 30 days end at the last full hour.",
            ),
            Self::MostShared => (
                "기간 안의 공유 수. 같은 독자의 같은 기사 공유는 30분에 한 번만 세고, 한 네트워크의 공유는 한도를 넘으면 로그로만 더합니다.",
                "Shares in the window. A reader's shares of an article count once per half-hour; those of one network beyond a cap rank by logarithm.",
            ),
            Self::Popular => (
                "시간이 지날수록 반감하는 조회·공유·공감과 댓글 쓴 독자의 합. 반감기는 이 목록의 조회가 많을수록 짧습니다(30분에서 24시간). 이 목록에서 온 조회는 더하지 않습니다.",
                "Views, shares, reactions and readers who commented, which fade: each weighs half as much after the half-life, which is the shorter the more is read in the scope (30 minutes to 24 hours). Views that came from this board are not added.",
            ),
            Self::Trending => (
                "최근 조회(반감기 2시간)가 그 기사의 평소(반감기 24시간)와 전체 흐름에 비해 얼마나 많은지를 표준편차로 나타낸 값. 여러 네트워크에서, 여러 분에 걸쳐 읽혀야 오릅니다. 이 목록에서 온 조회는 더하지 않습니다.",
                "How far recent views (half-life 2 hours) exceed what the article's own past (half-life 24 hours) and the traffic of the whole let expect, in standard deviations. It takes views from several networks over several minutes. Views that came from this board are not added.",
            ),
            Self::Recommended => (
                "편집자가 고른 기사 다음에, 최근 인기·최신·공감 기사 가운데 하루 반감기로 꾸준히 읽힌 기사. 한 매체는 여섯 자리에 둘, 전체 목록에서 한 분류는 셋까지 먼저 놓습니다.",
                "Editors' picks first; then, of the popular, the newest and the most reacted, what was read most steadily (half-life 24 hours). A publisher has two places of six, and over all a category three, as long as others last.",
            ),
            Self::Latest => (
                "가장 최근에 게재된 기사부터. 같은 내용을 전한 기사들은 대표 기사 하나로 묶습니다.",
                "By the time of publication, newest first. Articles that tell one report stand as their representative.",
            ),
        }
    }
}
