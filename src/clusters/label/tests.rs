use super::*;
use uuid::Uuid;

fn id(n: u128) -> ArticleId {
    ArticleId(Uuid::from_u128(n))
}

fn story_id(n: u128) -> StoryId {
    StoryId(Uuid::from_u128(n))
}

/// Article `n`, published at `n` by publisher `n % 2`.
fn member(n: u128, story: Option<u128>, place: Place) -> Member {
    Member {
        id: id(n),
        publisher: PublisherId(Uuid::from_u128(n % 2)),
        at: Timestamp::from_millis(n as i64),
        story: story.map(story_id),
        place,
        fixed: false,
    }
}

fn fixed(n: u128, story: Option<u128>) -> Member {
    Member { fixed: true, ..member(n, story, Place::Open) }
}

fn named(members: &[Member], led: &[(u128, u128)]) -> Labels {
    let led = led.iter().map(|(story, leader)| (story_id(*story), id(*leader))).collect();
    label(members, &led, || story_id(99))
}

fn told(labels: &Labels) -> Vec<(u128, Vec<u128>)> {
    let numbers = |story: &Story| story.members.iter().map(|member| member.0.as_u128()).collect();
    labels.stories.iter().map(|(id, story)| (id.0.as_u128(), numbers(story))).collect()
}

#[test]
fn one_alone_is_no_story_and_two_are_a_new_one() {
    let alone = named(&[member(1, None, Place::Leads)], &[]);
    assert_eq!(alone, Labels::default());
    let two = [member(1, None, Place::Leads), member(3, None, Place::Follows(id(1)))];
    let labels = named(&two, &[]);
    assert_eq!(told(&labels), [(99, vec![1, 3])]);
    assert_eq!(labels.stories[&story_id(99)].representative, id(3), "the publisher's newest");
}

#[test]
fn an_earlier_leader_takes_the_story_over() {
    let labels = named(
        &[
            member(1, None, Place::Leads),
            member(2, Some(7), Place::Follows(id(1))),
            member(3, Some(7), Place::Follows(id(1))),
        ],
        &[(7, 2)],
    );
    assert_eq!(told(&labels), [(7, vec![1, 2, 3])]);
    assert_eq!(labels.stories[&story_id(7)].leader, id(1));
}

#[test]
fn stories_that_meet_become_the_older_one() {
    let members = [
        member(1, None, Place::Leads),
        member(2, Some(8), Place::Follows(id(1))),
        member(3, Some(7), Place::Follows(id(1))),
        fixed(4, Some(8)),
    ];
    let labels = named(&members, &[(8, 2), (7, 3)]);
    assert_eq!(told(&labels), [(7, vec![1, 2, 3, 4])]);
    assert_eq!(labels.merged, BTreeMap::from([(story_id(8), story_id(7))]));
}

#[test]
fn a_story_whose_leader_is_gone_goes_on_with_the_next() {
    let labels = named(
        &[member(2, Some(7), Place::Leads), member(3, Some(7), Place::Follows(id(2)))],
        &[(7, 1)],
    );
    assert_eq!(told(&labels), [(7, vec![2, 3])]);
    assert_eq!(labels.stories[&story_id(7)].representative, id(2));
}

#[test]
fn of_two_groups_that_were_one_story_the_leaders_keeps_it() {
    let labels = named(
        &[
            member(1, Some(7), Place::Leads),
            member(2, Some(7), Place::Follows(id(1))),
            member(3, Some(7), Place::Leads),
            member(4, Some(7), Place::Follows(id(3))),
        ],
        &[(7, 1)],
    );
    assert_eq!(told(&labels), [(7, vec![1, 2]), (99, vec![3, 4])]);
}

#[test]
fn what_an_editor_placed_stays_and_may_lead() {
    let placed = [fixed(4, Some(7)), fixed(5, Some(7)), member(2, None, Place::Follows(id(4)))];
    let labels = named(&placed, &[(7, 4)]);
    assert_eq!(told(&labels), [(7, vec![2, 4, 5])]);
    assert_eq!(labels.stories[&story_id(7)].leader, id(4));
    let apart = named(&[fixed(1, None), member(2, Some(7), Place::Leads)], &[(7, 1)]);
    assert_eq!(told(&apart), []);
}

#[test]
fn what_followed_an_article_that_an_editor_moved_goes_with_it() {
    let members = [fixed(1, Some(8)), fixed(2, Some(8)), member(3, Some(7), Place::Follows(id(2)))];
    let labels = named(&members, &[(7, 1)]);
    assert_eq!(told(&labels), [(8, vec![1, 2, 3])]);
    assert_eq!(labels.stories[&story_id(8)].leader, id(1));
    assert_eq!(labels.merged, BTreeMap::from([(story_id(7), story_id(8))]));
}
