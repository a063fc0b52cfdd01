//! All SQL of drafts and uploads.

use store::statements;

macro_rules! draft_columns {
    () => {
        "id, version, owner_kind, owner, channel, items, accepting_org, applicant, form, step, happened_at, created_at, \
        updated_at, expires_at, application, receipt"
    };
}

statements! {
    pub ADD_DRAFT = concat!("INSERT INTO draft (", draft_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
        $12, $13, $14, $15, $16)");
    pub DRAFT = concat!("SELECT ", draft_columns!(), " FROM draft WHERE id = $1");
    pub DRAFTS_OF = concat!("SELECT ", draft_columns!(), " FROM draft WHERE owner = $1 AND application IS NULL AND id < $2 \
        ORDER BY id DESC LIMIT $3");
    pub COUNT_OF = "SELECT COUNT(*) FROM draft WHERE owner = $1 AND application IS NULL";
    pub SAVE_DRAFT = "UPDATE draft SET version = version + 1, items = $3, accepting_org = $4, applicant = $5, form = $6, \
        step = $7, happened_at = $8, updated_at = $9, expires_at = $10 WHERE id = $1 AND version = $2 AND application IS NULL";
    pub SUBMITTED = "UPDATE draft SET version = version + 1, application = $3, receipt = $4, updated_at = $5, expires_at = $6 \
        WHERE id = $1 AND version = $2 AND application IS NULL";
    pub ARRIVED_BY = "UPDATE draft SET version = version + 1, channel = $2 WHERE id = $1 AND application IS NULL";
    pub DROP_DRAFT = "DELETE FROM draft WHERE id = $1 AND application IS NULL";
    pub EXPIRED = "SELECT id FROM draft WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2";
    pub FORGET_DRAFT = "DELETE FROM draft WHERE id = $1";

    pub LAST_PAGE = "SELECT COALESCE(MAX(page), 0), COUNT(*) FROM upload WHERE holder = $1 AND material = $2";
    pub NEWEST_PAGE = "SELECT attachment FROM upload WHERE holder = $1 AND material = $2 ORDER BY page DESC LIMIT 1";
    pub ADD_UPLOAD = "INSERT INTO upload (holder, material, page, attachment) VALUES ($1, $2, $3, $4)";
    pub UPLOADS = "SELECT u.material, u.page, a.id, a.digest, a.size, a.content_type, a.name FROM upload u \
        JOIN attachment a ON a.id = u.attachment WHERE u.holder = $1 ORDER BY u.material, u.page";
    pub DROP_UPLOAD = "DELETE FROM upload WHERE holder = $1 AND attachment = $2";
    pub DROP_UPLOADS = "DELETE FROM upload WHERE holder = $1";
}
