-- The term of a mention: its words in lower case, single-spaced, without marks or half a bracket at
-- their ends.
CREATE OR REPLACE TEMP MACRO trimmed_words(label) AS
    trim(regexp_replace(lower(label), '\s+', ' ', 'g'), ' .,;:-•*"');
CREATE OR REPLACE TEMP MACRO term_of(label) AS if(
    contains(trimmed_words(label), '(') = contains(trimmed_words(label), ')'),
    trimmed_words(label),
    trim(trimmed_words(label), '()')
);
