"""The music library: songs, playlists, and shows rendered in advance."""
