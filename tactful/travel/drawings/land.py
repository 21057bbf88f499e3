"""Mountains, forests, roads and animals."""

from tactful.travel.drawings.shapes import (
    AQUA,
    BARK,
    CORAL,
    CREAM,
    INK,
    LEAF,
    MOSS,
    NIGHT,
    PINE,
    PLUM,
    ROSE,
    SNOW,
    STONE,
    SUN,
    TEAL,
    at,
    bird,
    cloud,
    disc,
    faint,
    fir,
    group,
    line,
    path,
    rect,
    ring,
    scene,
)  # fmt: skip


def hiking() -> str:
    return scene(
        "#9fd3d6", CREAM,
        disc(SUN, 252, 46, 20), cloud(40, 46, 0.9), bird(186, 30), bird(206, 40),
        path("#a8cdd0", "M0 118L46 70l30 26 44-54 52 62 36-34 52 44 60-38v86H0z"),
        path("#5f9aa0", "M40 130L128 30l38 44 16-14 62 70z"), path("#4d858d", "M128 30l38 44 16-14 62 70h-92l-10-36z"),
        path(SNOW, "M128 30l-26 30 12 4 8-6 8 10 8-8 12 4z"), path(SNOW, "M182 60l-11 10 8 4 6-4 8 4z"),
        path(LEAF, "M0 128q70-30 150-8t170-14v74H0z"), path(MOSS, "M0 150q60-26 140-10t180-16v56H0z"),
        path(CREAM, "M150 180c-34-18 62-24 50-36-10-9-58-8-46-19 8-7 24-6 22-13-1-4-4-5-2-8l5 1c0 3 6 4 5 9"
             "-1 7-16 8-17 12 0 6 52 6 60 18 10 16-42 22-25 36z"),
        fir(40, 158, 40), fir(62, 164, 32, "#37775f"), fir(20, 168, 34, "#37775f"), fir(268, 152, 38),
        fir(290, 160, 46, "#37775f"), fir(248, 160, 26), rect(BARK, 117, 138, 3.5, 26, 1),
        path(CORAL, "M106 139h24l6 5-6 5h-24z"),
    )  # fmt: skip


def nature() -> str:
    trees = [(14, 112, 40), (34, 116, 52), (56, 116, 36), (262, 114, 44), (284, 116, 58), (306, 116, 42)]
    return scene(
        "#f8d9a6", "#fdf0d9",
        disc("#fff4d6", 166, 62, 24), bird(90, 40), bird(112, 32), bird(222, 46),
        path("#b9d3c4", "M0 92q50-50 100-26t90-14 130 30v60H0z"),
        path("#85b69c", "M0 104q60-46 120-18t110-12 90 16v40H0z"),
        path(MOSS, "M0 112q46-26 92-10t70 8 70-12 88 4v20H0z"), *(fir(x, y, h) for x, y, h in trees),
        path(AQUA, "M0 116h320v64H0z"), path("#9fd6cf", "M96 116h140q30 18 10 32t16 32H70q44-22 14-34t12-30z"),
        faint(0.35, *(path(PINE, f"M{x - 9} 117h18l-9 {h * 0.7:g}z") for x, _, h in trees)),
        faint(0.7, disc("#fff4d6", 166, 128, 18, 3), disc("#fff4d6", 170, 138, 12, 2),
            disc("#fff4d6", 164, 147, 7, 1.6)),
        path(PINE, "M0 160q40-20 84-2t60 22H0z"), path(MOSS, "M214 180q20-26 58-24t48-8v32z"),
        *(line("#a9cf85", 2.4, f"M{x} 180q-2-14 {d} -26") for x,
            d in ((24, -6), (32, 3), (40, 8), (284, -5), (293, 4))),
        disc(CORAL, 18, 153, 3.5), disc(SUN, 36, 153, 3.5), disc(ROSE, 298, 153, 3.5),
    )  # fmt: skip


