-- What a page lists of the copies of one source, in the order in which it lists them: without it every row is read
-- with its sealed metadata and content.
CREATE INDEX received_copy_shown ON received_copy (community_id, patient_key, role, source, day DESC, copy_id,
    facility_id, confirmed, unconfirmed, problem, category, kind, fetched, items, confidentiality);
