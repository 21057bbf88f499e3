"""Beaches, seas and what lives in them."""

from tactful.travel.drawings.shapes import (
    AQUA,
    BARK,
    CORAL,
    CREAM,
    INK,
    LEAF,
    MOSS,
    NIGHT,
    PLUM,
    ROSE,
    SAND,
    SEA,
    SNOW,
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


def beach() -> str:
    leaves = (
        "M0 0q-12-20-34-14 16 0 34 14Q-10-6-36 6-16-2 0 0q2-22 26-24Q10-16 0 0q20-12 36 4Q18-4 0 0q14 4 18 24Q10 8 0 0z"
    )
    return scene(
        "#8ed3df", "#f4f1dd",
        disc(SUN, 240, 42, 19), cloud(60, 42), cloud(150, 30, 0.7), bird(196, 60),
        path("#8fb8a0", "M196 84q20-20 50-14t74-8v26H196z"), path("#36a7a6", "M0 84h320v60H0z"),
        path("#5fc0b9", "M0 100q80-10 160 0t160-4v60H0z"),
        path("#bfe7e0", "M0 138q60-22 130-20 110 4 190-16v40L0 170z"),
        path(SNOW, "M0 144q60-22 130-20 110 4 190-16v10Q240 136 140 134 60 132 0 156z"),
        path(SAND, "M0 152q60-22 134-18 106 4 186-18v64H0z"), path("#e6c98f", "M0 174q150-20 320-14v20H0z"),
        line(BARK, 6, "M30 166Q26 120 44 84"), at(44, 84, path(MOSS, leaves), scale=1.15), disc(BARK, 42, 88, 3.5),
        disc(BARK, 48, 89, 3.5), path("#f7ead0", "M176 160l58-6 16 12-62 6z"),
        path(CORAL, "M188 158.800l10-1 15 11.600-10 1zM210 156.500l10-1 15 11.500-10 1z"),
        group([line(SNOW, 3.5, "M0 0v62"), path(CORAL, "M-50 6Q-44-40 0-44 44-40 50 6 38-4 25 6 12-4 0 6-12-4-25 "
            "6-38-4-50 6z"),
               path(CREAM, "M-25 6Q-24-32 0-44 24-32 25 6 12-4 0 6-12-4-25 6z"),
                   path(CORAL, "M-8 3Q-10-30 0-44 10-30 8 3L0 6z")],
              'transform="translate(166 104) rotate(-12)"'),
        disc(CORAL, 262, 152, 9), path(SNOW, "M262 143q7 9 0 18-7-9 0-18z"), disc(ROSE, 96, 170, 4, 3),
        disc(SNOW, 120, 164, 3, 2),
    )  # fmt: skip


def diving() -> str:
    def fish(x: float, y: float, scale: float, colour: str, stripe: str) -> str:
        return at(x, y, path(colour, "M-20 0Q-4-18 20 0-4 18-20 0l-14-11q5 11 0 22z"),
            path(stripe, "M0-9.500q5 9 0 19h-6q5-10 0-19.400z"),
                  disc(SNOW, 11, -2.5, 3), disc(INK, 11.6, -2.5, 1.5), scale=scale)  # fmt: skip

    return scene(
        "#58c3c9", "#0f5673",
        faint(0.16, path(SNOW, "M60 0h30L46 180H-30zM140 0h22l14 180H96zM224 0h34l72 180H226z")),
        path("#0e4d66", "M0 150q30-34 60-12t60 2 70-16 70 14 60-18v60H0z"),
        path("#e9cf9a", "M0 164q80-14 160-4t160-6v26H0z"),
        line(CORAL, 7, "M44 164q2-24-8-40M42 146q12-8 12-24M38 136q-14-4-16-18M52 132q8-2 10-10"),
        line(ROSE, 6, "M270 162v-34M270 146q-16-4-16-22M270 140q14-4 16-24M257 130q-7-2-8-10M284 126q6-2 8-8"),
        disc(PLUM, 230, 160, 20, 12), faint(0.5, line(ROSE, 2, "M216 158q4-8 8 0t8 0 8 0M222 166q4-6 8 0t8 0")),
        *(line(MOSS, 5, f"M{x} 166q-10-14 0-28t{d} -28") for x, d in ((86, 2), (98, -4), (300, 2), (310, -3))),
        line(LEAF, 4, "M92 168q-8-10 0-20t0-20"), fish(160, 76, 1.35, SUN, SNOW), fish(228, 50, 0.8, CORAL, CREAM),
        fish(92, 50, 0.7, "#f7d774", TEAL), fish(206, 112, 0.75, ROSE, PLUM), fish(124, 118, 0.6, "#f7d774", TEAL),
        *(ring("#dff4f2", 1.6, x, y, r)
          for x, y, r in ((196, 66, 4), (203, 52, 3), (198, 38, 5), (252, 34, 3), (110, 36, 3), (60, 96, 4),
              (64, 82, 2.5))),
        path(CORAL, "M150 158l4 7 8 1-6 6 2 8-8-4-7 4 1-8-6-6 8-1z"),
    )  # fmt: skip


def sailing() -> str:
    return scene(
        "#8bcbdc", "#fdeccb",
        disc("#fff0c4", 250, 76, 26), cloud(44, 50, 1.1), cloud(258, 32, 0.7), bird(222, 40), bird(240, 50),
        path("#9cc4bd", "M0 104q30-34 64-22t54 22zM228 104q24-20 44-14t48-6v20z"),
        path("#7cb0a8", "M0 104q16-16 34-10t40 10z"), path(SEA, "M0 102h320v78H0z"),
        path("#45b0a8", "M0 102h320v14q-80 10-160 2T0 122z"),
        faint(0.75, disc("#fff0c4", 250, 110, 26, 2.4), disc("#fff0c4", 256, 119, 18, 2),
            disc("#fff0c4", 246, 128, 11, 1.8)),
        path(SNOW, "M150 12q46 44 44 108h-44z"), path(CREAM, "M150 60q30 26 43 60h-43z"),
        path(CORAL, "M143 20v100H92q42-36 51-100z"), path("#c9573b", "M143 74v46H92q32-16 51-46z"),
        rect(BARK, 144.5, 8, 3.5, 122, 1.5), path(SUN, "M148 8l16 5-16 5z"),
        path(CREAM, "M78 126h140q-8 24-30 26h-76q-24-4-34-26z"),
        path(NIGHT, "M84 136h130q-8 14-26 16h-76q-18-2-28-16z"), rect(WOOD, 120, 119, 50, 8, 4),
        *(disc(SNOW, x, 144, 3) for x in (126, 146, 166)),
        path("#38a59d", "M0 150q20-10 40 0t40 0 40 0 40 0 40 0 40 0 40 0 40 0v30H0z"),
        path("#25867f", "M0 166q20-10 40 0t40 0 40 0 40 0 40 0 40 0 40 0 40 0v14H0z"),
        *(line("#c9ece6", 2, f"M{x} {y}q8-4 16 0") for x,
            y in ((30, 134), (246, 142), (278, 158), (60, 162), (196, 162))),
    )  # fmt: skip


def surfing() -> str:
    board = (
        path(CREAM, "M0-58q19 26 16 66-2 34-16 50-14-16-16-50-3-40 16-66z"),
            path(CORAL, "M-15-8q15 8 30-2l1 12q-16 9-32 1z"),
        path(SUN, "M-16 10q16 8 32-1v10q-16 8-32 0z"), line(WOOD, 1.6, "M0-56v112"),
    )  # fmt: skip
    return scene(
        "#f9c98a", "#fdf0d5",
        disc(CORAL, 92, 66, 26), faint(0.35, disc(CORAL, 92, 66, 36)), bird(36, 40), bird(56, 32), cloud(262, 36, 0.8),
        path("#3fa9ab", "M0 92h320v60H0z"), path("#2b8f96", "M0 104q60-10 120 0v50H0z"),
        path("#1d7f8a", "M44 146q56-2 92-50 30-42 84-50 56-4 100 28v84H44z"),
        path("#2fa3a8", "M84 148q50-14 76-58 20-30 58-38-34 22-30 52 2 26 30 44z"),
        path("#6fcac6", "M122 148q40-16 56-54 10-22 30-36-22 24-16 50 4 22 24 40z"),
        path(SNOW, "M136 96q30-42 84-50 62-4 100 30v16q-18-18-42-18-6 14-22 6-8 12-22 4-8 14-22 6-6 10-16 6-1 10-10 "
            "9 4-22 18-42-36 8-52 33z"),
        path(SNOW, "M0 150q20-14 40-4 16-12 34-2 18-10 34 0 20-10 36 0 20-12 40 0 18-10 38 0 20-12 40-2 18-10 "
            "58-4v30H0z"),
        path("#f3dcae", "M0 160q90-14 180-2t140-6v28H0z"), path("#e5c78c", "M0 174q120-12 320-4v10H0z"),
        disc("#cfae72", 66, 170, 24, 4), group(board, 'transform="translate(60 120) rotate(9)"'),
        disc(ROSE, 128, 170, 5, 3.5), path(AQUA, "M232 168l3 5 6 1-5 3 1 5-5-3-5 3 1-5-5-3 6-1z"),
    )  # fmt: skip
