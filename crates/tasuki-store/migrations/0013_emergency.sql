-- Emergencies: who found whom and why the record was opened, who was let in by telephone, and what
-- privacy officers have to judge.

-- One row an emergency. until: the moment of finding while it was not opened. body: the rest.
CREATE TABLE emergency (
    community_id {TEXT} NOT NULL,
    emergency_id {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    person_id {TEXT} NOT NULL,
    found BIGINT NOT NULL,
    until BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, emergency_id)
) {CLUSTERED};
CREATE INDEX emergency_of ON emergency (community_id, user_id, person_id, until);

-- doctor: a sign-in name.
CREATE TABLE emergency_invitation (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    doctor {TEXT} NOT NULL,
    until BIGINT NOT NULL,
    by_user {TEXT} NOT NULL,
    PRIMARY KEY (community_id, patient_key, doctor)
) {CLUSTERED};
CREATE INDEX emergency_invitation_until ON emergency_invitation (community_id, until);

-- asked: who did it is asked back and has not answered.
CREATE TABLE watch (
    community_id {TEXT} NOT NULL,
    watch_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    asked SMALLINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, watch_id)
) {CLUSTERED};
CREATE INDEX watch_of ON watch (community_id, facility_id, at);
CREATE INDEX watch_asked ON watch (community_id, user_id, asked, at);
