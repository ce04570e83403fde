-- The window of postings that counts as today's demand, and where the one before it starts.
-- Variables: as_of (DATE or NULL: the latest posting date), window_months.
WITH dated AS (
    SELECT
        coalesce(getvariable('as_of')::DATE, max(posted_on)) AS end_on,
        min(posted_on) AS earliest_on
    FROM raw.postings
)
SELECT
    end_on,
    (end_on - to_months(getvariable('window_months')::INTEGER))::DATE + 1 AS start_on,
    (end_on - to_months(2 * getvariable('window_months')::INTEGER))::DATE + 1 AS before_start_on,
    earliest_on
FROM dated
