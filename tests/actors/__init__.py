"""Language models as actors, for real: opt-in (``make test-actors``), and a way to read them."""
