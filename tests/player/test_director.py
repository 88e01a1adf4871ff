"""The director with the real lights, in a house of tiny songs where waiting takes no time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from tests.theatre import Theatre, channel_of, theatre
from tests.virtual_time import VirtualLoop
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    AllOn,
    Announce,
    Blackout,
    Calibrate,
    Identify,
    Limit,
    Next,
    Pause,
    Play,
    PlayerReport,
    Previous,
    QueueClear,
    QueueMove,
    QueueRemove,
    Repeat,
    Resume,
    Seek,
    SetOption,
    State,
    Stop,
)
from yulelight.library.playlists import Announcement, Playlist, Scene
from yulelight.library.shows import SongSettings
from yulelight.player.director import Suspend
from yulelight.player.session_messages import SessionReport


def staged(**house: Any) -> Callable[..., Callable[..., None]]:
    """The test runs in virtual time, in such a theatre; its other parameters are pytest's."""

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        @wraps(test)
        def run(tmp_path: Path, **parameters: Any) -> None:
            async def play() -> None:
                async with theatre(tmp_path, **house) as t:
                    await test(t, **parameters)

            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                runner.run(play())

        _, *parameters = inspect.signature(test).parameters.values()
        folder = inspect.Parameter("tmp_path", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        vars(run)["__signature__"] = inspect.Signature([folder, *parameters])
        return run

    return decorate


def ids(t: Theatre, *numbers: int) -> list[str]:
    return [t.songs[k].id for k in numbers]


def playlist(t: Theatre, *numbers: int, **more: Any) -> None:
    songs = tuple(t.library.find(id) for id in ids(t, *numbers))
    t.lists.lists["xmas"] = Playlist("xmas", songs, **more)


def lit(t: Theatre) -> set[int]:
    return {channel for channel, level in enumerate(t.levels) if level}


def titles(t: Theatre, *kinds: str) -> list[str]:
    return [e.song.title[-1] for e in t.events if e.song and e.kind in kinds]


@staged()
async def test_a_playlist_plays_its_songs_one_after_the_other_without_a_gap(t: Theatre) -> None:
    playlist(t, 2, 0, 3)
    status = await t.say(Play(playlist="xmas"))
    assert (status.playlist, [s.title[-1] for s in status.queue], status.queued) == ("xmas", ["0", "3"], 2)
    await t.state(State.IDLE)
    assert titles(t, "started", "song_changed") == ["2", "0", "3"]
    await t.until(lambda: t.events[-1].kind == "finished")
    starts = [at for _, _, _, at in t.ear.told]
    assert [kind for kind, *_ in t.ear.told] == ["play", "follow", "follow"]
    assert starts[1] - starts[0] == pytest.approx(5.0) and starts[2] - starts[1] == pytest.approx(5.0)


@staged()
async def test_lights_go_over_from_song_to_song_without_a_dark_moment(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    await asyncio.sleep(1.0)
    while t.status.song is not None and t.status.song.title[-1] == "0":
        assert lit(t)
        await asyncio.sleep(0.005)
    for _ in range(200):
        assert lit(t)
        await asyncio.sleep(0.005)
    assert lit(t) == {1}


@staged(broken=(1, 2))
async def test_what_cannot_be_played_is_skipped_with_a_message(t: Theatre) -> None:
    playlist(t, 1, 0, 2, 3, missing=("Gone",))
    status = await t.say(Play(playlist="xmas"))
    assert "Gone" in status.message
    await t.plays(3)
    assert "broken 2" in t.status.message
    assert titles(t, "failed") == ["1", "2"]
    assert (await t.state(State.IDLE)).song is None


@staged(songs=3, broken=(0, 1, 2))
async def test_a_list_of_nothing_playable_ends_even_if_it_repeats(t: Theatre) -> None:
    await t.say(SetOption("repeat", "all"))
    await t.say(Play())
    status = await t.state(State.IDLE)
    assert "broken" in status.message and len(titles(t, "failed")) == 3


@staged()
async def test_steps_before_and_after_the_show(t: Theatre) -> None:
    before = (Scene((9, 0, 0, 0, 0, 0, 0, 99), 3.0), Announcement(t.songs[3].id), Scene("on", 1.0))
    playlist(t, 1, pre=before, post=(Scene("on", 2.0),))
    await t.say(Play(playlist="xmas"))
    status = await t.state(State.PRE_SHOW)
    assert status.song is None
    await asyncio.sleep(1.5)
    assert t.levels == bytes([9, 0, 0, 0, 0, 0, 0, 99])
    await t.until(lambda: t.status.song is not None)
    assert t.status.state is State.PRE_SHOW and t.status.song is not None and t.status.song.title[-1] == "3"
    await t.plays(1)
    await t.state(State.POST_SHOW)
    await asyncio.sleep(1.5)
    assert t.levels == bytes([255] * 8)
    await t.state(State.IDLE)
    await asyncio.sleep(2.0)
    assert t.levels == bytes(8)


@staged()
async def test_an_announcement_interrupts_and_the_song_goes_on_exactly_where_it_was(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(2.0)
    await t.say(Announce(t.songs[2].id))
    await t.plays(2)
    assert t.ear.told[-1][:2] == ("play", "song 2")
    await asyncio.sleep(1.0)
    assert lit(t) == {2}
    heard = t.ear.told[-1][3]
    await t.plays(0)
    kind, song, position, at = t.ear.told[-1]
    assert (kind, song) == ("play", "song 0")
    # Begun at t0, interrupted when the announcement was ready: not a moment of it is lost or heard twice.
    first = t.ear.told[0]
    paused = position - first[2] + first[3]
    assert paused < heard and 1.6 <= position <= 2.5 and at > heard + 5.0
    await t.state(State.IDLE)


@staged()
async def test_an_announcement_out_of_nothing_and_while_paused(t: Theatre) -> None:
    await t.say(Announce(t.songs[1].id))
    await t.plays(1)
    await t.state(State.IDLE)
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(1.0)
    paused = await t.say(Pause())
    await t.say(Announce(t.songs[1].id))
    await t.say(Announce(t.songs[2].id))
    await t.plays(1)
    await t.plays(2)
    status = await t.state(State.PAUSED)
    assert status.position == paused.position and status.song is not None and status.song.title[-1] == "0"
    await asyncio.sleep(2.0)
    assert lit(t) == {0} and t.ear.hears(t.now) is None
    await t.say(Next())
    await t.plays(1)


@staged()
async def test_next_cuts_an_announcement_short(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await t.say(Announce(t.songs[1].id))
    await t.plays(1)
    await t.say(Next())
    await t.plays(0)
    await asyncio.sleep(0.5)
    heard = t.ear.hears(t.now)
    assert heard is not None and heard[0] == "song 0"


@staged()
async def test_look_and_delay_change_at_once_without_a_jump_in_the_song(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(1.5)
    assert t.levels[0] == 200
    told = len(t.ear.told)
    assert (await t.say(SetOption("look", "calm"))).look == "calm"
    await asyncio.sleep(1.5)
    assert t.levels[0] == 250
    await t.say(SetOption("delay", 0.5))
    await asyncio.sleep(0.2)
    assert len(t.ear.told) == told
    status = t.status
    assert status.position + t.now - status.as_of == pytest.approx(t.now - t.ear.told[0][3], abs=1e-3)


@staged()
async def test_a_songs_own_look_and_delay(t: Theatre) -> None:
    t.shows.chosen[t.songs[1].id] = SongSettings(look="calm", delay=1.0)
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas", look="classic"))
    await t.plays(0)
    assert t.status.look == "classic"
    await t.plays(1)
    assert t.status.look == "calm"
    await asyncio.sleep(0.5)
    assert lit(t) <= {0}  # its light is a second late
    await asyncio.sleep(1.5)
    assert t.levels[1] == 250


@staged()
async def test_silent_ends_are_left_out(t: Theatre) -> None:
    t.shows.trimmed = (1.0, 1.5)
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.state(State.IDLE)
    (_, _, first, begun), (_, _, second, followed) = t.ear.told
    assert (first, second) == (1.0, 1.0) and followed - begun == pytest.approx(2.5)


@staged()
async def test_brightness_volume_and_quiet_hours(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await t.say(SetOption("brightness", 0.5))
    await t.say(SetOption("volume", 0.8))
    await asyncio.sleep(1.5)
    assert t.levels[0] == 100 and t.ear.level == 0.8
    status = await t.say(Limit(0.3, 0.25))
    await asyncio.sleep(1.0)
    assert t.levels[0] == 50 and t.ear.level == 0.3
    assert (status.volume, status.brightness) == (0.8, 0.5)
    await t.say(Limit(1.0, 1.0))
    assert t.ear.level == 0.8


@staged(idle=(bytes([40] * 8), (True,) * 8))
async def test_only_some_channels_take_part_and_the_others_stay_idle(t: Theatre) -> None:
    await asyncio.sleep(0.5)
    assert t.levels == bytes([40] * 8)
    await t.say(Play(t.songs[0].id, channels=(1, 2)))
    await t.plays(0)
    await asyncio.sleep(2.0)
    assert t.levels == bytes([200, 0, 40, 40, 40, 40, 40, 40])
    await t.say(Stop())
    await asyncio.sleep(2.0)
    assert t.levels == bytes([40] * 8)


@staged()
async def test_all_on_and_blackout_win_whatever_plays(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(1.5)
    await t.say(AllOn(True))
    assert t.levels == bytes([255] * 8)
    await t.say(Blackout(True))
    assert t.levels == bytes(8)
    await t.say(Next())
    await asyncio.sleep(2.0)
    assert t.levels == bytes(8) and t.status.blackout and t.status.all_on
    await t.say(Blackout(False))
    await asyncio.sleep(1.5)
    assert t.levels == bytes([255] * 8)
    await t.say(AllOn(False))
    await asyncio.sleep(1.5)
    assert lit(t) == {1}


@staged()
async def test_identify_blinks_three_times_and_ends(t: Theatre) -> None:
    await t.say(Identify(3))
    seen = []
    for _ in range(500):
        await asyncio.sleep(0.01)
        seen.append(t.levels[2] > 0)
        assert not any(t.levels[:2]) and not any(t.levels[3:])
    assert sum(b and not a for a, b in zip([False, *seen], seen, strict=False)) == 3
    assert not seen[-1]
    with pytest.raises(CommandError, match="no channel"):
        await t.say(Identify(9))


@staged()
async def test_the_queue_is_edited_while_it_plays(t: Theatre) -> None:
    a, b, c, d = ids(t, 0, 1, 2, 3)
    await t.say(Play(a))
    await t.say(Play(b, enqueue="add"))
    await t.say(Play(c, enqueue="next"))
    status = await t.say(Play(d, enqueue="add"))
    assert [s.id for s in status.queue] == [c, b, d]
    assert [s.id for s in (await t.say(QueueMove(2, 0))).queue] == [d, c, b]
    assert [s.id for s in (await t.say(QueueRemove(1))).queue] == [d, b]
    with pytest.raises(CommandError, match="no position"):
        await t.say(QueueRemove(5))
    await t.plays(3)
    assert t.status.index == 1
    await t.say(QueueClear())
    await t.state(State.IDLE)
    assert titles(t, "started", "song_changed") == ["0", "3"]


@staged()
async def test_play_now_and_go_on_with_the_old_queue(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    await t.say(Play(t.songs[3].id, enqueue="play", position=2.0))
    await t.plays(3)
    assert t.ear.told[-1][2] == 2.0
    await t.plays(1)


@staged()
async def test_what_is_enqueued_while_nothing_plays_waits_for_play(t: Theatre) -> None:
    await t.say(Play(t.songs[2].id, enqueue="add"))
    await t.say(Play(t.songs[1].id, enqueue="add"))
    assert t.status.state is State.IDLE and t.status.queued == 2
    await t.say(Play())
    await t.plays(2)
    await t.plays(1)


@staged()
async def test_repeat_one_and_next_by_hand(t: Theatre) -> None:
    playlist(t, 0, 1, repeat=Repeat.ONE)
    assert (await t.say(Play(playlist="xmas"))).repeat is Repeat.ONE
    await t.plays(0)
    await t.until(lambda: len(t.ear.told) == 3)
    assert {song for _, song, _, _ in t.ear.told} == {"song 0"}
    await t.say(Next())
    await t.plays(1)


@staged()
async def test_previous_is_the_start_and_then_the_song_before(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.plays(1)
    await asyncio.sleep(4.0)
    await t.say(Previous())
    assert t.status.song is not None and t.status.song.title[-1] == "1"
    assert t.ear.told[-1][:3] == ("play", "song 1", 0.0)
    await t.say(Previous())
    await t.plays(0)


@staged()
async def test_stop_after_the_song_runs_the_steps_after_the_show(t: Theatre) -> None:
    playlist(t, 0, 1, post=(Scene("on", 1.0),))
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    await t.say(Stop(after_song=True))
    await t.state(State.POST_SHOW)
    await t.state(State.IDLE)
    assert titles(t, "started", "song_changed") == ["0"]


@staged()
async def test_skipped_into_a_scene_the_song_is_silent(t: Theatre) -> None:
    playlist(t, 0, post=(Scene("on", 3.0),))
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    await asyncio.sleep(0.5)
    await t.say(Next())
    await asyncio.sleep(0.5)
    assert t.status.state is State.POST_SHOW and t.ear.hears(t.now) is None


@staged()
async def test_changes_of_mind_just_before_the_end_of_a_song(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.until(lambda: any(kind == "follow" for kind, *_ in t.ear.told))
    paused = await t.say(Pause())
    assert paused.state is State.PAUSED
    await asyncio.sleep(3.0)
    assert t.ear.hears(t.now) is None and lit(t) == {0}
    await t.say(Seek(1.0))
    await t.say(Resume())
    await asyncio.sleep(2.0)
    assert t.ear.hears(t.now) is not None and lit(t) == {0}
    await t.plays(1)


@staged()
async def test_a_player_elsewhere_is_followed_smoothly(t: Theatre) -> None:
    t.shows.seconds = 60.0
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(5.0)
    before = t.status.position + t.now - t.status.as_of
    packets, asked = t.node._session, t.now

    def there() -> float:
        """Where the show was when it was asked: a machine that stalls takes a while to answer."""
        return t.status.position - (t.status.as_of - asked)

    await t.say(PlayerReport(before + 0.5, "playing", t.songs[0].id))
    assert there() == pytest.approx(before, abs=0.1)
    await asyncio.sleep(30.0)
    asked = t.now
    await t.say(PlayerReport(before + 30.5, "playing"))
    assert there() == pytest.approx(before + 30.5, abs=0.1)
    assert t.node._session == packets, "no seam"
    asked = t.now
    await t.say(PlayerReport(20.0, "playing"))
    assert there() == pytest.approx(20.0, abs=0.1)
    await t.say(PlayerReport(20.0, "paused", "another"))
    assert t.status.state is State.PLAYING
    assert (await t.say(PlayerReport(21.0, "paused"))).state is State.PAUSED
    assert (await t.say(PlayerReport(21.0, "playing"))).state is State.PLAYING


@staged()
async def test_clicks_to_calibrate_by(t: Theatre) -> None:
    await t.say(Calibrate(True))
    await t.state(State.PLAYING)
    await t.until(lambda: len(t.ear.told) == 2)
    assert t.ear.told[1][:2] == ("follow", "clicks")
    await t.say(Calibrate(False))
    assert t.status.state is State.IDLE


@staged(remember=True)
async def test_wrong_wishes_are_answered_and_change_nothing(t: Theatre) -> None:
    before = t.status
    for message in (
        Play("nonsense"),
        Play(playlist="nonsense"),
        Play(url="file:///etc/passwd"),
        Play(t.songs[0].id, look="nonsense"),
        Play(t.songs[0].id, model="../nonsense"),
        SetOption("look", "nonsense"),
        SetOption("model", "nonsense"),
        SetOption("volume", 2.0),
        Announce("nonsense"),
        Pause(),
        Resume(),
        Previous(),
        Seek(1.0),
        QueueMove(0, 1),
    ):
        with pytest.raises(Exception, match=r"\w"):
            await t.say(message)
    assert t.status == before


def test_channels_of_songs_differ() -> None:
    from yulelight.core.messages import Song

    assert len({channel_of(Song("x", f"song {k}")) for k in range(8)}) == 8


# --- restarts ------------------------------------------------------------------------------------------------


def restarted(
    tmp_path: Path,
    before: Callable[[Theatre], Awaitable[None]],
    after: Callable[[Theatre], Awaitable[None]],
    *,
    away: float = 60.0,
    **house: Any,
) -> None:
    """``before`` in one life of the service, ``after`` in the next, ``away`` seconds later."""
    for life, work in enumerate((before, after)):

        async def live(life: int = life, work: Callable[[Theatre], Awaitable[None]] = work) -> None:
            begun = asyncio.get_running_loop().time()
            wall = lambda: 1e9 + life * away + asyncio.get_running_loop().time() - begun  # noqa: E731
            async with theatre(tmp_path, remember=True, wall=wall, **house) as t:
                await work(t)

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(live())


def test_options_and_blackout_outlive_a_restart(tmp_path: Path) -> None:
    async def before(t: Theatre) -> None:
        for message in (SetOption("volume", 0.4), SetOption("look", "calm"), SetOption("shuffle", True)):
            await t.say(message)
        await t.say(SetOption("armed", False))
        await t.say(Blackout(True))

    async def after(t: Theatre) -> None:
        status = t.status
        assert (status.volume, status.look, status.shuffle, status.armed) == (0.4, "calm", True, False)
        assert status.blackout and t.ear.level == 0.4
        await t.say(Play(t.songs[0].id))
        await asyncio.sleep(2.0)
        assert t.levels == bytes(8)
        await t.say(Blackout(False))
        await asyncio.sleep(1.0)
        assert lit(t) == {0}

    restarted(tmp_path, before, after)


async def interrupted(t: Theatre) -> None:
    """In the second of three songs, after two seconds of it and what a busy machine takes."""
    playlist(t, 2, 0, 1)
    await t.say(Play(playlist="xmas", look="classic"))
    await t.plays(0)
    await asyncio.sleep(2.0)


def test_a_show_goes_on_after_a_restart_when_the_schedule_says_so(tmp_path: Path) -> None:
    async def after(t: Theatre) -> None:
        await asyncio.sleep(2.0)
        assert t.status.state is State.IDLE
        playlist(t, 2, 0, 1)
        await t.say(Play(playlist="xmas", resume=True))
        await t.plays(0)
        kind, song, position, _ = t.ear.told[-1]
        assert (kind, song) == ("play", "song 0") and 1.5 <= position <= 4.0
        assert t.status.look == "classic" and t.status.index == 1
        await t.plays(1)
        await t.state(State.IDLE)
        await t.say(Play(playlist="xmas", resume=True))
        await t.plays(2)

    restarted(tmp_path, interrupted, after, away=600.0)


def test_a_show_goes_on_by_itself_only_when_that_was_a_moment_ago(tmp_path: Path) -> None:
    async def goes_on(t: Theatre) -> None:
        await t.plays(0)

    async def does_not(t: Theatre) -> None:
        await asyncio.sleep(5.0)
        assert t.status.state is State.IDLE

    restarted(tmp_path, interrupted, goes_on, away=60.0, resume_within=120.0)
    restarted(tmp_path, interrupted, does_not, away=600.0, resume_within=120.0)


def test_resume_by_hand_after_a_restart(tmp_path: Path) -> None:
    async def before(t: Theatre) -> None:
        await t.say(Play(t.songs[3].id))
        await t.plays(3)
        await asyncio.sleep(1.0)
        await t.say(Pause())
        await t.say(Suspend())
        assert t.status.state is State.IDLE

    async def after(t: Theatre) -> None:
        await t.say(Resume())
        await t.plays(3)
        assert t.ear.told[-1][2] == pytest.approx(0.7, abs=0.2)
        await t.say(Stop())
        with pytest.raises(CommandError, match="nothing is paused"):
            await t.say(Resume())

    restarted(tmp_path, before, after)


def test_a_show_that_was_stopped_does_not_go_on(tmp_path: Path) -> None:
    async def before(t: Theatre) -> None:
        await interrupted(t)
        await t.say(Stop())

    async def after(t: Theatre) -> None:
        playlist(t, 2, 0, 1)
        await t.say(Play(playlist="xmas", resume=True))
        await t.plays(2)

    restarted(tmp_path, before, after, resume_within=900.0)


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")

    async def life(t: Theatre) -> None:
        assert "state.json.broken" in t.status.message

    async def next_life(t: Theatre) -> None:
        assert t.status.message == ""

    restarted(tmp_path, life, next_life)


@staged(remember=True)
async def test_another_show_interrupts_a_playlist_which_goes_on_later(t: Theatre) -> None:
    await interrupted(t)
    await t.say(Play(t.songs[3].id))
    await t.plays(3)
    await t.say(Play(playlist="xmas", resume=True))
    await t.plays(0)
    assert t.ear.told[-1][2] > 1.5


def test_what_a_restart_interrupted_is_offered_and_play_goes_on_with_it(tmp_path: Path) -> None:
    """Nobody at the house knows the words of an API: the play button is what is pressed."""

    async def after(t: Theatre) -> None:
        assert "interrupted the playlist 'xmas'" in t.status.message and "play goes on" in t.status.message
        assert t.status.state is State.IDLE
        await t.say(Play())
        await t.plays(0)
        kind, song, position, _ = t.ear.told[-1]
        assert (kind, song) == ("play", "song 0") and 1.5 <= position <= 4.0
        assert t.status.message == "" and t.status.playlist == "xmas"

    restarted(tmp_path, interrupted, after, away=60.0)


def test_after_a_quarter_of_an_hour_nothing_is_offered(tmp_path: Path) -> None:
    async def after(t: Theatre) -> None:
        assert t.status.message == ""
        await t.say(Play())
        await t.state(State.PLAYING)
        assert t.status.playlist == ""

    restarted(tmp_path, interrupted, after, away=16 * 60.0)


def test_a_blackout_of_a_former_life_is_told_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def before(t: Theatre) -> None:
        await t.say(Blackout(True))
        assert "blackout" not in caplog.text

    async def after(t: Theatre) -> None:
        assert t.status.blackout
        assert "blackout was on before this start" in caplog.text

    restarted(tmp_path, before, after)


@staged()
async def test_an_older_report_of_a_session_is_no_news(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await t.say(Pause())
    await t.say(SessionReport(1, 0, State.PLAYING, position=4.0, as_of=t.now))
    assert t.status.state is State.PAUSED and t.status.position < 4.0
