"""The customer's mind: mood, patience, what they know, want and hide, and what they do next."""
