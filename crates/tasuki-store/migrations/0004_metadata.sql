-- XDS metadata as submitted, one row an object. kind: 1 submission set, 2 document entry, 3 folder,
-- 4 association. Ids are 32 hex digits; source and target are the ends of an association.
CREATE TABLE xds_object (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    kind SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    unique_id {TEXT},
    logical_id {TEXT},
    source {TEXT},
    target {TEXT},
    put BIGINT NOT NULL,
    category {TEXT} NOT NULL,
    confidentiality {TEXT} NOT NULL,
    day BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, patient_key, kind, entry_uuid)
) {CLUSTERED};
CREATE UNIQUE INDEX xds_object_id ON xds_object (community_id, entry_uuid);
CREATE INDEX xds_object_unique ON xds_object (community_id, unique_id);
CREATE INDEX xds_object_logical ON xds_object (community_id, logical_id);
CREATE INDEX xds_object_source ON xds_object (community_id, source);
CREATE INDEX xds_object_target ON xds_object (community_id, target);

-- The id under which a person is exchanged. Kept for good, so that it is never issued again.
CREATE TABLE xad_pid (
    community_id {TEXT} NOT NULL,
    person_id {TEXT} NOT NULL,
    xad_pid {TEXT} NOT NULL,
    issued BIGINT NOT NULL,
    PRIMARY KEY (community_id, person_id)
) {CLUSTERED};
CREATE UNIQUE INDEX xad_pid_id ON xad_pid (community_id, xad_pid);
