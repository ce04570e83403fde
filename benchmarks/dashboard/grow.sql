-- Many times the sample: every posting, employer, course and program with copies of its own. Each
-- copy of a program has every eighth copy of its courses; fifty copies of an employer share the
-- copies of its postings. Variables: posting_copies_n, course_copies_n, program_copies_n.
INSERT INTO core.postings
SELECT postings.* REPLACE (
    posting_id || '/' || n AS posting_id,
    source_record_id || '/' || n AS source_record_id,
    employer_id || '/' || n % 50 AS employer_id,
    employer || ' ' || n % 50 AS employer
)
FROM core.postings, range(1, getvariable('posting_copies_n')) AS copies (n);
INSERT INTO core.posting_skills
SELECT posting_skills.* REPLACE (posting_id || '/' || n AS posting_id)
FROM core.posting_skills, range(1, getvariable('posting_copies_n')) AS copies (n);
INSERT INTO core.courses
SELECT courses.* REPLACE (
    course_id || '/' || n AS course_id, course_code || '-' || n AS course_code
)
FROM core.courses, range(1, getvariable('course_copies_n')) AS copies (n);
INSERT INTO core.course_skills
SELECT course_skills.* REPLACE (course_id || '/' || n AS course_id)
FROM core.course_skills, range(1, getvariable('course_copies_n')) AS copies (n);
INSERT INTO core.program_courses
SELECT program_courses.* REPLACE (program_id || '/' || p AS program_id, course_id || '/' || n AS course_id)
FROM core.program_courses,
    range(1, getvariable('program_copies_n')) AS copies (p),
    range(1, getvariable('course_copies_n')) AS course_copies (n)
WHERE n % getvariable('program_copies_n') = p;
INSERT INTO core.programs
SELECT programs.* REPLACE (program_id || '/' || p AS program_id, title || ' ' || p AS title)
FROM core.programs, range(1, getvariable('program_copies_n')) AS copies (p);
