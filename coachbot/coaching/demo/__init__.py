"""A made-up team, for whoever wants to see the page before there is a real one.

``plan`` says who is there and what each plays when, ``playing`` has scripted agents play it against
the real customers and the real scorer, ``telling`` says what people make of it: grades, questions,
feelings. ``filling`` puts it all into an empty database. The same seed on the same day gives the
same team.
"""
