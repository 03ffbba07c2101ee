-- Up to when other communities have reported who has read their copies of our documents.
CREATE TABLE views_reported (
    community_id {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (community_id, source)
) {CLUSTERED};

-- The same index of what a page lists, with what the source calls the patient: a view is reported by it.
DROP INDEX received_copy_shown;
CREATE INDEX received_copy_shown ON received_copy (community_id, patient_key, role, source, day DESC, copy_id,
    facility_id, confirmed, unconfirmed, problem, category, kind, fetched, items, confidentiality, source_patient);
