-- Disaster mode, and what each hospital can take in at present.

-- closed: its end has been written into the audit trail.
CREATE TABLE disaster (
    community_id {TEXT} NOT NULL,
    disaster_id {TEXT} NOT NULL,
    proposed BIGINT NOT NULL,
    closed SMALLINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, disaster_id)
) {CLUSTERED};
CREATE INDEX disaster_closed ON disaster (community_id, closed, proposed);

-- One row for a department of a facility: its present state.
CREATE TABLE board (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    department {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, facility_id, department)
) {CLUSTERED};
