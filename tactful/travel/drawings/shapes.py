"""The few shapes that all drawings are made of, and the colours that they share."""

from collections.abc import Iterable

SNOW, CREAM, SAND, SUN, ROSE, CORAL = "#fdfdfb", "#fbf1de", "#f0d9a8", "#f6b95a", "#f3a68c", "#e2694a"
MIST, AQUA, SEA, TEAL, NIGHT, INK = "#cfe6e3", "#86c9c3", "#2f9c95", "#0b5d5b", "#1c3350", "#16303a"
LEAF, MOSS, PINE, WOOD, BARK, STONE, PLUM = "#8cbf73", "#5b9a63", "#2c6653", "#c58b57", "#7b4b32", "#a7b3b0", "#6b4a6e"


def scene(top: str, bottom: str, *shapes: str) -> str:
    """A picture of 320 x 180 with shapes before a sky that goes from `top` to `bottom`."""
    sky = (
        f'<linearGradient id="s" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient>'
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320" height="180"'
        ' stroke-linecap="round" stroke-linejoin="round">'
        f'{sky}<rect width="320" height="180" fill="url(#s)"/>{"".join(shapes)}</svg>'
    )


def path(fill: str, d: str, more: str = "") -> str:
    return f'<path fill="{fill}" d="{d}"{" " + more if more else ""}/>'


def line(colour: str, width: float, d: str, more: str = "") -> str:
    """A stroke with round ends."""
    return path("none", d, f'stroke="{colour}" stroke-width="{width}"{" " + more if more else ""}')


def rect(fill: str, x: float, y: float, width: float, height: float, round_: float = 0) -> str:
    corner = f' rx="{round_}"' if round_ else ""
    return f'<rect fill="{fill}" x="{x}" y="{y}" width="{width}" height="{height}"{corner}/>'


def disc(fill: str, x: float, y: float, r: float, ry: float | None = None) -> str:
    """A circle, or an ellipse when `ry` is given."""
    if ry is None:
        return f'<circle fill="{fill}" cx="{x}" cy="{y}" r="{r}"/>'
    return f'<ellipse fill="{fill}" cx="{x}" cy="{y}" rx="{r}" ry="{ry}"/>'


def ring(colour: str, width: float, x: float, y: float, r: float) -> str:
    """A circle that is only its edge."""
    return f'<circle fill="none" stroke="{colour}" stroke-width="{width}" cx="{x}" cy="{y}" r="{r}"/>'


def group(shapes: Iterable[str], more: str) -> str:
    return f"<g {more}>{''.join(shapes)}</g>"


def at(x: float, y: float, *shapes: str, scale: float = 1) -> str:
    """Shapes moved to a place, and made larger or smaller."""
    return group(shapes, f'transform="translate({x} {y}) scale({scale})"')


def faint(opacity: float, *shapes: str) -> str:
    return group(shapes, f'opacity="{opacity}"')


def fir(x: float, y: float, height: float, colour: str = PINE) -> str:
    """A fir tree that stands on (x, y)."""
    w, h = height * 0.3, height
    right = ((0.55, 0.38), (-0.25, 0), (0.45, 0.3), (-0.25, 0), (0.5, 0.25))  # of width and height, from the tip down
    left = [(dx, -dy) for dx, dy in reversed(right)]
    down = [(w * dx, h * dy) for dx, dy in (*right, (-2, 0), *left[:-1])]
    tiers = f"M{x:g} {y - h:g}" + "".join(f"l{dx:.3g} {dy:.3g}" for dx, dy in down) + "z"
    return rect(BARK, round(x - h * 0.035, 1), round(y - h * 0.1, 1), round(h * 0.07, 1), round(h * 0.1, 1)) + path(
        colour, tiers
    )


def cloud(x: float, y: float, scale: float = 1, colour: str = SNOW) -> str:
    return at(x, y, path(colour, "M0 0c-9 0-11-12-1-13 1-11 17-13 21-4 8-4 17 2 15 9 8 0 8 8 0 8z"), scale=scale)


def bird(x: float, y: float, colour: str = INK) -> str:
    return line(colour, 1.6, f"M{x} {y}q4-5 7 0q3-5 7 0")
