-- Other systems: who is told of changed identifiers, what they have not been told yet, and the visit
-- that a hospital stated last.

CREATE TABLE notice_consumer (
    community_id {TEXT} NOT NULL,
    consumer {TEXT} NOT NULL,
    PRIMARY KEY (community_id, consumer)
);

-- One row a registration and consumer, whatever happened meanwhile: the newest state is told. The
-- stamp grows with every change.
CREATE TABLE pix_notice (
    community_id {TEXT} NOT NULL,
    consumer {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    stamp BIGINT NOT NULL,
    PRIMARY KEY (community_id, consumer, patient_key)
) {CLUSTERED};
CREATE INDEX pix_notice_stamp ON pix_notice (community_id, consumer, stamp, patient_key);

CREATE TABLE stated_visit (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};