def skiing() -> str:
    return scene(
        "#6db6d6", "#dff1f3",
        disc("#fff2c9", 62, 40, 17), cloud(214, 40, 1.0), cloud(104, 60, 0.6),
        path("#a9cede", "M0 120L58 62l40 34 62-70 60 64 38-30 62 58v62H0z"),
        path(SNOW, "M160 26l-30 34 12 2 10-8 10 10 12-8 14 4z"), path(SNOW, "M58 62L40 80l10 2 8-5 10 6 6-3z"),
        path("#e9f4f6", "M0 128q80-34 170-16t150-30v98H0z"), path(SNOW, "M0 176Q130 150 320 92v88H0z"),
        line(STONE, 1.2, "M0 84L320 30"), rect("#51707c", 262, 39, 4, 60), rect("#51707c", 256, 38, 16, 3),
        *(line("#51707c", 1.6, f"M{x} {y}v12") + rect(CORAL, x - 8, y + 12, 16, 10, 3) for x,
            y in ((80, 70), (190, 52))),
        *(fir(x, y, h, "#2f6f6b") for x, y, h in ((22, 150, 50), (50, 146, 36), (284, 116, 44), (306, 112, 58))),
        *(path(SNOW, f"M{x} {y - h}l{h * 0.16:g} {h * 0.37:g}q{-h * 0.16:g} {-h * 0.1:g} {-h * 0.32:g} 0z")
          for x, y, h in ((22, 150, 50), (50, 146, 36), (284, 116, 44), (306, 112, 58))),
        line("#c9dfe6", 2, "M300 106Q220 120 196 142T120 172"), line("#c9dfe6", 2, "M300 112Q226 126 202 146T130 176"),
        at(178, 112,
           line(NIGHT, 3, "M-16 38L30 25"), line(NIGHT, 3, "M-12 43L34 30"),
           line(NIGHT, 6, "M8 14L14 24 6 34"), line(CORAL, 9, "M10 2L5 15"), disc(SUN, 14, -7, 6),
           line(CORAL, 4.5, "M10 4l9 7"), line("#51707c", 1.8, "M20 8L8 33")),
    )  # fmt: skip


def cycling() -> str:
    def wheel(x: int) -> str:
        spokes = line(STONE, 0.9, "M-24 0H24M0-24V24M-17-17L17 17M-17 17L17-17")
        return at(x, 0, ring(INK, 4, 0, 0, 24), spokes, disc(INK, 0, 0, 3.5))

    bicycle = (
        wheel(-40), wheel(40),
        line(CORAL, 4.5, "M-40 0L-18-36H24L-4 0H-40M-4 0L-20-42M24-36L40 0M24-36L21-46"),
        line(INK, 4, "M21-46h9q5 0 5 6"), line(INK, 5, "M-28-44h15"), disc(INK, -4, 0, 5), line(INK, 3, "M-4 0l5 10h6"),
    )  # fmt: skip
    return scene(
        "#8fd0d8", CREAM,
        disc(SUN, 58, 44, 18), cloud(112, 44), cloud(230, 34, 0.8), bird(190, 56),
        path("#a9d3b4", "M0 106q70-44 140-14t180-22v60H0z"), path(LEAF, "M0 122q90-30 170-6t150-18v50H0z"),
        *(rect(BARK, x, 98, 3, 14) + disc(PINE, x + 1.5, 88, 7, 15) for x in (24, 46, 268, 288)),
        rect(SNOW, 214, 90, 26, 18), path(CORAL, "M210 91l17-13 17 13z"), rect("#51707c", 223, 98, 7, 10),
        path(MOSS, "M0 140q100-22 190-6t130-8v54H0z"), path("#d9d3c4", "M0 154q160-22 320-4v24H0z"),
        line(SNOW, 2.5, "M0 166q160-18 320-6", 'stroke-dasharray="16 12"'), disc("#bdb6a4", 160, 159, 62, 3),
        at(160, 134, *bicycle),
    )  # fmt: skip


