//! All SQL of requests that came with a key, and of files that clients uploaded for a later step.

use store::statements;

statements! {
    pub BEGIN = "INSERT INTO api_request (client, key, print, effect, begun_at, leased_until) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (client, key) DO NOTHING";
    pub KNOWN = "SELECT print, effect, begun_at, leased_until, outcome FROM api_request WHERE client = $1 AND key = $2";
    pub TAKE_OVER = "UPDATE api_request SET leased_until = $4 WHERE client = $1 AND key = $2 AND leased_until = $3 \
        AND outcome IS NULL";
    pub FINISH = "UPDATE api_request SET outcome = $4 WHERE client = $1 AND key = $2 AND leased_until = $3";
    pub LET_GO = "DELETE FROM api_request WHERE client = $1 AND key = $2 AND leased_until = $3 AND outcome IS NULL";
    pub OUTDATED = "DELETE FROM api_request WHERE client = $1 AND key = $2 AND begun_at < $3";
    pub FORGET = "DELETE FROM api_request WHERE (client, key) IN \
        (SELECT client, key FROM api_request WHERE begun_at < $1 ORDER BY begun_at, client, key LIMIT $2)";

    pub ADD_FILE = "INSERT INTO api_file (file, client, added_at) VALUES ($1, $2, $3)";
    pub FILE_OF = "SELECT client FROM api_file WHERE file = $1";
}
