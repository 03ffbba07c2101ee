-- What the pix-manager of the network was told of our registrations, and what it has told us.

-- Under which of our ids a registration stands at a manager.
CREATE TABLE pix_fed (
    community_id {TEXT} NOT NULL,
    manager {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    xad_pid {TEXT} NOT NULL,
    PRIMARY KEY (community_id, manager, patient_key)
) {CLUSTERED};
CREATE INDEX pix_fed_pid ON pix_fed (community_id, manager, xad_pid);

-- The ids that other communities have for one of ours, as it was last answered or notified. body:
-- the ids, and the registrations that ours stood for then.
CREATE TABLE known_elsewhere (
    community_id {TEXT} NOT NULL,
    xad_pid {TEXT} NOT NULL,
    answered BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, xad_pid)
) {CLUSTERED};
