"""One practice run as a state machine: briefing, conversation, debrief, retry."""
