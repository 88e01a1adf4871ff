"""The exposure of each frame of a film: the mean light of the show while the shutter is open.

Frame k of the film is open from k / fps to (k + 1) / fps seconds of the song, so a flash appears in the frame of its
sound, and a fast fade is smooth.
"""

import math

import numpy as np

from yulelight.lab.preview.canvas import Floats
from yulelight.show.show import Show

GAMMA = np.array((1.9, 2.15, 2.5))
"""Light per level for red, green and blue: a dimmed filament is redder than a bright one."""
WARM_UP, COOL_DOWN = 0.035, 0.07
"""Time constant of a switched filament in seconds."""


def exposures(
    show: Show, start: float, count: int, fps: int, switched: bool | tuple[bool, ...] = False
) -> Floats:
    """Light (count, channels, 3) in [0, 1] of the frames from ``start`` seconds of the song on; dark after its end.

    ``switched``: whether channels are on relays, for all or for each.
    """
    brightness = show.levels.astype(np.float32) / 255
    if np.any(switched):
        brightness = np.where(switched, filaments(show), brightness)
    light = brightness[..., None].astype(np.float64) ** GAMMA
    before = np.concatenate((np.zeros((1, *light.shape[1:])), np.cumsum(light, axis=0)))
    # Integral of the light up to any moment: a show's frame k lasts from k to k + 1.
    moments = (start + np.arange(count + 1) / fps) * show.rate
    moments = moments.clip(0, len(light))
    whole = np.minimum(moments.astype(int), len(light) - 1)
    integral = before[whole] + (moments - whole)[:, None, None] * light[whole]
    return np.asarray((np.diff(integral, axis=0) * (fps / show.rate)).clip(0, 1), np.float32)


def filaments(show: Show) -> Floats:
    """Brightness (frames, channels) in [0, 1] of incandescent lamps on relays, which warm up and cool down."""
    up, down = (1 - math.exp(-1 / (show.rate * seconds)) for seconds in (WARM_UP, COOL_DOWN))
    result = np.empty(show.switched.shape, np.float32)
    now = np.zeros(show.switched.shape[1], np.float32)
    for k, on in enumerate(show.switched):
        now = now + (on - now) * np.where(on, up, down)
        result[k] = now
    return result
