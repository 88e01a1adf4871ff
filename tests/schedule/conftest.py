from hypothesis import settings

# The machine may stall for seconds.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
