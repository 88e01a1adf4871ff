"""What every part shares: errors, messages, storage, identity and text."""
