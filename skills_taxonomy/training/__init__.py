"""Training of the small models beside this package: ``python -m skills_taxonomy.training``.

Belongs here: reading the annotated sentences, fitting, writing `models/`. Needs scikit-learn.
Does not belong here: anything that runs when skills are extracted.
"""
