-- Terminals of facilities, their certificates, what waits to be taken, and what certifies them.
CREATE TABLE terminal (
    community_id {TEXT} NOT NULL,
    terminal_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    revoked SMALLINT NOT NULL,
    name {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, terminal_id)
) {CLUSTERED};
CREATE INDEX terminal_facility ON terminal (community_id, facility_id, revoked, name, terminal_id);

-- 0 in used and ended: never.
CREATE TABLE terminal_certificate (
    community_id {TEXT} NOT NULL,
    fingerprint {TEXT} NOT NULL,
    terminal_id {TEXT} NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    used BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    der {BYTES} NOT NULL,
    PRIMARY KEY (community_id, fingerprint)
) {CLUSTERED};
CREATE INDEX terminal_certificate_of ON terminal_certificate (community_id, terminal_id, valid_from);

-- sealed: the passphrase.
CREATE TABLE terminal_download (
    community_id {TEXT} NOT NULL,
    code_sha256 {TEXT} NOT NULL,
    terminal_id {TEXT} NOT NULL,
    expires BIGINT NOT NULL,
    key_id {TEXT} NOT NULL,
    sealed {BYTES} NOT NULL,
    PRIMARY KEY (community_id, code_sha256)
) {CLUSTERED};
CREATE INDEX terminal_download_of ON terminal_download (community_id, terminal_id);
CREATE INDEX terminal_download_expires ON terminal_download (community_id, expires);

-- One a community. sealed: its key.
CREATE TABLE terminal_authority (
    community_id {TEXT} NOT NULL,
    der {BYTES} NOT NULL,
    key_id {TEXT} NOT NULL,
    sealed {BYTES} NOT NULL,
    PRIMARY KEY (community_id)
) {CLUSTERED};
