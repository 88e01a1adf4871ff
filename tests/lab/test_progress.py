from io import StringIO

from rich.console import Console

from yulelight.lab.progress import Steps


def test_a_log_has_a_line_for_every_step_and_no_more() -> None:
    log = StringIO()
    with Steps(Console(file=log, width=40)) as steps:
        for done, song in enumerate(("Jingle [Bells].mp3", "b.mp3")):
            for doing in ("listening", "lively"):
                steps.at("song", done, 2, f"{song}: {doing}")
        steps.at("measuring", 0)
    assert log.getvalue().splitlines() == [
        "song 1 of 2: Jingle [Bells].mp3: listening",
        "song 2 of 2: b.mp3: listening",
        "measuring",
    ]


def test_a_terminal_has_bars_that_are_gone_at_the_end() -> None:
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=100, legacy_windows=False)
    with Steps(console) as steps:
        steps.at("song", 0, 20, "Jingle [Bells].mp3: listening")
        steps.at("song", 7, 20, "A title that is much too long to be shown on any terminal at home")
        steps._bars.refresh()
    shown = screen.getvalue()
    assert "song Jingle [Bells].mp3: listen" in shown or "7/20" in shown
    assert "7/20" in shown and "much too long to be shown" not in shown
