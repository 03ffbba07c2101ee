-- What institutions are to the network: kind, whether they look, since when they post their purposes.
CREATE TABLE institution (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, facility_id)
) {CLUSTERED};
