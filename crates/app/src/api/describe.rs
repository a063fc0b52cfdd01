//! The OpenAPI 3.1 document, from the handlers and types themselves; what all operations share (who may, which refusals)
//! comes from the table of routes, so that the document cannot promise what the gate refuses.

use super::ask::{KEY, LONGEST_KEY};
use super::{act, applications, calendar, case, files, item, items, lists, lookup, oauth, orgs, papers};
use crate::routes::{self, Access};
use domain::identity::ClientScope;
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, OpenApi as Document, Ref, RefOr, Required, Response, ResponseBuilder,
};
use utoipa::{Modify, OpenApi, ToSchema};

/// Every refusal (RFC 9457).
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "only its description is used; crate::web writes it")]
pub(super) struct Problem {
    /// 问题的种类，例如 /problems/bad_request；不会变，程序可以据此判断。
    r#type: String,
    /// 一句话说明。
    title: String,
    /// HTTP 状态码。
    status: u16,
    /// 怎么办，可以直接显示给人看。
    detail: String,
    /// 本次请求的编号，报障时请提供。
    trace_id: String,
    /// 出错的那一项参数。
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// 出错的每一项。
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldProblem>>,
}

/// 出错的一项。
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "only its description is used; crate::web writes it")]
pub(super) struct FieldProblem {
    /// 哪一项。
    field: String,
    /// 怎么改。
    detail: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "近办开放接口",
        version = "1",
        description = "部门业务系统与近办之间的接口。接口不另立规则：能做什么由岗位权限表和办件的状态决定，和工作人员在页面上办理完全一样。",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "本市的近办")),
    tags(
        (name = "令牌", description = "用编号和密钥换令牌"),
        (name = "事项", description = "事项、办事指南、表单和材料"),
        (name = "机构", description = "机构和服务大厅"),
        (name = "工作日", description = "工作日和期限"),
        (name = "申请", description = "代申请人申请：新建、填写、上传材料、检查、提交"),
        (name = "办件", description = "本机构及下级的办件：列表、经过、办理"),
        (name = "文件", description = "上传和下载文件"),
        (name = "文书", description = "受理通知书、决定书等文书")
    ),
    paths(
        oauth::token,
        items::items,
        item::item,
        item::versions,
        item::form,
        orgs::list,
        orgs::one,
        orgs::halls,
        calendar::year,
        calendar::deadline,
        applications::list,
        applications::start,
        applications::one,
        applications::change,
        applications::discard,
        applications::check,
        applications::attach,
        applications::detach,
        applications::submit,
        lists::open,
        lists::filed,
        lists::tasks,
        case::one,
        case::events,
        act::act,
        lookup::lookup,
        files::keep,
        files::supplement,
        files::list,
        files::read,
        papers::list,
        papers::read
    ),
    components(schemas(Problem, FieldProblem)),
    modifiers(&Common)
)]
struct Api;

/// The document.
pub(super) fn document() -> Document {
    Api::openapi()
}

/// The name of the security scheme.
const OAUTH: &str = "oauth2";
const BASIC: &str = "client";

struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let scopes = Scopes::from_iter(ClientScope::ALL.iter().map(|scope| (scope.as_str(), scope.label())));
        let flow = Flow::ClientCredentials(ClientCredentials::new("/api/v1/oauth/token", scopes));
        components.add_security_scheme(OAUTH, SecurityScheme::OAuth2(OAuth2::new([flow])));
        components.add_security_scheme(BASIC, SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)));
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                complete(path, method, operation);
            }
        }
    }
}

/// The operations of a path with the names of their methods.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", item.get.as_mut()),
        ("POST", item.post.as_mut()),
        ("PUT", item.put.as_mut()),
        ("DELETE", item.delete.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
}

/// Adds to an operation what follows from its row in the table of routes and from its kind.
fn complete(path: &str, method: &str, operation: &mut Operation) {
    operation.operation_id = Some(id(path, method));
    let mut refusals: Vec<(u16, &str)> = vec![(503, "现在请求太多，请按 Retry-After 再试")];
    if path != "/api/v1/oauth/token" {
        refusals.push((400, "参数或正文不对"));
    }
    match routes::of(method, path) {
        Some(Access::Api(scopes)) => {
            let one = |scope: &ClientScope| SecurityRequirement::new(OAUTH, [scope.as_str()]);
            operation.security = Some(scopes.iter().map(one).collect());
            refusals.extend([
                (401, "没有令牌，或者令牌不能用"),
                (403, "令牌没有这项授权"),
                (429, "太快，或者今天的次数用完了"),
            ]);
        }
        _ if path == "/api/v1/oauth/token" => {
            operation.security =
                Some(vec![SecurityRequirement::new(BASIC, [] as [&str; 0]), SecurityRequirement::default()]);
        }
        _ => {}
    }
    if path.contains('{') {
        refusals.push((404, "没有，或者不在本接入系统的范围内"));
    }
    let keyed = method == "POST" && path != "/api/v1/oauth/token";
    if keyed {
        operation.parameters.get_or_insert_default().push(RefOr::T(key()));
        refusals.push((409, "这一步现在不能办，或者办件已经有了变化"));
    }
    if method == "PUT" || method == "DELETE" {
        refusals.push((409, "已经提交，不能再改"));
    }
    if keyed || operation.request_body.is_some() && path != "/api/v1/oauth/token" {
        refusals.push((413, "太大"));
        refusals.push((422, "内容不符合要求，或者 Idempotency-Key 用在了另一个请求上"));
    }
    if operation.request_body.is_some() && path != "/api/v1/oauth/token" {
        refusals.push((415, "内容类型不对，或者文件不是照片或 PDF"));
    }
    for (status, say) in refusals {
        operation.responses.responses.insert(status.to_string(), RefOr::T(problem(status, say)));
    }
}

/// `get_cases_id` for `GET /api/v1/cases/{id}`.
fn id(path: &str, method: &str) -> String {
    let words =
        path.trim_start_matches("/api/v1/").split(['/', '{', '}', '-']).filter(|word| !word.is_empty());
    [method.to_lowercase().as_str()].into_iter().chain(words).collect::<Vec<_>>().join("_")
}

fn key() -> utoipa::openapi::path::Parameter {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST_KEY))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name(KEY.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(
            "每个请求一个不重复的值，例如 UUID。没有收到答复时用同一个值重发：24 小时内得到同一个答复，不会办两次。",
        ))
        .schema(Some(text))
        .build()
}

fn problem(status: u16, say: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let mut response = ResponseBuilder::new().description(say).content("application/problem+json", body);
    if matches!(status, 429 | 503) {
        let seconds = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1))))
            .description(Some("几秒后再试"))
            .build();
        response = response.header("Retry-After", seconds);
    }
    response.build()
}

/// The methods a path of the document has; for the test that compares them with the table of routes.
#[cfg(test)]
pub(super) fn methods(item: &PathItem) -> Vec<&'static str> {
    operations(&mut item.clone()).map(|(method, _)| method).collect()
}
