//! All SQL of requests that came with a key, and of files that clients uploaded for a later step.

use store::statements;

statements! {
    pub KNOWN = "SELECT print, outcome FROM api_request WHERE client = $1 AND key = $2 AND begun_at >= $3";
    pub NOTE = "INSERT INTO api_request (client, key, print, effect, begun_at, outcome) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (client, key) DO UPDATE SET print = excluded.print, effect = excluded.effect, \
        begun_at = excluded.begun_at, outcome = excluded.outcome \
        WHERE api_request.effect = excluded.effect OR api_request.begun_at < $7";
    pub FORGET = "DELETE FROM api_request WHERE (client, key) IN \
        (SELECT client, key FROM api_request WHERE begun_at < $1 ORDER BY begun_at, client, key LIMIT $2)";

    pub ADD_FILE = "INSERT INTO api_file (file, client, added_at) VALUES ($1, $2, $3)";
    pub FILE_OF = "SELECT client FROM api_file WHERE file = $1";
}
