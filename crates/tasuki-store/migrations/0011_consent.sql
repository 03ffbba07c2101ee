-- What patients have agreed to, and what facilities keep out by themselves.

-- One row a consent. The one in force, or last in force, is the newest. `ends`, `withdrawn`: 0 where it
-- has none; `ended`: its end has been carried out. body: its terms, who signed, who took it.
CREATE TABLE consent (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    consent_id {TEXT} NOT NULL,
    taken BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    ended SMALLINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, patient_key, consent_id)
) {CLUSTERED};
CREATE INDEX consent_ends ON consent (community_id, ended, ends);

-- What a facility keeps out of a registration.
CREATE TABLE consent_hidden (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};

-- Both together, as they hold for every release: null where nothing is taken away.
ALTER TABLE registration ADD COLUMN terms {TEXT};
