"""Where a show is, and who may move it: people and a player elsewhere, near the end of a song and in its steps."""

import asyncio

import pytest

from tests.player.test_director import lit, playlist, staged, titles
from tests.theatre import Theatre
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    Announce,
    Calibrate,
    Limit,
    Next,
    Pause,
    Play,
    PlayerReport,
    Previous,
    QueueMove,
    Repeat,
    Resume,
    Seek,
    SetOption,
    State,
    Stop,
    Unwish,
    Wish,
)
from yulelight.library.playlists import Announcement, Playlist


async def into(t: Theatre, song: int, seconds: float) -> None:
    """Waits until this song has been heard for so long."""
    await t.until(lambda: (heard := t.ear.hears(t.now)) and heard[0][-1] == str(song) and heard[1] >= seconds)


@staged()
@pytest.mark.parametrize(("seconds", "song"), [(2.5, 0), (3.5, 1)])
async def test_previous_means_the_song_before_for_three_seconds(
    t: Theatre, seconds: float, song: int
) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await into(t, 1, seconds)
    await t.say(Previous())
    await t.plays(song)
    assert t.ear.told[-1][1:3] == (f"song {song}", 0.0)


@staged()
@pytest.mark.parametrize(("left", "state"), [(4.0, State.PAUSED), (2.0, State.PLAYING)])
async def test_a_player_elsewhere_that_is_done_a_little_early_does_not_pause_the_show(
    t: Theatre, left: float, state: State
) -> None:
    t.shows.seconds = t.ear.length = 20.0
    await t.say(Play(t.songs[0].id))
    await into(t, 0, 20.0 - left)
    assert (await t.say(PlayerReport(0.0, "stopped", t.songs[0].id))).state is state


@staged()
async def test_a_player_elsewhere_is_heard_in_the_steps_before_a_show(t: Theatre) -> None:
    t.shows.seconds = t.ear.length = 20.0
    playlist(t, 1, pre=(Announcement(t.songs[3].id),))
    await t.say(Play(playlist="xmas"))
    await into(t, 3, 18.0)
    assert t.status.state is State.PRE_SHOW
    assert (await t.say(PlayerReport(18.0, "stopped", t.songs[3].id))).state is State.PRE_SHOW


