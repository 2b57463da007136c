use crate::error::{Code, Message};
use actix_web::http::StatusCode;
use std::borrow::Cow;

/// One kind of problem.
#[derive(Debug)]
pub struct Row {
    /// The kind.
    pub code: Code,
    /// Its name on the wire, the end of its `type`.
    pub name: &'static str,
    /// Its HTTP status.
    pub status: StatusCode,
    /// Short, the same each time.
    pub title: Message,
    /// What it means and what to do, for `/problems/{code}`.
    pub meaning: Message,
}

/// The row of `code`.
#[must_use]
pub fn row(code: Code) -> &'static Row {
    TABLE.iter().find(|row| row.code == code).unwrap_or(&TABLE[0])
}

macro_rules! table {
    ($($code:ident $name:literal $status:ident $title_en:literal $title_ko:literal $en:literal $ko:literal;)+) => {
        /// Every kind of problem. `internal` stands first.
        pub static TABLE: &[Row] = &[$(Row {
            code: Code::$code,
            name: $name,
            status: StatusCode::$status,
            title: Message { en: Cow::Borrowed($title_en), ko: Cow::Borrowed($title_ko) },
            meaning: Message { en: Cow::Borrowed($en), ko: Cow::Borrowed($ko) },
        },)+];

        /// Fails to compile when a code has no row.
        #[expect(dead_code, reason = "exists for the compiler")]
        fn every_code_has_a_row(code: Code) {
            match code { $(Code::$code => {},)+ }
        }
    };
}

