"""Tables, music, rest and play."""

from math import cos, radians, sin

from tactful.travel.drawings.shapes import (
    BARK,
    CORAL,
    CREAM,
    INK,
    LEAF,
    MIST,
    MOSS,
    NIGHT,
    PINE,
    PLUM,
    ROSE,
    SAND,
    SEA,
    SNOW,
    STONE,
    SUN,
    TEAL,
    WOOD,
    at,
    bird,
    cloud,
    disc,
    faint,
    group,
    line,
    path,
    rect,
    ring,
    scene,
)  # fmt: skip


def food() -> str:
    return scene(
        "#f9d8a8", "#fcebcd",
        rect("#8fc7c4", 26, 14, 76, 70, 4), path("#c9e6df", "M26 62q30-20 76-6v28H26z"),
        line(SNOW, 4, "M64 14v70M26 49h76"), rect(WOOD, 20, 84, 88, 6, 2), line(INK, 2, "M238 0v24"),
        path(CORAL, "M214 46q2-24 24-24t24 24z"), disc("#fff0c4", 238, 47, 10, 5),
        faint(0.35, path("#fff6dd", "M216 48h44l40 74H176z")), path("#a9683f", "M0 124h320v56H0z"),
        path(WOOD, "M0 120h320v10H0z"), faint(0.4, line(BARK, 1.6, "M0 146h120M160 152h160M40 166h180")),
        disc("#f3e2c0", 160, 152, 104, 18), disc(CREAM, 160, 149, 96, 15),
        path(TEAL, "M94 98h132q-2 48-44 54h-44q-42-6-44-54z"), path("#0f706d", "M180 152q40-10 42-54h4q-2 48-44 54z"),
        line(SUN, 3.5, "M99 116q60 8 122 0"), disc("#083f3e", 160, 98, 66, 13), disc("#e9a552", 160, 99, 60, 10.5),
        line("#fbe3ae", 3.4, "M110 98q12-8 24 0t24 0 24 0M118 104q12-6 24 0t24 0M126 93q10-5 20 0t20 0"),
        disc(SNOW, 186, 97, 14, 7), disc(SUN, 187, 97, 6, 3.4),
        path(MOSS, "M128 92q8-8 16 0-8 6-16 0zM204 101q6-6 12-1-5 5-12 1z"), disc(CORAL, 152, 104, 6, 3.4),
        disc(CORAL, 166, 91, 5, 3), line(BARK, 4.5, "M214 90L286 46"), line("#5d3624", 4.5, "M206 86L278 34"),
        *(line(SNOW, 4, f"M{x} 80q-9-10 0-20t0-20 0-18", 'opacity=".75"') for x in (138, 160, 182)),
        path("#d8efec", "M38 104h28l-4 44q-10 4-20 0z"), path(CORAL, "M40 120h24l-2 27q-10 4-20 0z"),
        disc(SNOW, 268, 150, 22, 6), disc("#7b3b2a", 268, 149, 14, 3.6),
    )  # fmt: skip


def music() -> str:
    def note(x: float, y: float, fill: str, scale: float) -> str:
        return at(x, y, disc(fill, 0, 0, 6, 4.6), disc(fill, 20, -4, 6, 4.6), line(fill, 3, "M5-1v-26l20-5v27"),
            line(fill, 5, "M5-26l20-5"), scale=scale)  # fmt: skip

    rings = "".join(ring("#3a5560", 1.2, 122, 96, r) for r in (32, 40, 48, 56))
    return scene(
        "#6b4a6e", "#e58a72",
        faint(0.35, disc(ROSE, 266, 30, 70), disc(SUN, 30, 170, 60)), faint(0.5, disc("#8f5c80", 120, 20, 44)),
        rect("#3d2b42", 26, 164, 262, 10, 5), rect("#f2dfc0", 32, 20, 250, 148, 14),
        rect("#e3c89d", 32, 156, 250, 12, 6), disc("#d9bd90", 122, 97, 71), disc(INK, 122, 96, 67), rings,
        faint(0.22, path(SNOW, "M122 96L92 36a67 67 0 0 1 36-7zM122 96l30 60a67 67 0 0 1-36 7z")),
        disc(CORAL, 122, 96, 24), disc(SUN, 122, 96, 13), disc(INK, 122, 96, 3.5), disc("#cdb083", 240, 54, 21),
        disc(INK, 240, 54, 13), disc(STONE, 240, 54, 6), line(STONE, 5, "M240 54l-10 66-38 16"),
        rect(INK, 178, 129, 22, 12, 3), rect(INK, 232, 26, 16, 12, 3), disc(INK, 256, 140, 9), disc(CORAL, 256, 140, 4),
        rect("#cdb083", 212, 137, 30, 7, 3.5), rect(TEAL, 219, 134, 8, 13, 3), note(196, 40, CORAL, 0.85),
        note(280, 92, SNOW, 0.9), note(12, 52, SNOW, 0.95), note(292, 40, SUN, 0.6),
    )  # fmt: skip