@staged()
async def test_a_player_elsewhere_does_not_end_a_pause_that_people_made(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await into(t, 0, 1.0)
    await t.say(PlayerReport(1.0, "paused"))
    await t.say(PlayerReport(1.0, "playing"))
    await t.plays(0)
    await t.say(Pause())
    assert (await t.say(PlayerReport(1.2, "playing"))).state is State.PAUSED


@staged()
async def test_what_cannot_be_done_now_is_said(t: Theatre) -> None:
    t.lists.lists["empty"] = Playlist("empty", (), missing=("Gone",))
    with pytest.raises(CommandError, match="no song that can be played"):
        await t.say(Play(playlist="empty"))
    t.shows.gate = asyncio.Event()
    await t.say(Play(t.songs[0].id))
    with pytest.raises(CommandError, match="still being prepared"):
        await t.say(Seek(1.0))
    t.shows.gate.set()
    await t.plays(0)
    with pytest.raises(CommandError, match="nothing is paused"):
        await t.say(Resume())
    await t.say(Pause())
    with pytest.raises(CommandError, match="nothing is playing"):
        await t.say(Pause())
    with pytest.raises(CommandError, match="lasts 5 s"):
        await t.say(Seek(5.1))


@staged()
async def test_next_at_the_end_of_a_playlist_ends_the_show(t: Theatre) -> None:
    playlist(t, 0)
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    assert (await t.say(Next())).state is State.IDLE
    assert t.ear.hears(t.now) is None


@staged()
async def test_an_address_that_may_not_be_asked_is_told_and_the_show_is_over(t: Theatre) -> None:
    await t.say(Play(url="http://127.0.0.1:9/a%20carol.mp3"))
    status = await t.state(State.IDLE)
    assert "127.0.0.1" in status.message
    assert titles(t, "started", "failed") == ["3", "3"]


@staged()
async def test_clicks_are_begun_once_and_ended_only_where_they_play(t: Theatre) -> None:
    await t.say(Calibrate(True))
    await t.state(State.PLAYING)
    told = len(t.ear.told)
    await t.say(Calibrate(True))
    await asyncio.sleep(0.5)
    assert len(t.ear.told) == told
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    assert (await t.say(Calibrate(False))).state is State.PLAYING


@staged()
async def test_the_model_changes_and_the_show_keeps_its_look_and_the_other_way_round(t: Theatre) -> None:
    playlist(t, 0)
    await t.say(Play(playlist="xmas", look="classic"))
    await t.plays(0)
    status = await t.say(SetOption("model", "dense"))
    assert (status.model, status.look) == ("dense", "classic")
    status = await t.say(SetOption("look", "calm"))
    assert (status.model, status.look) == ("dense", "calm")


@staged()
async def test_each_section_is_told_once(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.state(State.IDLE)
    assert [event.detail for event in t.events if event.kind == "section_changed"] == ["2"]


@staged()
async def test_at_the_end_the_lights_get_the_time_by_which_they_are_late(t: Theatre) -> None:
    await t.say(SetOption("delay", 1.0))
    await t.say(Play(t.songs[0].id))
    await into(t, 0, 1.5)
    await t.until(lambda: t.ear.hears(t.now) is None)
    silent = t.now
    while t.now < silent + 0.8:
        assert lit(t) == {0}
        assert t.status.state is State.PLAYING
        await asyncio.sleep(0.05)
    await t.state(State.IDLE)
    assert t.now - silent < 1.5


@staged()
async def test_an_announcement_waits_for_the_song_that_is_about_to_follow_and_interrupts_it(
    t: Theatre,
) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.until(lambda: any(kind == "follow" for kind, *_ in t.ear.told))
    await t.say(Announce(t.songs[2].id))
    await t.plays(2)
    begun = t.ear.told[-1][3]
    await t.until(lambda: t.now >= begun)
    while t.now < begun + 4.9:
        heard = t.ear.hears(t.now)
        assert heard is not None
        assert heard[0] == "song 2"
        await asyncio.sleep(0.05)
    await t.plays(1)
    assert titles(t, "started", "song_changed") == ["0", "1", "2", "1"]


@staged()
async def test_quiet_hours_count_at_once(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await into(t, 0, 1.0)
    await t.say(Limit(1.0, 0.5))
    await asyncio.sleep(0.3)
    assert t.levels[0] == 100


@staged()
async def test_a_disk_that_is_unplugged_is_told_while_nothing_plays(t: Theatre) -> None:
    [folder] = t.library.folders
    assert t.status.missing_music == ()
    folder.rename(folder.with_name("elsewhere"))
    await asyncio.to_thread(t.library.scan)
    await t.until(lambda: t.status.missing_music == (str(folder),))


@staged()
async def test_songs_are_prepared_in_the_houses_style_from_the_start(t: Theatre) -> None:
    assert t.shows.preferred == [("mel", "lively")]
    await t.say(SetOption("look", "calm"))
    assert t.shows.preferred[-1] == ("mel", "calm")
    assert t.status.volume == t.status.brightness == 1.0


@staged()
async def test_a_wish_comes_after_the_song_that_plays_and_is_not_heard_again(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas", repeat=Repeat.ALL))
    await into(t, 0, 1.0)
    before = len(t.ear.told)
    status = await t.say(Wish(t.songs[2].id))
    assert status.wished == (t.songs[2].id,) and status.wishable
    await t.say(Wish(t.songs[3].id))
    for song in (0, 2, 3, 1, 0, 1):
        await t.plays(song)
    # The running song was not cut: the wish followed where it ended.
    assert t.ear.told[before][:2] == ("follow", "song 2")
    assert t.ear.told[before][3] == pytest.approx(t.ear.told[before - 1][3] + t.ear.length, abs=0.01)


@staged()
async def test_a_wish_in_the_last_moment_of_a_song_is_not_lost(t: Theatre) -> None:
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await into(t, 0, t.ear.length - 0.5)
    await t.say(Wish(t.songs[2].id))
    await t.plays(2)
    await t.plays(1)


@staged()
async def test_what_is_moved_in_the_last_moment_of_a_song_is_moved(t: Theatre) -> None:
    playlist(t, 0, 1, 2)
    await t.say(Play(playlist="xmas"))
    await into(t, 0, t.ear.length - 0.5)
    await t.say(QueueMove(1, 0))
    await t.plays(2)
    await t.plays(1)


@staged()
async def test_a_wish_is_taken_back_and_needs_a_show(t: Theatre) -> None:
    with pytest.raises(CommandError, match="no show is playing"):
        await t.say(Wish(t.songs[2].id))
    playlist(t, 0, 1)
    await t.say(Play(playlist="xmas"))
    await t.plays(0)
    await t.say(Wish(t.songs[2].id))
    assert (await t.say(Unwish(t.songs[2].id))).wished == ()
    await t.say(Unwish(t.songs[2].id))
    await t.plays(1)
    await t.say(Stop(after_song=True))
    with pytest.raises(CommandError, match="no show is playing"):
        await t.say(Wish(t.songs[2].id))
