-- Identity: the durable copy of the index, what is due, the clerk's queue, the writer's lease.

-- One row a registration, as the engine last saw it: normalised keys, and whether it stands in the
-- community's index or only in its own facility's.
CREATE TABLE identity_index (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    shared SMALLINT NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};

-- Registrations that the engine has to look at again. The stamp grows with every change.
CREATE TABLE identity_due (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    stamp BIGINT NOT NULL,
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};
CREATE INDEX identity_due_stamp ON identity_due (community_id, stamp, patient_key);
INSERT INTO identity_due (community_id, patient_key, stamp)
    SELECT community_id, patient_key, 0 FROM registration;

CREATE TABLE identity_review (
    community_id {TEXT} NOT NULL,
    review_id {TEXT} NOT NULL,
    patient_a {TEXT} NOT NULL,
    patient_b {TEXT} NOT NULL,
    facility_a {TEXT} NOT NULL,
    facility_b {TEXT} NOT NULL,
    centibits BIGINT NOT NULL,
    evidence {TEXT} NOT NULL,
    state SMALLINT NOT NULL,
    opened BIGINT NOT NULL,
    decision {TEXT},
    decided_by {TEXT},
    decided BIGINT NOT NULL,
    PRIMARY KEY (community_id, review_id)
) {CLUSTERED};
CREATE UNIQUE INDEX identity_review_pair ON identity_review (community_id, patient_a, patient_b);
CREATE INDEX identity_review_b ON identity_review (community_id, patient_b);
CREATE INDEX identity_review_state ON identity_review (community_id, state, opened, review_id);
CREATE INDEX identity_review_decided ON identity_review (community_id, state, decided, review_id);

-- Which process settles identities, until when. The epoch fences one that lost it.
CREATE TABLE identity_lease (
    community_id {TEXT} PRIMARY KEY,
    holder {TEXT} NOT NULL,
    epoch BIGINT NOT NULL,
    until BIGINT NOT NULL
);

-- Events of one kind: what people have decided is few among what the engine has.
CREATE INDEX link_event_decision ON link_event (community_id, decision, link_id);

-- The registration that took this one's place (HL7 A40).
ALTER TABLE registration ADD COLUMN survivor {TEXT};

-- Lists in the order of time.
CREATE INDEX quarantine_put ON quarantine (community_id, put, quarantine_id);
CREATE INDEX quarantine_facility_put ON quarantine (community_id, facility_id, put, quarantine_id);
DROP INDEX audit_index_at;
CREATE INDEX audit_index_at ON audit_index (at, stream, seq);
