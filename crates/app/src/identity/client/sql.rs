//! All SQL of clients, their tokens and what they use.

use store::statements;

statements! {
    pub INSERT_CLIENT = "INSERT INTO api_client (id, version, name, is_open, state) VALUES ($1, $2, $3, $4, $5)";
    pub UPDATE_CLIENT = "UPDATE api_client SET version = $3, name = $4, is_open = $5, state = $6 \
        WHERE id = $1 AND version = $2";
    pub SET_SECRET = "UPDATE api_client SET secret = $2 WHERE id = $1";
    pub CLIENT_BY_ID = "SELECT id, version, state FROM api_client WHERE id = $1";
    pub CLIENT_SECRET = "SELECT id, version, state, secret FROM api_client WHERE id = $1";
    pub CLIENTS_AFTER = "SELECT id, version, state, name, is_open FROM api_client WHERE id > $1 ORDER BY id LIMIT $2";

    pub ADD_TOKEN = "INSERT INTO api_token (token, client, scopes, expires_at) VALUES ($1, $2, $3, $4)";
    pub TOKEN = "SELECT t.scopes, t.expires_at, c.id, c.state FROM api_token t JOIN api_client c ON c.id = t.client \
        WHERE t.token = $1";
    pub DROP_TOKENS_OF = "DELETE FROM api_token WHERE client = $1";
    pub FORGET_TOKENS = "DELETE FROM api_token WHERE token IN \
        (SELECT token FROM api_token WHERE expires_at < $1 ORDER BY expires_at, token LIMIT $2)";

    pub TAKE_LOT = "INSERT INTO api_usage (client, day, used) VALUES ($1, $2, $3) \
        ON CONFLICT (client, day) DO UPDATE SET used = api_usage.used + excluded.used RETURNING used";
    pub USED = "SELECT used FROM api_usage WHERE client = $1 AND day = $2";
    pub FORGET_USAGE = "DELETE FROM api_usage WHERE day < $1";
}
