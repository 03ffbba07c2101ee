-- Requests of other communities' facilities to tie their IDs to ours.
CREATE TABLE foreign_request (
    community_id {TEXT} NOT NULL,
    request_id {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    to_facility {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    asked BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, request_id)
) {CLUSTERED};
CREATE INDEX foreign_request_to ON foreign_request (community_id, to_facility, state, asked);
CREATE INDEX foreign_request_of ON foreign_request (community_id, source, state);

-- Requests whose present state another community has still to be told.
CREATE TABLE link_waiting (
    community_id {TEXT} NOT NULL,
    peer {TEXT} NOT NULL,
    request_id {TEXT} NOT NULL,
    side {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, peer, request_id, side)
) {CLUSTERED};
CREATE INDEX link_waiting_at ON link_waiting (community_id, peer, at);

-- Registrations of ours that clerks of other communities have tied to theirs.
CREATE TABLE tied_elsewhere (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    authority {TEXT} NOT NULL,
    local_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, patient_key, authority, local_id)
) {CLUSTERED};

-- Disclosing facilities of other communities, and what they take in, as told last.
CREATE TABLE facility_elsewhere (
    community_id {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    code {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, source, code)
) {CLUSTERED};
CREATE INDEX facility_elsewhere_at ON facility_elsewhere (community_id, at);
