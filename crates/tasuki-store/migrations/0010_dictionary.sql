-- Items that came with documents, by facility: system is empty for those without a standard code.
CREATE TABLE item_seen (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    system {TEXT} NOT NULL,
    code {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (community_id, facility_id, kind, system, code, name)
) {CLUSTERED};

-- What a facility's own item stands for.
CREATE TABLE item_map (
    community_id {TEXT} NOT NULL,
    facility_id {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    code {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    system {TEXT} NOT NULL,
    standard {TEXT} NOT NULL,
    standard_name {TEXT} NOT NULL,
    user_id {TEXT} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, facility_id, kind, code, name)
) {CLUSTERED};
