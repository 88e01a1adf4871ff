"""Opens the audio outputs from the settings."""

from yulelight.app.settings import Settings
from yulelight.audio.sound_outputs import MAIN, SoundOutputs
from yulelight.audio.speaker import Speaker


def open_outputs(settings: Settings) -> SoundOutputs:
    """All that can be opened; why the others cannot is in their ``problem``. Blocks for a moment."""
    sound = settings.sound
    remote = sound.output == "remote"
    wanted = {} if remote else {MAIN: sound.device}
    wanted |= {output.name: output.device for output in sound.outputs}
    cards: dict[str, Speaker] = {}
    problems: dict[str, str] = {}
    for name, device in wanted.items():
        if not sound.enabled:
            problems[name] = "sound is switched off"
            continue
        speaker, problems[name] = Speaker.open(device)
        if speaker is not None:
            cards[name] = speaker
    if remote:
        problems[MAIN] = "a remote media player plays the songs"
    delays = {output.name: output.delay for output in sound.outputs}
    return SoundOutputs(cards, delays, remote=remote, problems=problems, memory=settings.data / "sound.json")
