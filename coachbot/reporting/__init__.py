"""What people read about sessions: the debrief, progress, charts."""
