"""The composition root: starts the parts of the service in order. Each depends only on those before it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.api.services import Services
from yulelight.app.announcer import Announcement, Announcer
from yulelight.app.kept_log import kept_log
from yulelight.app.light_search import search_of
from yulelight.app.music import index_of, library_of, places_of
from yulelight.app.parts import api as web
from yulelight.app.parts import page
from yulelight.app.parts.guests import start_guests
from yulelight.app.parts.library import playlists_of, start_library
from yulelight.app.parts.lights import DirectLights, LightsPart, start_lights
from yulelight.app.parts.mqtt import broker_address, start_mqtt
from yulelight.app.parts.player import SchedulePart, start_director, start_inputs, start_scheduler
from yulelight.app.rest import Rest
from yulelight.app.service import Service
from yulelight.app.settings import Settings
from yulelight.app.sound import open_outputs
from yulelight.core import storage
from yulelight.core.errors import YulelightError
from yulelight.core.identity import Identity, load_or_make
from yulelight.core.lock import exclusive
from yulelight.core.messages import Blackout
from yulelight.inputs.manager import InputReport
from yulelight.mqtt.broker import LocalSocket
from yulelight.player.director import DirectorMessage, Suspend
from yulelight.player.on_air import OnAir
from yulelight.player.services import Feeds, Music, Sound
from yulelight.telemetry.log_book import LogBook


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], float] = time.monotonic,
    *,
    direct: Sequence[DirectLights] = (),
) -> AsyncIterator[Service]:
    """Runs a service; on exit, the show ends, all lights go off, and everything stops in order.

    ``direct``: additional lights driven by the service. Raises YulelightError if a model, port or folder is not
    usable.
    """
    identity = load_or_make(settings.data)
    log = kept_log(page.secrets(settings, identity))
    with exclusive(settings.data), LocalSocket() as inside, log as book:
        await asyncio.to_thread(storage.sweep, [settings.data / name for name in ("", "shows", "playlists")])
        kept = settings.data / "outputs"
        lights = [
            DirectLights(output.name, output.type, partial(output.made, kept)) for output in settings.outputs
        ]
        async with _running(settings, identity, inside, [*lights, *direct], clock=clock, log=book) as service:
            yield service


@contextlib.asynccontextmanager
async def _running(
    settings: Settings,
    identity: Identity,
    inside: LocalSocket,
    direct: Sequence[DirectLights],
    *,
    clock: Callable[[], float],
    log: LogBook,
) -> AsyncIterator[Service]:
    songs = library_of(await asyncio.to_thread(places_of, settings), index_of(settings))
    async with Supervisor(clock=clock) as supervisor:
        feeds = Feeds(Broadcast(), Broadcast())
        outputs = await asyncio.to_thread(open_outputs, settings)
        air = OnAir(remote=settings.sound.output == "remote")
        lights = await start_lights(supervisor, settings, direct, feeds.statuses, clock)
        library = await start_library(supervisor, settings, songs)
        # A model that cannot be used is said now, not when the first song begins.
        await asyncio.to_thread(library.shows.styles.encoder, settings.model)
        bridge = None
        if settings.mqtt.enabled:
            bridge = await start_mqtt(
                supervisor, settings, identity, inside, lights=lights, feeds=feeds, clock=clock
            )
        playlists = playlists_of(settings, songs)
        director = await start_director(
            supervisor,
            settings,
            music=Music(
                songs,
                playlists.lists,
                library.shows,
                library.shows.styles,
                settings.urls.reach,
                playlists.lists.stations,
            ),
            sound=Sound(outputs, air),
            lights=lights,
            feeds=feeds,
            clock=clock,
        )
        heard: Broadcast[tuple[InputReport, ...]] = Broadcast()
        schedule = await start_scheduler(
            supervisor,
            settings,
            director=director,
            feeds=feeds,
            looks=library.shows.styles.looks,
            clock=clock,
            rests=Rest(_stands_in(settings), heard, clock),
        )
        watch = supervisor.start(playlists.watch, "playlists")
        inputs = start_inputs(
            supervisor,
            settings,
            identity=identity.id,
            director=director,
            statuses=feeds.statuses,
            reports=heard,
            clock=clock,
        )
        guests = await start_guests(
            supervisor,
            settings,
            playlists=playlists.lists,
            director=director,
            statuses=feeds.statuses,
            schedule=schedule.views,
            clock=clock,
        )
        services = Services(
            about=web.about(settings, identity),
            security=web.security(settings, identity, clock),
            player=web.player_service(director, feeds, library, clock),
            lights=web.lights_service(lights, clock),
            nodes=lights.nodes,
            library=library,
            inbox=page.inbox(songs),
            playlists=web.playlist_service(playlists, watch),
            stations=web.station_service(settings),
            schedule=web.schedule_service(schedule, playlists, library),
            sound=web.sound_service(settings, outputs, air, library),
            inputs=web.input_service(director, inputs),
            outputs=lights.board,
            search=search_of(settings),
            styles=web.styles(settings, library, director),
            house=page.house_service(settings),
            health=page.health_service(settings, log),
            guests=guests,
            metrics=web.start_metrics(supervisor, lights, library, clock),
        )
        await web.start_api(supervisor, settings, services)
        if settings.zeroconf.enabled:
            announcement = _announcement(settings, identity)
            supervisor.start(lambda: Announcer(announcement, settings.zeroconf.interfaces), "announcer")
        async with _ended_in_order(supervisor, lights, bridge, schedule, director):
            yield Service(
                identity,
                settings,
                songs,
                broker_address(settings, identity) if settings.mqtt.enabled else None,
                director,
                feeds.statuses,
                feeds.events,
                supervisor,
                outputs.outputs()[0].problem,
                library.states,
            )


@contextlib.asynccontextmanager
async def _ended_in_order(
    supervisor: Supervisor,
    lights: LightsPart,
    bridge: Ref[None] | None,
    schedule: SchedulePart,
    director: Ref[DirectorMessage],
) -> AsyncIterator[None]:
    """On exit, all lights go off and the show ends; the supervisor stops everything else."""
    try:
        yield
    finally:
        # Turn the nodes dark first, whatever may hang afterwards.
        with contextlib.suppress(YulelightError):
            await lights.ref.ask(Blackout(True), timeout=1.0)
        if bridge is not None:
            await supervisor.stop(bridge)
        # Stop the scheduler before the show, so that it does not take this end for a manual stop.
        await supervisor.stop(schedule.ref)
        with contextlib.suppress(YulelightError):
            await director.ask(Suspend(), timeout=3.0)


def _announcement(settings: Settings, identity: Identity) -> Announcement:
    mqtt, broker = settings.mqtt, broker_address(settings, identity)
    here = broker.host in ("localhost", "::1") or broker.host.startswith("127.")
    host = "" if here or mqtt.broker is None else broker.host
    return Announcement(
        identity.id,
        settings.name,
        settings.http.port,
        broker.port if mqtt.enabled else None,
        host if mqtt.announced is None else mqtt.announced,
    )


def _stands_in(settings: Settings) -> bool:
    """Whether the calendar plays only while a service that is followed is away."""
    return any(one.type == "yulelight" and one.calendar == "away" for one in settings.input)
