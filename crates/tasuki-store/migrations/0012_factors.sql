-- Second factors, one-time codes, and what a session may do yet.

-- What proves who a user is beside the password. `counter`: the last step of a TOTP or the last counter of
-- an authenticator that was taken. `sealed`: the secret or the public key.
CREATE TABLE factor (
    user_id {TEXT} NOT NULL,
    factor_id {TEXT} NOT NULL,
    label {TEXT} NOT NULL,
    confirmed SMALLINT NOT NULL,
    counter BIGINT NOT NULL,
    added BIGINT NOT NULL,
    used BIGINT NOT NULL,
    key_id {TEXT} NOT NULL,
    sealed {BYTES} NOT NULL,
    PRIMARY KEY (user_id, factor_id)
) {CLUSTERED};

-- Links by which a password is set, and codes that stand in for a lost factor.
CREATE TABLE one_time (
    code_sha256 {TEXT} PRIMARY KEY,
    user_id {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    asked_by {TEXT} NOT NULL,
    approved_by {TEXT} NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX one_time_of_user ON one_time (user_id);

-- 'open', or what is waited for. challenge: what an authenticator has to sign, once.
ALTER TABLE session ADD COLUMN stage {TEXT} NOT NULL DEFAULT 'open';
ALTER TABLE session ADD COLUMN challenge {TEXT} NOT NULL DEFAULT '';

-- 0: never.
ALTER TABLE account ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN last_used BIGINT NOT NULL DEFAULT 0;
