-- What other communities hold of our patients: one row a chart visit, one a community it asks, and
-- copies of what came. A copy's metadata and content are sealed; a role reads only what was fetched
-- for it.
CREATE TABLE gather (
    community_id {TEXT} NOT NULL,
    gather_id {TEXT} NOT NULL,
    session {TEXT} NOT NULL,
    person_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    role {TEXT} NOT NULL,
    begun BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    PRIMARY KEY (community_id, gather_id)
) {CLUSTERED};
CREATE INDEX gather_session ON gather (community_id, session, person_id, begun);
CREATE INDEX gather_begun ON gather (community_id, begun);

CREATE TABLE gather_source (
    community_id {TEXT} NOT NULL,
    gather_id {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    items BIGINT NOT NULL,
    unconfirmed SMALLINT NOT NULL,
    identified BIGINT,
    changed BIGINT NOT NULL,
    PRIMARY KEY (community_id, gather_id, source)
) {CLUSTERED};

CREATE TABLE received_copy (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    role {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    copy_id {TEXT} NOT NULL,
    -- SHA-256 over repository, uniqueId and metadata: the same document, said in the same words.
    document {TEXT} NOT NULL,
    metadata {TEXT} NOT NULL,
    day BIGINT NOT NULL,
    category {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    confidentiality {TEXT} NOT NULL,
    items BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    fetched BIGINT,
    problem {TEXT},
    unconfirmed SMALLINT NOT NULL,
    entry_key {TEXT} NOT NULL,
    entry {BYTES} NOT NULL,
    mime_type {TEXT},
    content_key {TEXT},
    object {TEXT},
    content {BYTES},
    PRIMARY KEY (community_id, patient_key, role, source, copy_id)
) {CLUSTERED};
CREATE UNIQUE INDEX received_copy_id ON received_copy (community_id, copy_id);
CREATE INDEX received_copy_expires ON received_copy (community_id, expires);
