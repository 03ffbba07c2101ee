-- The first schema. Types are written once for both engines: BIGINT and SMALLINT are known to each,
-- {TEXT}, {BYTES} and {CLUSTERED} are filled in per engine.
--
-- Patient-scoped tables lead their key with community_id and patient_key. Ids are text, times are
-- microseconds since 1970 in UTC, days of service are YYYYMMDD with 0 for "no day".

CREATE TABLE setting (
    name {TEXT} PRIMARY KEY,
    value {TEXT} NOT NULL
);

-- community_id is a short handle of the home community id, so that keys stay short.
CREATE TABLE community (
    community_id {TEXT} PRIMARY KEY,
    home_id {TEXT} NOT NULL
);

CREATE TABLE facility (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    code {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    since BIGINT NOT NULL,
    last_heard BIGINT,
    PRIMARY KEY (community_id, facility_id)
);
CREATE UNIQUE INDEX facility_code ON facility (community_id, code);

-- Earlier codes and names of a facility, each with the time for which it held.
CREATE TABLE facility_past (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    body {TEXT} NOT NULL,
    PRIMARY KEY (community_id, facility_id, since)
);

CREATE TABLE registration (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    local_id {TEXT} NOT NULL,
    local_trimmed {TEXT} NOT NULL,
    person_id {TEXT} NOT NULL,
    disclosed SMALLINT NOT NULL,
    demographics {TEXT} NOT NULL,
    stated {TEXT},
    stated_worth SMALLINT NOT NULL,
    kanji {TEXT} NOT NULL,
    kana {TEXT} NOT NULL,
    latin {TEXT} NOT NULL,
    birth BIGINT NOT NULL,
    sex {TEXT} NOT NULL,
    latest BIGINT NOT NULL,
    PRIMARY KEY (community_id, patient_key)
) {CLUSTERED};
CREATE UNIQUE INDEX registration_local ON registration (community_id, facility_id, local_id);
CREATE INDEX registration_trimmed ON registration (community_id, facility_id, local_trimmed);
CREATE INDEX registration_person ON registration (community_id, person_id);
CREATE INDEX registration_kanji ON registration (community_id, facility_id, kanji);
CREATE INDEX registration_kana ON registration (community_id, facility_id, kana);
CREATE INDEX registration_latin ON registration (community_id, facility_id, latin);
CREATE INDEX registration_birth ON registration (community_id, facility_id, birth);
CREATE INDEX registration_latest ON registration (community_id, facility_id, latest);

CREATE TABLE link_event (
    community_id {TEXT} NOT NULL,
    link_id {TEXT} NOT NULL,
    patient_a {TEXT} NOT NULL,
    patient_b {TEXT} NOT NULL,
    decision {TEXT} NOT NULL,
    decided_by {TEXT},
    decided BIGINT NOT NULL,
    evidence {TEXT} NOT NULL,
    PRIMARY KEY (community_id, link_id)
);
CREATE INDEX link_event_a ON link_event (community_id, patient_a);
CREATE INDEX link_event_b ON link_event (community_id, patient_b);

-- The coded attributes that many entries share (classCode, typeCode, formatCode,
-- practiceSettingCode, confidentialityCode, mimeType, repositoryUniqueId), named by their hash.
CREATE TABLE entry_codes (
    codes_id {TEXT} PRIMARY KEY,
    category {TEXT} NOT NULL,
    body {TEXT} NOT NULL
);

CREATE TABLE data_key (
    key_id {TEXT} PRIMARY KEY,
    facility_id {TEXT} NOT NULL,
    month {TEXT} NOT NULL,
    wrapped_by {TEXT} NOT NULL,
    wrapped {BYTES} NOT NULL
);
CREATE INDEX data_key_month ON data_key (facility_id, month);

-- One row a version of a document. Versions share logical_id (NULL: the first, its own);
-- version n replaces version n-1 (RPLC), so no association row is needed.
CREATE TABLE document (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    day BIGINT NOT NULL,
    kind {TEXT} NOT NULL,
    order_no {TEXT} NOT NULL,
    version BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    codes_id {TEXT} NOT NULL,
    author {TEXT},
    items BIGINT NOT NULL,
    problems BIGINT NOT NULL,
    logical_id {TEXT},
    unique_id {TEXT},
    title {TEXT},
    created {TEXT},
    service {TEXT},
    received BIGINT NOT NULL,
    size BIGINT NOT NULL,
    hash {BYTES} NOT NULL,
    path {TEXT},
    file_size BIGINT,
    mtime BIGINT,
    ctime BIGINT,
    inode BIGINT,
    PRIMARY KEY (community_id, patient_key, entry_uuid)
) {CLUSTERED};
-- Serves the calendar without touching the rows, and finds the versions of a source key.
CREATE INDEX document_day ON document
    (community_id, patient_key, day, kind, order_no, status, codes_id, author, items);

-- From an entryUUID to the registration it belongs to, and its content: sealed here if small, else
-- the name of an object.
CREATE TABLE locator (
    entry_uuid {TEXT} PRIMARY KEY,
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    key_id {TEXT} NOT NULL REFERENCES data_key (key_id),
    object {TEXT},
    content {BYTES}
);

-- uniqueIds that others gave; ours are the entryUUID written as an OID.
CREATE TABLE unique_alias (
    community_id {TEXT} NOT NULL,
    unique_id {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    PRIMARY KEY (community_id, unique_id)
);

CREATE TABLE tombstone (
    community_id {TEXT} NOT NULL,
    patient_key {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    deleted BIGINT NOT NULL,
    key_id {TEXT} NOT NULL REFERENCES data_key (key_id),
    sealed {BYTES} NOT NULL,
    PRIMARY KEY (community_id, patient_key, entry_uuid)
);

-- Objects whose rows are gone; removed from the object store after the commit.
CREATE TABLE object_removal (
    object {TEXT} PRIMARY KEY
);

CREATE TABLE submission (
    community_id {TEXT} NOT NULL,
    entry_uuid {TEXT} NOT NULL,
    unique_id {TEXT} NOT NULL,
    source_id {TEXT} NOT NULL,
    submitted BIGINT NOT NULL,
    documents BIGINT NOT NULL,
    digest {TEXT} NOT NULL,
    PRIMARY KEY (community_id, entry_uuid)
);

-- Files that led to no document of their own. local_id is '' outside any patient's folder.
CREATE TABLE noted_file (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    local_id {TEXT} NOT NULL,
    path {TEXT} NOT NULL,
    file_size BIGINT NOT NULL,
    mtime BIGINT NOT NULL,
    ctime BIGINT NOT NULL,
    inode BIGINT NOT NULL,
    PRIMARY KEY (community_id, facility_id, local_id, path)
) {CLUSTERED};

CREATE TABLE quarantine (
    community_id {TEXT} NOT NULL,
    quarantine_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    local_id {TEXT} NOT NULL,
    path {TEXT} NOT NULL,
    file_size BIGINT NOT NULL,
    mtime BIGINT NOT NULL,
    ctime BIGINT NOT NULL,
    inode BIGINT NOT NULL,
    code {TEXT} NOT NULL,
    detail {TEXT} NOT NULL,
    put BIGINT NOT NULL,
    key_id {TEXT} REFERENCES data_key (key_id),
    object {TEXT},
    content {BYTES},
    PRIMARY KEY (community_id, quarantine_id)
);
CREATE UNIQUE INDEX quarantine_path ON quarantine (community_id, facility_id, local_id, path);

CREATE TABLE account (
    user_id {TEXT} PRIMARY KEY,
    sign_in_name {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    password_hash {TEXT} NOT NULL,
    disabled SMALLINT NOT NULL
);
CREATE UNIQUE INDEX account_name ON account (sign_in_name);

CREATE TABLE membership (
    user_id {TEXT} NOT NULL REFERENCES account (user_id),
    place BIGINT NOT NULL,
    facility_id {TEXT} NOT NULL,
    role {TEXT} NOT NULL,
    section {TEXT} NOT NULL,
    PRIMARY KEY (user_id, place)
);

CREATE TABLE session (
    secret_sha256 {TEXT} PRIMARY KEY,
    user_id {TEXT} NOT NULL REFERENCES account (user_id),
    facility_id {TEXT} NOT NULL,
    role {TEXT} NOT NULL,
    section {TEXT} NOT NULL,
    started BIGINT NOT NULL,
    used BIGINT NOT NULL,
    csrf {TEXT} NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);

-- A stream belongs to one process at a time: the one that holds its present epoch.
CREATE TABLE audit_stream (
    stream {TEXT} PRIMARY KEY,
    epoch BIGINT NOT NULL,
    holder {TEXT} NOT NULL,
    held_until BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash {BYTES} NOT NULL
);

CREATE TABLE audit_row (
    stream {TEXT} NOT NULL,
    seq BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    bytes {BYTES} NOT NULL,
    hash {BYTES} NOT NULL,
    PRIMARY KEY (stream, seq)
) {CLUSTERED};

CREATE TABLE audit_segment (
    stream {TEXT} NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    hash_before {BYTES} NOT NULL,
    head {BYTES} NOT NULL,
    signed BIGINT NOT NULL,
    key_id {TEXT} NOT NULL,
    signature {BYTES} NOT NULL,
    PRIMARY KEY (stream, first_seq)
);

-- The search index, built after the rows; audit_cursor says how far it has come.
CREATE TABLE audit_index (
    at BIGINT NOT NULL,
    stream {TEXT} NOT NULL,
    seq BIGINT NOT NULL,
    action {TEXT} NOT NULL,
    user_id {TEXT},
    person_id {TEXT},
    PRIMARY KEY (stream, seq)
);
CREATE INDEX audit_index_at ON audit_index (at);
CREATE INDEX audit_index_user ON audit_index (user_id, at);
CREATE INDEX audit_index_person ON audit_index (person_id, at);

CREATE TABLE audit_patient (
    patient_key {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    stream {TEXT} NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient_key, at, stream, seq)
) {CLUSTERED};

CREATE TABLE audit_cursor (
    name {TEXT} NOT NULL,
    stream {TEXT} NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (name, stream)
);
