-- Documents that name another patient inside than the one they were given for.
CREATE TABLE misfiled (
    community_id {TEXT} NOT NULL,
    copy_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    other_community {TEXT} NOT NULL,
    document {TEXT} NOT NULL,
    side {TEXT} NOT NULL,
    dealt BIGINT NOT NULL,
    told BIGINT,
    at BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, copy_id)
) {CLUSTERED};
CREATE UNIQUE INDEX misfiled_once ON misfiled (community_id, other_community, document, patient_key, side);
CREATE INDEX misfiled_of ON misfiled (community_id, facility_id, dealt, at);
CREATE INDEX misfiled_untold ON misfiled (community_id, side, told, at);
