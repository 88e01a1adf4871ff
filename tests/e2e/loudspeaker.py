"""A media player for the Home Assistant of a test: it fetches what it is told to play and says where it is.

Written into the configuration as an integration of its own; see ``files``.
"""

from pathlib import Path

MANIFEST = (
    '{"domain": "loudspeaker", "name": "Loudspeaker", "version": "0", "dependencies": ["media_source"]}'
)


def files() -> dict[str, str]:
    """What to put into the configuration's folder, by path."""
    folder = "custom_components/loudspeaker"
    return {
        f"{folder}/manifest.json": MANIFEST,
        f"{folder}/__init__.py": "",
        f"{folder}/media_player.py": Path(__file__).with_name("loudspeaker_player.py").read_text(),
    }
