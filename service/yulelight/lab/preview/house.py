"""The house front in daylight colours: the reflectance of walls, roofs and windows."""

from yulelight.lab.preview import plan
from yulelight.lab.preview.canvas import Canvas, Colour, along
from yulelight.lab.preview.landscape import SHADE, SNOW
from yulelight.lab.preview.plan import Point

_WALL: Colour = (222, 211, 194)
_SEAM: Colour = (186, 176, 160)
_TRIM: Colour = (236, 232, 224)
_STONE: Colour = (128, 122, 118)
_BRICK: Colour = (140, 74, 60)
_GLASS: Colour = (34, 38, 50)
_SHUTTER: Colour = (46, 84, 70)


def paint(canvas: Canvas) -> None:
    """Draws the house from back to front."""
    _chimney(canvas)
    _wall(canvas, plan.MAIN)
    _main_roof(canvas)
    _gable(canvas, plan.DORMER, plan.DORMER_RAKE, 7)
    _gable(canvas, plan.WING, plan.WING_RAKE, 13)
    _gable(canvas, plan.GARAGE, plan.GARAGE_RAKE, 12)
    _porch(canvas)
    for window in plan.WINDOWS:
        _window(canvas, window)
    for window in plan.SHUTTERED:
        _shutters(canvas, window)
    _garage_door(canvas)
    for hedge in plan.HEDGES:
        _hedge(canvas, hedge)


