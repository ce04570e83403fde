-- What the published run counted, with its documents read as this run reads them: postings and
-- courses whose text is the same have the skills found now, the others those found then.
CREATE VIEW between_runs.core.period AS FROM published.core.period;
CREATE VIEW between_runs.core.postings AS FROM published.core.postings;
CREATE VIEW between_runs.core.posting_weights AS FROM published.core.posting_weights;
CREATE VIEW between_runs.core.posting_sectors AS FROM published.core.posting_sectors;
CREATE VIEW between_runs.core.courses AS FROM published.core.courses;
CREATE VIEW between_runs.core.program_courses AS FROM published.core.program_courses;
CREATE VIEW between_runs.core.programs AS FROM published.core.programs;
CREATE VIEW between_runs.core.occupation_sectors AS FROM working.core.occupation_sectors;
CREATE VIEW between_runs.core.group_accuracy AS FROM working.core.group_accuracy;
CREATE VIEW between_runs.core.skill_names AS FROM working.core.skill_names;
CREATE VIEW between_runs.core.skill_relations AS FROM working.core.skill_relations;
CREATE VIEW between_runs.core.same_postings AS
SELECT texts.posting_id
FROM working.core.posting_texts AS texts
SEMI JOIN published.core.posting_texts AS earlier
    ON earlier.posting_id = texts.posting_id AND earlier.text_hash = texts.text_hash;
CREATE VIEW between_runs.core.same_courses AS
SELECT texts.course_id
FROM working.core.course_texts AS texts
SEMI JOIN published.core.course_texts AS earlier
    ON earlier.course_id = texts.course_id AND earlier.text_hash = texts.text_hash;
CREATE VIEW between_runs.core.asked_skills AS
FROM working.core.asked_skills SEMI JOIN between_runs.core.same_postings USING (posting_id)
UNION ALL BY NAME
FROM published.core.asked_skills ANTI JOIN between_runs.core.same_postings USING (posting_id);
CREATE VIEW between_runs.core.taught_skills AS
FROM working.core.taught_skills SEMI JOIN between_runs.core.same_courses USING (course_id)
UNION ALL BY NAME
FROM published.core.taught_skills ANTI JOIN between_runs.core.same_courses USING (course_id);
