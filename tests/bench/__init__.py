"""How fast CoachBot is, told as multiples of what it can't be faster than. `make bench` runs it.

Multiples, since seconds say as much about the machine as about the program. Each module holds one
measurement: a function that returns its comparisons.
"""
