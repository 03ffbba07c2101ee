-- Who is told of withdrawals, and what each has still to be told. given_up: it was away too long.
CREATE TABLE withdrawal_peer (
    community_id {TEXT} NOT NULL,
    peer {TEXT} NOT NULL,
    PRIMARY KEY (community_id, peer)
) {CLUSTERED};
CREATE TABLE withdrawal_notice (
    community_id {TEXT} NOT NULL,
    peer {TEXT} NOT NULL,
    xad_pid {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    given_up SMALLINT NOT NULL,
    PRIMARY KEY (community_id, peer, xad_pid)
) {CLUSTERED};
CREATE INDEX withdrawal_waiting ON withdrawal_notice (community_id, peer, given_up, at);

-- Patients of other communities who are disclosed there no more, or less, as those have told us.
CREATE TABLE withdrawn_elsewhere (
    community_id {TEXT} NOT NULL,
    authority {TEXT} NOT NULL,
    local_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, authority, local_id)
) {CLUSTERED};

-- Signed statements of other communities that have come, so that none is taken twice.
CREATE TABLE statement_seen (
    community_id {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    statement_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, source, statement_id)
) {CLUSTERED};
CREATE INDEX statement_seen_at ON statement_seen (community_id, at);

-- Whose a copy is, as its source calls the patient. Copies from before say nothing and go in a day.
ALTER TABLE received_copy ADD COLUMN source_patient {TEXT};
CREATE INDEX received_copy_of ON received_copy (community_id, source, source_patient);
