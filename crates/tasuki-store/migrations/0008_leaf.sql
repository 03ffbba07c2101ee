-- Document entries as a query of a patient reads them, one row an entry beside its xds_object: what
-- decides, and the form in which the entry is told. So close together that twenty of them are a few
-- pages. written is NULL where the entry has no such form; it is then made from the object.
CREATE TABLE xds_leaf (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    status SMALLINT NOT NULL,
    logical_id {TEXT},
    put BIGINT NOT NULL,
    category {TEXT} NOT NULL,
    confidentiality {TEXT} NOT NULL,
    day BIGINT NOT NULL,
    written {BYTES},
    PRIMARY KEY (community_id, patient_key, entry_uuid)
) {CLUSTERED};

INSERT INTO xds_leaf (community_id, patient_key, entry_uuid, status, logical_id, put, category,
    confidentiality, day)
SELECT community_id, patient_key, entry_uuid, status, logical_id, put, category, confidentiality, day
FROM xds_object WHERE kind = 2;

-- Only associations have ends, and only what is no association a uniqueId.
DROP INDEX xds_object_unique;
DROP INDEX xds_object_logical;
DROP INDEX xds_object_source;
DROP INDEX xds_object_target;
CREATE INDEX xds_object_unique ON xds_object (community_id, unique_id) WHERE unique_id IS NOT NULL;
CREATE INDEX xds_object_logical ON xds_object (community_id, logical_id) WHERE logical_id IS NOT NULL;
CREATE INDEX xds_object_source ON xds_object (community_id, source) WHERE source IS NOT NULL;
CREATE INDEX xds_object_target ON xds_object (community_id, target) WHERE target IS NOT NULL;
