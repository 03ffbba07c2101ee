-- Metadata packed: body is '' where this has it. Rows from before stay as they are and are read as ever.
ALTER TABLE xds_object ADD COLUMN packed {BYTES};
