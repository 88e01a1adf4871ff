"""The layout of the scene, in units of a picture 1280 wide and 720 high; y points down."""

Point = tuple[float, float]

WIDTH, HEIGHT = 1280, 720
GROUND = 575.0
"""The base line of the walls."""

WING = (300.0, 340.0, 520.0, GROUND)
"""Left, top, right, bottom of the wall below the left gable."""
WING_RAKE: tuple[Point, ...] = ((274, 362), (410, 196), (546, 362))
MAIN = (520.0, 340.0, 800.0, GROUND)
RIDGE: tuple[Point, Point] = ((424, 212), (792, 212))
MAIN_EAVE: tuple[Point, Point] = ((532, 346), (818, 346))
CHIMNEY = (722.0, 158.0, 764.0, 238.0)
DORMER = (634.0, 272.0, 696.0, 334.0)
DORMER_RAKE: tuple[Point, ...] = ((620, 282), (665, 230), (710, 282))
PORCH_ROOF: tuple[Point, ...] = ((540, 424), (796, 424), (816, 448), (520, 448))
COLUMNS = (548.0, 618.0, 712.0, 782.0)
"""Centres; each is 12 wide and reaches from the porch roof to its floor."""
COLUMN_TOP, PORCH_FLOOR = 456.0, 562.0
DOOR = (644.0, 482.0, 686.0, 562.0)
WREATH: Point = (665, 512)
GARAGE = (800.0, 404.0, 1040.0, GROUND)
GARAGE_RAKE: tuple[Point, ...] = ((778, 418), (920, 288), (1062, 418))
GARAGE_DOOR = (838.0, 462.0, 1002.0, GROUND)

WINDOWS: tuple[tuple[float, float, float, float], ...] = (
    (384, 276, 436, 336),
    (338, 436, 388, 526),
    (394, 436, 444, 526),
    (450, 436, 482, 526),
    (566, 364, 608, 416),
    (722, 364, 764, 416),
    (646, 282, 684, 326),
    (564, 486, 604, 540),
    (728, 486, 768, 540),
    (898, 350, 942, 386),
)
SHUTTERED = (WINDOWS[0], WINDOWS[4], WINDOWS[5])
FIR: tuple[float, float, float, float] = (160, 232, 112, 610)
"""Centre x, tip y, half the width at the foot, foot y."""
STAR: Point = (608, 146)
HEDGES: tuple[tuple[float, float, float], ...] = ((282, 530, 596), (804, 836, 588), (1006, 1072, 592))
"""Left, right, foot y."""
PATH_LEFT: tuple[Point, ...] = ((636, 588), (622, 612), (580, 644), (512, 680), (420, 724))
PATH_RIGHT: tuple[Point, ...] = ((694, 588), (700, 616), (684, 650), (650, 688), (604, 724))
"""The edges of the path from the porch's steps to the lower edge of the picture."""
