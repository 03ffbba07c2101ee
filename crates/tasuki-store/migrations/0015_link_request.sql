-- Requests of one facility to another to tie their IDs of a patient.
CREATE TABLE link_request (
    community_id {TEXT} NOT NULL,
    request_id {TEXT} NOT NULL,
    from_facility {TEXT} NOT NULL,
    to_facility {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    asked BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, request_id)
) {CLUSTERED};
CREATE INDEX link_request_to ON link_request (community_id, to_facility, state, asked);
CREATE INDEX link_request_from ON link_request (community_id, from_facility, asked);
-- The accounts of one facility.
CREATE INDEX membership_of_facility ON membership (facility_id);
