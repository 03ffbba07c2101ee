-- Who has opened a note: one row a reader, at the reader's own registration of the person. The first
-- time counts.
CREATE TABLE note_receipt (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    note {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    role {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, patient_key, note, user_id)
) {CLUSTERED};
