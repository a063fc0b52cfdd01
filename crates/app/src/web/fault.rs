//! A request that could not be answered as asked: what the person is told, and what the log is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;
use std::fmt;

/// Why a request was not answered as asked. `title` and `say` are for the person, in plain Chinese; `cause` is for the
/// log and never leaves the machine.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable name of this kind of problem in the API (`type` of the problem document).
    pub kind: &'static str,
    /// What happened, in a few words.
    pub title: Cow<'static, str>,
    /// What to do now: whole sentences.
    pub say: Cow<'static, str>,
    /// The field or parameter that was wrong.
    pub field: Option<&'static str>,
    /// What really happened, for the log only.
    pub cause: Option<String>,
    /// Each field of a program's request that is wrong; see [`Fault::errors`].
    errors: Option<Box<FieldErrors>>,
}

/// Fields that are wrong, each with what to do about it; boxed in a fault, because most have none.
#[derive(Debug, Clone, Default)]
struct FieldErrors(Vec<(String, String)>);

impl Fault {
    /// A fault of `status` named `kind` that tells `title` and `say`.
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        title: impl Into<Cow<'static, str>>,
        say: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (title, say) = (title.into(), say.into());
        Self { status, kind, title, say, field: None, cause: None, errors: None }
    }

    /// Absent, or not for this person: both answer the same.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有找到这个页面",
            "网址可能输错了，或者内容已经撤下。请回首页搜索您要办的事，也可以拨打 12345 询问。",
        )
    }

    /// A parameter or field that cannot be understood; `say` tells what it must be.
    pub fn bad_request(field: &'static str, say: impl Into<Cow<'static, str>>) -> Self {
        let mut fault = Self::new(StatusCode::BAD_REQUEST, "bad_request", "这个请求看不懂", say);
        fault.field = Some(field);
        fault
    }

    /// A form posted from another site.
    pub fn cross_site() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            "这个操作没有执行",
            "它不是从本站的页面发出的。如果是您本人要办事，请打开本站首页，从页面上重新操作。",
        )
    }

    /// Not signed in, or no longer: the way on is the sign-in page.
    pub fn sign_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "sign_in",
            "请先登录",
            "登录已经过期，或者还没有登录。请登录后再做一次；刚才的操作没有执行。",
        )
    }

    /// Too busy or not ready at the moment; trying again helps.
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "现在人有点多",
            "这次没有办成，您的资料没有改动。请过半分钟再试；急事请到就近的服务大厅或拨打 12345。",
        )
    }

    /// The database is away, or has no room: nothing was done, and what was acknowledged before is kept.
    pub fn away() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "系统暂时办不了",
            "数据暂时存不进去，这次没有办成；以前提交的资料都在。请过几分钟再试，急事请到就近的服务大厅或拨打 12345。",
        )
    }

    /// Files cannot be kept or read at the moment; what was typed is kept.
    pub fn files_away() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "files_away",
            "文件暂时存取不了",
            "这份文件没有存上，已经填好、传好的都还在。请过几分钟再试一次；急事请到就近的服务大厅或拨打 12345。",
        )
    }

    /// Somebody else changed the same thing first.
    pub fn changed_meanwhile() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "changed_meanwhile",
            "这件事刚刚被别人改过",
            "您这次的操作没有保存。请回到上一页刷新，看过最新情况后再操作一次。",
        )
    }

    /// Something broke on our side. `cause` is for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut fault = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "系统出了点问题",
            "这不是您的错。请过几分钟再试；还是不行，请拨打 12345，并告诉对方页面上的查询号。",
        );
        fault.cause = Some(cause.to_string());
        fault
    }

    /// The same with each field of a program's request that is wrong, and what to do about it.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<(String, String)>) -> Self {
        self.errors = Some(Box::new(FieldErrors(errors)));
        self
    }

    /// Each field that is wrong, with what to do about it.
    #[must_use]
    pub fn errors(&self) -> &[(String, String)] {
        self.errors.as_ref().map_or(&[], |errors| &errors.0)
    }

    /// The same in words for whoever writes a program: the sentences for people speak of pages and buttons.
    #[must_use]
    pub fn for_programs(mut self) -> Self {
        let (title, say) = match self.kind {
            "not_found" if self.title == "没有找到这个页面" => {
                ("没有找到", "没有这个编号的内容，或者不在本接入系统的范围内。请核对接口地址和编号。")
            }
            "method_not_allowed" => ("这个接口不能这样调用", "请求方法不对，可用的方法在 Allow 里。"),
            "unsupported_media_type" => {
                ("内容类型不对", "请在 Content-Type 里写接口说明中的类型，例如 application/json。")
            }
            "too_large" if self.title == "提交的内容太大" => {
                ("请求太大", "请求正文超过了上限：文件 25 MB，其他 1 MB。请分开提交。")
            }
            "bad_request" if self.field.is_none() && self.errors.is_none() => {
                ("这个请求看不懂", "请对照接口说明检查地址、参数和正文。")
            }
            "busy" => (
                "现在请求太多",
                "这次没有办成，什么也没有改动。请按 Retry-After 等一下，用同一个 Idempotency-Key 再试。",
            ),
            "internal" => (
                "系统出了点问题",
                "这不是调用方的错。请过几分钟用同一个 Idempotency-Key 再试；还是不行，请把 trace_id 告诉系统管理员。",
            ),
            _ => return self,
        };
        (self.title, self.say) = (title.into(), say.into());
        self
    }

    /// The words for a bare status, when a layer or the framework refused without words of its own.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::FORBIDDEN => {
                Self::new(status, "forbidden", "这一页不能看", "请登录后再试，或回首页重新找。")
            }
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "method_not_allowed",
                "这个网址不能这样用",
                "请回首页，从页面上的链接或按钮进入。",
            ),
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                Self { status, ..Self::busy() }
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "too_large",
                "提交的内容太大",
                "请把文件分开上传，单个文件不要超过 25 MB；照片可以先压缩再传。",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(status, "unsupported_media_type", "这种格式收不了", "请从本站页面上的表单提交。")
            }
            s if s.is_client_error() => {
                Self::new(status, "bad_request", "这个请求看不懂", "请回到上一页检查填写的内容，再提交一次。")
            }
            s => Self { status: s, ..Self::internal("a bare status") },
        }
    }
}

impl From<store::Error> for Fault {
    /// A database that is busy or away is told as such, with the time after which to try again.
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let mut fault = match &error {
            E::Busy | E::Timeout => Self::busy(),
            E::Unavailable(_) => Self::away(),
            E::Files(_) => Self::files_away(),
            E::NotFound => Self::not_found(),
            E::Conflict(_) => Self::changed_meanwhile(),
            _ => Self::internal(&error),
        };
        fault.cause = Some(error.to_string());
        fault
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.kind)
    }
}

impl std::error::Error for Fault {}

impl IntoResponse for Fault {
    /// Only the status and the fault itself; `problem::tell` writes the page or the document around it.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
