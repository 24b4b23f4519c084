"""The use cases, and the protocols that adapters fulfil for them."""
