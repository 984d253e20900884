-- Whether a time is free is read from the rows of one staff member, found in the index alone.
DROP INDEX appointments_branch;

CREATE INDEX appointments_branch ON appointments (bucket, organization_id, branch_id, starts_at, staff_id);