table! {
    Internal "internal" INTERNAL_SERVER_ERROR "Internal error" "내부 오류"
        "The server failed. Nothing was written. Report the request id if it stays."
        "서버에 문제가 생겼습니다. 저장된 것은 없습니다. 계속되면 요청 번호와 함께 알려 주세요.";
    Unavailable "unavailable" SERVICE_UNAVAILABLE "Temporarily unavailable" "일시적으로 이용할 수 없음"
        "The server cannot answer just now. Retry after the time in Retry-After."
        "지금은 응답할 수 없습니다. Retry-After 뒤에 다시 시도해 주세요.";
    MalformedRequest "malformed_request" BAD_REQUEST "Malformed request" "잘못된 요청"
        "The request is not well-formed HTTP for this API."
        "요청의 형식이 올바르지 않습니다.";
    MalformedJson "malformed_json" BAD_REQUEST "Malformed JSON" "잘못된 JSON"
        "The body is not one JSON document in UTF-8, names a member twice, or is nested too deeply."
        "본문이 UTF-8로 된 하나의 JSON 문서가 아니거나, 같은 이름이 두 번 있거나, 너무 깊습니다.";
    MalformedCursor "malformed_cursor" BAD_REQUEST "Malformed cursor" "잘못된 커서"
        "The cursor was not made by this list with these parameters. Start again without one."
        "이 목록과 매개변수로 만들어진 커서가 아닙니다. 커서 없이 다시 시작해 주세요.";
    Unauthenticated "unauthenticated" UNAUTHORIZED "Authentication needed" "인증 필요"
        "Send a valid, unexpired key or access token as 'Authorization: Bearer …'."
        "유효한 키나 액세스 토큰을 'Authorization: Bearer …'로 보내 주세요.";
    InvalidCredentials "invalid_credentials" UNAUTHORIZED "Not logged in" "로그인할 수 없음"
        "The address and the password do not belong together, or the refresh token has ended. Log in again."
        "이메일과 비밀번호가 맞지 않거나 갱신 토큰이 끝났습니다. 다시 로그인해 주세요.";
    InsufficientScope "insufficient_scope" FORBIDDEN "Scope missing" "권한 없음"
        "The key, or the account's roles, do not hold the scope this operation needs."
        "이 작업에 필요한 권한이 키나 계정에 없습니다.";
    WrongPublisher "wrong_publisher" FORBIDDEN "Another publisher's" "다른 언론사의 것"
        "The key is bound to one publisher and this belongs to another, or needs a key that is not bound."
        "키가 한 언론사에 묶여 있어 다른 언론사의 것을 다룰 수 없습니다.";
    NotAReader "not_a_reader" FORBIDDEN "Not a reader" "독자가 아님"
        "The user agent is that of a known program, or the request is a fetch ahead of a reader. Only readers react."
        "알려진 프로그램의 요청이거나 미리 가져오기입니다. 반응은 독자만 남길 수 있습니다.";
    AccountNeeded "account_needed" FORBIDDEN "Account needed" "계정 필요"
        "Only someone with an account does this: send an access token, not a key."
        "계정이 있는 독자만 할 수 있습니다. 키가 아니라 액세스 토큰을 보내 주세요.";
    AccountSuspended "account_suspended" FORBIDDEN "Account suspended" "정지된 계정"
        "The account takes no part until the time in 'until'. Reading and its own data stay open."
        "'until'의 시각까지 참여할 수 없는 계정입니다. 읽기와 내 정보는 계속 이용할 수 있습니다.";
    AccountBanned "account_banned" FORBIDDEN "Account banned" "이용이 금지된 계정"
        "A moderator banned the account."
        "운영자가 이용을 금지한 계정입니다.";
    WrongPassword "wrong_password" FORBIDDEN "Wrong password" "틀린 비밀번호"
        "The account's current password is another one."
        "현재 비밀번호가 아닙니다.";
    RegistrationClosed "registration_closed" FORBIDDEN "Registration closed" "가입할 수 없음"
        "This server makes no accounts of its own: log in with the issuer it trusts."
        "이 서버에서는 가입할 수 없습니다. 연결된 서비스의 계정으로 로그인해 주세요.";
    NotFound "not_found" NOT_FOUND "Not found" "찾을 수 없음"
        "Nothing of this address is visible to you."
        "이 주소에서 볼 수 있는 것이 없습니다.";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "Method not allowed" "허용되지 않는 메서드"
        "The path exists, but not with this method. The Allow header lists those it has."
        "이 경로에서 쓸 수 없는 메서드입니다. Allow 헤더에 가능한 메서드가 있습니다.";
    NotAcceptable "not_acceptable" NOT_ACCEPTABLE "Not acceptable" "제공할 수 없는 형식"
        "The answer cannot be given in an encoding that Accept-Encoding allows."
        "요청한 인코딩으로 응답할 수 없습니다.";
    RequestTimeout "request_timeout" REQUEST_TIMEOUT "Request too slow" "요청 시간 초과"
        "The body did not arrive in time. Send it again."
        "본문이 제때 도착하지 않았습니다. 다시 보내 주세요.";
    Conflict "conflict" CONFLICT "Conflict" "충돌"
        "The request does not fit the present state of the resource."
        "자원의 현재 상태와 맞지 않는 요청입니다.";
    SlugTaken "slug_taken" CONFLICT "Slug taken" "이미 쓰인 슬러그"
        "Another resource has, or once had, this slug."
        "다른 자원이 쓰고 있거나 쓴 적이 있는 슬러그입니다.";
    ExternalIdTaken "external_id_taken" CONFLICT "External id taken" "이미 쓰인 외부 번호"
        "Another article of the publisher has this external id. Use PUT to write by external id."
        "언론사의 다른 기사가 같은 외부 번호를 씁니다. 외부 번호로 쓰려면 PUT을 사용하세요.";
    EmailTaken "email_taken" CONFLICT "Address taken" "이미 가입된 이메일"
        "There is an account with this address of mail."
        "이 이메일로 가입한 계정이 있습니다.";
    NameTaken "name_taken" CONFLICT "Name taken" "이미 쓰이는 이름"
        "Somebody has this display name, or one that looks like it."
        "같거나 비슷해 보이는 이름을 다른 사람이 쓰고 있습니다.";
    NoPassword "no_password" CONFLICT "No password" "비밀번호가 없는 계정"
        "The account belongs to an external issuer and has no password here."
        "외부 서비스의 계정이라 이곳에 비밀번호가 없습니다.";
    LastAdmin "last_admin" CONFLICT "The last admin" "마지막 관리자"
        "The account is the last with the role 'admin'. Give the role to another first."
        "'admin' 역할이 있는 마지막 계정입니다. 먼저 다른 계정에 역할을 주세요.";
    StateConflict "state_conflict" CONFLICT "Not possible in this state" "현재 상태에서 불가능"
        "The article's status does not allow this transition."
        "기사의 현재 상태에서는 할 수 없는 작업입니다.";
    NotEmpty "not_empty" CONFLICT "Not empty" "비어 있지 않음"
        "It still has articles or children. Move them first."
        "아직 기사나 하위 항목이 있습니다. 먼저 옮겨 주세요.";
    CommentsClosed "comments_closed" CONFLICT "Comments closed" "댓글 마감"
        "The article takes no comments, or no more. Its comment policy says since when and by whom."
        "이 기사는 댓글을 받지 않거나 마감되었습니다. 댓글 정책에 시점과 출처가 있습니다.";
    EditWindowOver "edit_window_over" CONFLICT "No longer editable" "수정 시간이 지남"
        "A comment may be edited for some time after it was written, while it stands."
        "댓글은 쓴 뒤 일정 시간 동안, 게시되어 있을 때만 고칠 수 있습니다.";
    CommentRemoved "comment_removed" CONFLICT "Comment removed" "삭제된 댓글"
        "The comment was removed or waits for a moderator: it takes no replies, votes or reports, and only removals can be appealed."
        "삭제되었거나 검토 중인 댓글입니다. 답글, 공감, 신고를 할 수 없습니다.";
    OwnComment "own_comment" FORBIDDEN "Your own comment" "내 댓글"
        "Nobody votes on their own comment or reports it."
        "자신의 댓글에는 공감하거나 신고할 수 없습니다.";
    NotYours "not_yours" FORBIDDEN "Not yours" "권한 없음"
        "It belongs to somebody else."
        "다른 사람의 것입니다.";
    CommentRefused "comment_refused" UNPROCESSABLE_ENTITY "Comment refused" "등록할 수 없는 댓글"
        "The text breaks a rule of this site; 'errors' names the reason. Write it otherwise."
        "이 사이트의 규칙에 어긋나는 글입니다. 'errors'에 이유가 있습니다. 고쳐서 다시 써 주세요.";
    QuotaUsedUp "quota_used_up" TOO_MANY_REQUESTS "Quota used up" "한도 초과"
        "The quota named in RateLimit is used up. Where Retry-After is given, come back then; a quota per article does not come back."
        "RateLimit의 한도를 모두 썼습니다. Retry-After가 있으면 그 뒤에 다시 시도해 주세요. 기사별 한도는 다시 늘지 않습니다.";
    TooManyStreams "too_many_streams" SERVICE_UNAVAILABLE "Too many streams" "너무 많은 스트림"
        "As many streams are open as the server keeps. Poll the list, or come back after Retry-After."
        "열 수 있는 스트림이 모두 쓰이고 있습니다. 목록을 다시 읽거나 Retry-After 뒤에 시도해 주세요.";
    IdempotencyInFlight "idempotency_in_flight" CONFLICT "Same key in flight" "같은 키로 처리 중"
        "A request with this Idempotency-Key is being worked on. Retry after a second."
        "같은 Idempotency-Key의 요청을 처리하고 있습니다. 잠시 뒤 다시 시도해 주세요.";
    SecretAlreadyIssued "secret_already_issued" CONFLICT "Secret already issued" "이미 발급된 비밀"
        "This Idempotency-Key already issued a secret, which is shown once only."
        "이 Idempotency-Key로 이미 비밀이 발급되었고, 비밀은 한 번만 보여 드립니다.";
    Withdrawn "withdrawn" GONE "Withdrawn" "게재 중단"
        "The article was published and then withdrawn. What is left of it stands in 'tombstone'."
        "게재되었다가 중단된 기사입니다. 남은 정보는 'tombstone'에 있습니다.";
    PreconditionFailed "precondition_failed" PRECONDITION_FAILED "Changed meanwhile" "그사이 변경됨"
        "If-Match names another revision than the current one, which the ETag header gives. Read again, then write."
        "If-Match의 판이 현재와 다릅니다. 현재 판은 ETag 헤더에 있습니다. 다시 읽고 써 주세요.";
    PayloadTooLarge "payload_too_large" PAYLOAD_TOO_LARGE "Body too large" "너무 큰 본문"
        "The body is over the limit that /v1/meta lists."
        "본문이 /v1/meta에 있는 한도를 넘습니다.";
    UriTooLong "uri_too_long" URI_TOO_LONG "Address too long" "너무 긴 주소"
        "The address is over 8 KiB."
        "주소가 8 KiB를 넘습니다.";
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "Unsupported content type" "지원하지 않는 형식"
        "Send the content type that the operation documents, in UTF-8 and without a Content-Encoding."
        "문서에 적힌 형식으로, UTF-8로, Content-Encoding 없이 보내 주세요.";
    Invalid "invalid" UNPROCESSABLE_ENTITY "Invalid input" "올바르지 않은 입력"
        "The request is well-formed but not valid; 'errors' lists every fault."
        "형식은 맞지만 내용이 올바르지 않습니다. 'errors'에 모든 오류가 있습니다.";
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY "Key used for another request" "다른 요청에 쓰인 키"
        "This Idempotency-Key belongs to a request with another body. Use a new key."
        "이 Idempotency-Key는 다른 본문의 요청에 쓰였습니다. 새 키를 쓰세요.";
    PreconditionRequired "precondition_required" PRECONDITION_REQUIRED "If-Match needed" "If-Match 필요"
        "Send the ETag you last read as If-Match, so that nobody's change is overwritten."
        "다른 변경을 덮어쓰지 않도록 마지막으로 읽은 ETag를 If-Match로 보내 주세요.";
    RateLimited "rate_limited" TOO_MANY_REQUESTS "Too many requests" "너무 많은 요청"
        "The rate limit named in RateLimit is used up. Retry after the time in Retry-After."
        "RateLimit의 한도를 모두 썼습니다. Retry-After 뒤에 다시 시도해 주세요.";
    LoginDelayed "login_delayed" TOO_MANY_REQUESTS "Too many attempts" "너무 많은 시도"
        "Too many attempts failed with this address. Retry after the time in Retry-After, or set a new password."
        "이 이메일로 실패한 시도가 너무 많습니다. Retry-After 뒤에 다시 시도하거나 비밀번호를 다시 정해 주세요.";
    HeadersTooLarge "headers_too_large" REQUEST_HEADER_FIELDS_TOO_LARGE "Headers too large" "너무 큰 헤더"
        "The request's headers are too large."
        "요청 헤더가 너무 큽니다.";
}
