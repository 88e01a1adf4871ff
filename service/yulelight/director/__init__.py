"""The director: what plays now, in which order, and what is remembered of it."""
