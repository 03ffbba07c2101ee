-- Links by which patients read their own: one a registration, by the hash of its code.
CREATE TABLE rights_link (
    community_id {TEXT} NOT NULL,
    code_sha256 {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    made_by {TEXT} NOT NULL,
    expires BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (community_id, code_sha256)
) {CLUSTERED};
CREATE INDEX rights_link_patient ON rights_link (community_id, patient_key);
CREATE INDEX rights_link_expires ON rights_link (community_id, expires);
