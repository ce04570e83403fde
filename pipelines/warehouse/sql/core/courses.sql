-- A course of an institution: of several documents the fullest text is kept.
SELECT
    left(md5(institution || '|' || course_code), 16) AS course_id,
    institution,
    course_code,
    arg_max(title, (length(text), locator, source_id)) AS title,
    arg_max(text, (length(text), locator, source_id)) AS text,
    max(term) AS term,
    max(credits) AS credits,
    max(course_level) AS course_level,
    count(*) AS documents_n,
    arg_max(source_id, (length(text), locator, source_id)) AS source_id,
    arg_max(locator, (length(text), locator, source_id)) AS locator
FROM raw.syllabi
GROUP BY institution, course_code
