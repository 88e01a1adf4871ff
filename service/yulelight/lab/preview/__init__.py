"""Films of shows: a house front at night whose eight groups of lights follow the song.

The scene is drawn once (``plan``, ``house``, ``landscape``, ``lights`` with Pillow's shapes on a ``canvas``), turned
into light (``glow``, ``scene``), mixed for every frame (``exposure``, ``compose``) and written with its music
(``film``, ``writer``).
"""
