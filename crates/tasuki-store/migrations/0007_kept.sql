-- What users keep for themselves: patients as their own (document ''), and documents as bookmarks, by
-- uniqueId, so that a copy of another community's document can be one too.
CREATE TABLE kept (
    community_id {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    document {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, user_id, patient_key, document)
) {CLUSTERED};