def wellness() -> str:
    petals = [(-58, 30), (58, 30), (-34, 38), (34, 38), (0, 42)]
    lotus = [group([path(fill, f"M0 0q-13-{h / 2:g} 0-{h} 13 {h / 2:g} 0 {h}z")], f'transform="rotate({turn})"')
             for (turn, h), fill in zip(petals, ("#f6b7b4", "#f6b7b4", "#f08f98", "#f08f98", "#f9d3cf"),
                 strict=True)]  # fmt: skip
    return scene(
        "#cfe8e0", "#fdf0dc",
        disc("#fff6dd", 210, 64, 34), faint(0.5, disc("#fff6dd", 210, 64, 46)),
        path("#b4d6cd", "M0 104q50-48 104-22t96-16 120 30v20H0z"), path("#93c3b8", "M0 112q70-30 140-10t180-8v20H0z"),
        path("#6fb7b1", "M0 110h320v70H0z"), path("#86c7c0", "M0 110h320v10q-120 14-320 6z"),
        faint(0.7, disc("#fff6dd", 210, 118, 34, 2.4), disc("#fff6dd", 212, 127, 22, 2)),
        faint(0.5, *(line(SNOW, 1.6, f"M{x - r} {y}a{r} {r / 6:g} 0 1 0 {2 * r} 0a{r} {r / 6:g} 0 1 0-{2 * r} 0")
            for x, y, r in ((104, 152, 66), (104, 152, 84), (232, 156, 58), (232, 156, 74)))),
        disc("#44625f", 104, 146, 46, 15), disc("#5a7a76", 100, 142, 38, 9), disc("#6d6a72", 104, 122, 35, 12),
        disc("#85828b", 100, 119, 27, 7), disc("#44625f", 104, 102, 26, 10), disc("#5e7e7a", 101, 99.5, 19, 5.5),
        disc("#b79a86", 105, 85, 17, 8), disc("#cbb19e", 103, 83, 12, 4.5),
        at(105, 78, path(MOSS, "M0 0q2-16 20-18-2 16-20 18z"), line(PINE, 1.4, "M0 0q8-8 16-14")),
        disc("#3f8f6c", 232, 156, 40, 10), path("#6fb7b1", "M232 156l40-4v8z"), at(232, 154, *lotus, scale=1.1),
        disc(SUN, 232, 146, 4), *(line("#3d7d5c", 5, f"M{x} 0V{y}") for x, y in ((24, 112), (40, 92))),
        *(line("#2d6549", 1.6, f"M{x - 3} {y}h6") for x in (24, 40) for y in (20, 48, 76)),
        path(MOSS, "M26 22q22-14 38-2-20 10-38 2zM42 50q20-16 36-6-16 12-36 6zM22 58Q4 46 0 56q8 10 22 2zM26 "
            "82q-14-10-26-4 8 12 26 4z"),
    )  # fmt: skip