def _wall(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    canvas.box(box, _WALL)
    for k in range(int((bottom - top) / 8)):
        canvas.line(((left, top + 8 * k), (right, top + 8 * k)), 1, _SEAM)
    if bottom == plan.GROUND:
        canvas.box((left, bottom - 24, right, bottom), _STONE)
        for k, x in enumerate(range(int(left), int(right), 17)):
            canvas.line(((x, bottom - 24 + 12 * (k % 2)), (x, bottom - 12 + 12 * (k % 2))), 1, (98, 94, 92))
        canvas.line(((left, bottom - 12), (right, bottom - 12)), 1, (98, 94, 92))
        canvas.line(((left, bottom - 25), (right, bottom - 25)), 3, _TRIM)


def _gable(
    canvas: Canvas, box: tuple[float, float, float, float], rake: tuple[Point, ...], snow: float
) -> None:
    """A wall with the gable above it, its trim, and snow on the slopes."""
    left, top, right, _ = box
    (_, _), (tip, high), (_, low) = rake
    _wall(canvas, box)
    slope = (low - high) / (rake[2][0] - tip)
    canvas.polygon(((left, top + 1), (tip, top - (tip - left) * slope), (right, top + 1)), _WALL)
    y = top - 8
    while y > high + 24:
        half = (y - high) / slope - 12
        canvas.line(((tip - half, y), (tip + half, y)), 1, _SEAM)
        y -= 8
    canvas.line(rake, 9, _TRIM)
    drift = [(x, y - snow * 0.75 + 1.5 * (k % 3)) for k, (x, y) in enumerate(along(rake, 19))]
    canvas.line(drift, snow, SNOW)
    for end in (rake[0], rake[2]):
        canvas.ellipse((end[0], end[1] - snow * 0.6), (snow * 0.8, snow * 0.6), SNOW)


def _main_roof(canvas: Canvas) -> None:
    (ridge_left, ridge), (ridge_right, _) = plan.RIDGE
    _, (right, eave) = plan.MAIN_EAVE
    canvas.polygon(((ridge_left, ridge), (ridge_right, ridge), (right, eave), (ridge_left, eave)), SNOW)
    for k in range(1, 9):
        y = ridge + (eave - ridge) * k / 9
        end = ridge_right + (right - ridge_right) * k / 9
        canvas.line(((ridge_left, y), (end, y)), 1, (222, 228, 240))
    canvas.line(((ridge_left, eave), (right, eave)), 8, _TRIM)
    canvas.line(((ridge_left, eave - 6), (right + 2, eave - 6)), 9, SNOW)
    canvas.line(plan.RIDGE, 9, (248, 250, 255))


def _chimney(canvas: Canvas) -> None:
    left, top, right, bottom = plan.CHIMNEY
    canvas.box(plan.CHIMNEY, _BRICK)
    for k, y in enumerate(range(int(top) + 8, int(bottom), 7)):
        canvas.line(((left, y), (right, y)), 1, (108, 58, 50))
        for x in range(int(left) + 5 * (k % 2), int(right), 11):
            canvas.line(((x, y), (x, y + 7)), 1, (108, 58, 50))
    canvas.box((left - 4, top, right + 4, top + 8), (120, 66, 56))
    canvas.line(
        ((left - 3, top - 3), (left + 12, top - 5), (right - 10, top - 6), (right + 3, top - 3)), 8, SNOW
    )


def _porch(canvas: Canvas) -> None:
    left, right = plan.PORCH_ROOF[3][0], plan.PORCH_ROOF[2][0]
    canvas.box((plan.MAIN[0], 448, plan.MAIN[2], plan.PORCH_FLOOR), (168, 160, 150))
    for y in range(456, int(plan.PORCH_FLOOR), 8):
        canvas.line(((plan.MAIN[0], y), (plan.MAIN[2], y)), 1, (146, 139, 130))
    _door(canvas)
    canvas.box((left + 12, plan.PORCH_FLOOR, right - 12, plan.GROUND + 2), (150, 128, 108))
    for k in range(3):
        canvas.box((634 - 5 * k, 568 + 8 * k, 696 + 5 * k, 576 + 8 * k), SHADE)
        canvas.line(((634 - 5 * k, 568 + 8 * k), (696 + 5 * k, 568 + 8 * k)), 3, SNOW)
    for x in plan.COLUMNS:
        canvas.box((x - 6, plan.COLUMN_TOP - 4, x + 6, plan.PORCH_FLOOR), _TRIM)
        canvas.box((x + 3, plan.COLUMN_TOP, x + 6, plan.PORCH_FLOOR), (204, 200, 194))
        for end in (plan.COLUMN_TOP, plan.PORCH_FLOOR - 3):
            canvas.box((x - 9, end - 4, x + 9, end + 3), _TRIM)
    for first, last in ((0, 1), (2, 3)):
        a, b = plan.COLUMNS[first], plan.COLUMNS[last]
        canvas.line(((a, 538), (b, 538)), 3, _TRIM)
        for bar in range(int(a) + 10, int(b) - 4, 9):
            canvas.line(((bar, 538), (bar, 562)), 2, _TRIM)
    canvas.polygon(plan.PORCH_ROOF, SNOW)
    canvas.box((left, 447, right, 455), _TRIM)
    canvas.line(((left - 1, 444), (right + 1, 444)), 8, SNOW)


def _door(canvas: Canvas) -> None:
    left, top, right, bottom = plan.DOOR
    canvas.box((left - 7, top - 14, right + 7, bottom), _TRIM)
    canvas.box((left, top - 9, right, top - 3), _GLASS)
    canvas.box(plan.DOOR, (134, 30, 34))
    for x in (left + 6, right - 18):
        canvas.box((x, top + 48, x + 12, bottom - 7), (112, 24, 28))
    canvas.ellipse((right - 5, top + 46), 1.8, (220, 190, 110))
    for k, radius in enumerate((13.5, 11.5, 6.5)):
        canvas.ellipse(plan.WREATH, radius, ((24, 58, 36), (42, 88, 54), (134, 30, 34))[k])
    x, y = plan.WREATH
    for sign in (-1, 1):
        canvas.polygon(((x, y + 10), (x + sign * 8, y + 5), (x + sign * 7, y + 14)), (206, 40, 44))
        canvas.polygon(((x, y + 10), (x + sign * 6, y + 22), (x + sign * 2, y + 22)), (186, 32, 38))


def _window(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    canvas.box((left - 4, top - 5, right + 4, bottom + 4), _TRIM)
    canvas.box(box, _GLASS)
    canvas.line(((left - 6, bottom + 4), (right + 6, bottom + 4)), 5, SNOW)


def _shutters(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    for x in (left - 17, right + 5):
        canvas.box((x, top - 3, x + 12, bottom + 3), _SHUTTER)
        for y in range(int(top) + 2, int(bottom), 5):
            canvas.line(((x + 2, y), (x + 10, y)), 1, (28, 50, 43))


def panes(canvas: Canvas, box: tuple[float, float, float, float], colour: Colour) -> None:
    """The bars of a window, also seen against the light from inside."""
    left, top, right, bottom = box
    columns = 3 if right - left > 45 else 2
    for k in range(1, columns):
        x = left + (right - left) * k / columns
        canvas.line(((x, top), (x, bottom)), 2, colour)
    rows = max(2, round((bottom - top) / 26))
    for k in range(1, rows):
        y = top + (bottom - top) * k / rows
        canvas.line(((left, y), (right, y)), 2, colour)


def _garage_door(canvas: Canvas) -> None:
    left, top, right, bottom = plan.GARAGE_DOOR
    canvas.box((left - 7, top - 8, right + 7, bottom), _TRIM)
    canvas.box(plan.GARAGE_DOOR, (184, 176, 164))
    for row in range(4):
        for column in range(4):
            x, y = left + 5 + 40.5 * column, top + 4 + 28 * row
            canvas.box((x, y, x + 33, y + 21), (160, 152, 142) if row else _GLASS)
            canvas.line(((x, y + 21), (x + 33, y + 21)), 1, (206, 198, 186))


def _hedge(canvas: Canvas, hedge: tuple[float, float, float]) -> None:
    left, right, foot = hedge
    count = max(2, round((right - left) / 34))
    step = (right - left) / count
    for k in range(count):
        x = left + step * (k + 0.5)
        canvas.ellipse((x, foot - 20), (step * 0.72, 20 + 3 * (k % 2)), (44, 80, 56))
    canvas.box((left, foot - 16, right, foot), (40, 72, 52))
    for k in range(count):
        x = left + step * (k + 0.5)
        canvas.ellipse((x, foot - 37 - 3 * (k % 2)), (step * 0.48, 6), SNOW)
    canvas.line(((left - 6, foot + 1), (right + 6, foot + 1)), 8, SNOW)