def wildlife() -> str:
    def elephant(x: float, y: float, scale: float) -> str:
        body = path(INK, "M-30-26Q-8-42 16-34q18-6 26 8 4 10 1 26-1 8 6 8-1 6-8 5-7-2-6-14l-1-9-6 2-2 "
            "24H16l-2-18h-22l-2 18h-11"
                    "l-2-18Q-32-14-30-26z")  # fmt: skip
        return at(x, y, body, path("#254550", "M14-32q12-3 14 8t-8 15q-9-5-6-23z"), line(SNOW, 2.2, "M36-9q1 7 8 7"),
                  line(INK, 2, "M-30-24q-6 8-4 16"), scale=scale)  # fmt: skip

    crown = path(INK, "M-58-66q6-15 28-14 10-12 32-8 20-6 30 6 22-2 26 16-28 7-58 3-32 4-58-3z")
    return scene(
        CORAL, "#fbd28b",
        disc("#fde3a7", 176, 104, 46), faint(0.5, disc("#fde3a7", 176, 104, 60)),
        faint(0.45, path(ROSE, "M0 46h110q10 8 0 8H0zM210 34h110v8H210q-8-4 0-8z")), bird(84, 40), bird(104, 32),
        bird(118, 46), path("#c2614d", "M0 124l44-20 40 14 60-10 70 8 46-16 60 18v40H0z"),
        path(PLUM, "M0 132q160-12 320 0v48H0z"), path("#3d3345", "M0 150q160-16 320-2v32H0z"),
        at(70, 150, line(INK, 6, "M0 0q4-30-4-44M-2-36q-18-10-26-32M-3-40q12-14 26-30"), crown),
        elephant(190, 148, 1.0), elephant(256, 150, 0.62),
        *(line(INK, 1.6, f"M{x} 180q1-12 {d} -20") for x,
            d in ((16, -4), (22, 3), (128, -3), (134, 4), (290, -4), (297, 3))),
    )  # fmt: skip


def road_trips() -> str:
    van = (
        path(SNOW, "M-24 0v-26q0-6 6-6h36q6 0 6 6V0z"), path(CORAL, "M-25-12h50V2q0 3-3 3h-44q-3 0-3-3z"),
        path("#8fc7cc", "M-18-28h36v12h-36z"), rect(INK, -21, 4, 9, 8, 2), rect(INK, 12, 4, 9, 8, 2),
        disc(SUN, -17, -4, 3.4), disc(SUN, 17, -4, 3.4), rect(SNOW, -8, -5, 16, 4, 2),
        rect(TEAL, -20, -40, 40, 6, 3), rect(SUN, -14, -46, 26, 6, 2),
    )  # fmt: skip
    return scene(
        "#f2a57c", "#fde6bd",
        disc("#fff0c4", 160, 92, 34), faint(0.5, disc("#fff0c4", 160, 92, 46)),
        path("#d98a68", "M0 108V80h34l8-16h30l10 20 20 24zM320 108V74h-26l-8-12h-34l-10 20-22 26z"),
        path("#bf6d55", "M0 108V92h18l6-10h16l12 26zM320 108V90h-16l-8-12h-14l-14 30z"),
        path("#e5b277", "M0 106h320v74H0z"),
        path("#d59d62", "M0 132q60-16 110-10L60 180H0zM320 126q-50-10-96-4l42 58h54z"),
        path("#4b5a60", "M152 106h16l96 74H56z"), path("#fbf1de", "M151.500 106h1l-88 74h-8zM167.500 106h1l95 74h-8z"),
        path(SUN, "M159.300 108h1.400l.5 8h-2.400zM158.400 122h3.200l.8 12h-4.800zM157 142h6l1.400 20h-8.800z"),
        at(196, 142, *van, scale=0.9),
        *(group([line(PINE, 7, "M0 0v-40M0-14h-11v-12M0-20h11v-12")], f'transform="translate({x} {y}) scale({s})"')
          for x, y, s in ((34, 160, 1.1), (292, 150, 0.9), (74, 126, 0.5))),
        disc("#a8784c", 270, 168, 9, 4), disc("#a8784c", 12, 172, 11, 5),
    )  # fmt: skip
