-- The same, with this run's courses and programs.
CREATE OR REPLACE VIEW between_runs.core.courses AS FROM working.core.courses;
CREATE OR REPLACE VIEW between_runs.core.program_courses AS FROM working.core.program_courses;
CREATE OR REPLACE VIEW between_runs.core.programs AS FROM working.core.programs;
CREATE OR REPLACE VIEW between_runs.core.taught_skills AS FROM working.core.taught_skills;
