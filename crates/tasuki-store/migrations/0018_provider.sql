-- Accounts by whom a hospital's identity provider says that it was, and sign-ins under way there.
CREATE TABLE provider_binding (
    community_id {TEXT} NOT NULL,
    issuer {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, issuer, subject)
) {CLUSTERED};
CREATE UNIQUE INDEX provider_binding_of ON provider_binding (community_id, user_id, issuer);
CREATE TABLE provider_visit (
    community_id {TEXT} NOT NULL,
    state_sha256 {TEXT} NOT NULL,
    expires BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, state_sha256)
) {CLUSTERED};
CREATE INDEX provider_visit_expires ON provider_visit (community_id, expires);
