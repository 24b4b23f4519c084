"""From a reply in its conversation to signals, dimensions and evidence, on arrays.

Pure: no files, no network, no torch. The encoder and the trained heads are handed in
(``coachbot.models`` loads them).
"""
