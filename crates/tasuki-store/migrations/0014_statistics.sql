-- Figures that were proposed for publication. approved: 0 until somebody else has approved them.
CREATE TABLE publication (
    community_id {TEXT} NOT NULL,
    as_of BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    proposed_by {TEXT} NOT NULL,
    approved BIGINT NOT NULL,
    approved_by {TEXT} NOT NULL,
    PRIMARY KEY (community_id, as_of)
) {CLUSTERED};