def photography() -> str:
    return scene(
        "#f19a74", "#fde1ad",
        disc("#fff1c9", 160, 74, 38), faint(0.45, disc("#fff1c9", 160, 74, 54)), bird(58, 36), bird(78, 28),
        bird(256, 40), path("#d9876e", "M0 110l50-48 34 30 34-40 42 48 40-36 44 40 32-26 44 36v70H0z"),
        path("#9d5a66", "M0 130l60-36 50 26 66-22 66 24 78-32v90H0z"), path("#5b3d5a", "M0 152q160-30 320-6v34H0z"),
        rect(INK, 88, 72, 144, 94, 14), path(INK, "M128 74l8-18h48l8 18z"), rect("#2a4a55", 88, 92, 144, 46),
        rect(STONE, 100, 65, 22, 9, 3), rect(CORAL, 202, 65, 20, 9, 3), rect("#fff1c9", 144, 61, 32, 10, 3),
        disc(CORAL, 216, 84, 4), rect("#c9d3d2", 98, 80, 18, 6, 3), disc("#0c1e26", 160, 118, 44),
        disc(STONE, 160, 118, 39), disc(INK, 160, 118, 35),
        '<clipPath id="c"><circle cx="160" cy="118" r="29"/></clipPath>',
        group([rect("#f4a97c", 130, 88, 60, 60), disc("#fff1c9", 160, 116, 13),
            path("#c0677a", "M128 128l18-18 12 12 14-16 22 22v24h-66z"),
                path("#5b3d5a", "M128 134q30-10 66 0v18h-66z")], 'clip-path="url(#c)"'),
        faint(0.55, path(SNOW, "M140 106q6-12 20-14-10 8-14 18z"), disc(SNOW, 176, 134, 3)),
        ring(NIGHT, 3, 160, 118, 29),
    )  # fmt: skip


def family_parks() -> str:
    fills = (CORAL, SUN, SEA, "#e27f9a", TEAL) * 2
    rim = [(112 + 58 * sin(radians(36 * n)), 78 - 58 * cos(radians(36 * n))) for n in range(10)]
    spokes = "".join(f"M112 78L{x:.0f} {y:.0f}" for x, y in rim)
    tent = [path(fill, "".join(f"M254 60L{206 + 16 * n} 104h16zM{210 + 15 * n} 106h15v46h-15z"
        for n in range(first, 6, 2)))
            for first, fill in ((0, CREAM), (1, CORAL))]  # fmt: skip
    return scene(
        "#8ed0dc", "#fdf0d6",
        disc("#fff0c4", 292, 36, 17), cloud(196, 40, 0.9), cloud(6, 44, 0.8),
        path("#a9d3b4", "M0 130q80-40 160-16t160-18v60H0z"), path(LEAF, "M0 150q80-16 160-6t160-4v40H0z"),
        line("#51707c", 5, "M112 78L78 158M112 78l34 80"), ring(SNOW, 5, 112, 78, 58), ring(MIST, 2, 112, 78, 46),
        line(SNOW, 2.2, spokes), disc(CORAL, 112, 78, 9), disc(SUN, 112, 78, 4.5),
        *(path(fill, f"M{x - 9:.0f} {y + 3:.0f}h18q0 13-9 13t-9-13zm0-3q0-10 9-10t9 10h-3q0-7-6-7t-6 7z") for (x, y),
            fill in zip(rim, fills, strict=True)),
        rect("#51707c", 66, 156, 92, 6, 3), *tent,
        path("#c9573b", "M206 102h96l2 8-8 6-8-6-8 6-8-6-8 6-8-6-8 6-8-6-8 6-8-6-8 6-8-6-8 6-6-8z"),
        path(PLUM, "M244 152v-24q10-14 20 0v24z"), line(BARK, 2.5, "M254 60V42"), path(SUN, "M255 42l18 5-18 6z"),
        path(SAND, "M244 152h20l26 28h-90z"),
        *(line(INK, 1.2, f"M{x} {y}q4 16-2 36") + disc(fill, x, y - 9, 8, 10) for x, y,
            fill in ((22, 118, CORAL), (38, 110, SUN), (30, 130, SEA))),
        *(rect(BARK, x - 2, 146, 4, 16) + disc(MOSS, x, 136, 11, 15) for x in (188, 312)),
        path(MOSS, "M0 168q90-12 190 2l-4 10H0zM320 166q-30-2-50 14h50z"),
    )  # fmt: skip
