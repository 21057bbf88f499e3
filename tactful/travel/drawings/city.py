"""Streets, towers and what people built."""

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
    fir,
    line,
    path,
    rect,
    scene,
)  # fmt: skip


def museums() -> str:
    def column(x: float) -> str:
        shade = path("#e7d8b5", f"M{x + 1} 78h2v58h-2zm4 0h2v58h-2z")
        return rect(CREAM, x - 7, 78, 14, 58) + shade + path(SNOW, f"M{x - 10} 74h20v5h-20zm0 60h20v5h-20z")

    return scene(
        "#9bd0dc", "#fbeed5",
        disc("#fff0c4", 54, 46, 18), cloud(250, 44), cloud(96, 36, 0.7), bird(214, 30),
        path("#b5d2b9", "M0 130q60-30 120-16t200-12v60H0z"), rect("#c4b189", 78, 76, 164, 62),
        *(rect("#8d7a58", x, 92, 16, 46) for x in (94, 124, 180, 210)), path("#6f5d41", "M152 138v-38q8-10 16 0v38z"),
        *(column(x) for x in (88, 117, 146, 174, 203, 232)), rect(SNOW, 70, 62, 180, 13),
        rect("#dccba5", 70, 71, 180, 4), path(CREAM, "M66 62l94-40 94 40z"), path("#dccba5", "M84 57l76-32 76 32z"),
        disc(CREAM, 160, 46, 8), disc(SUN, 160, 46, 4.5),
        *(rect(fill, x, 84, 11, 40) + path(fill, f"M{x} 124h11l-5.500 6z") for x, fill in ((126, CORAL), (183, TEAL))),
        *(rect(fill, 70 - 8 * n, 138 + 7 * n, 180 + 16 * n, 8) for n,
            fill in enumerate((SNOW, "#efe3c6", SNOW, "#efe3c6"))),
        path(LEAF, "M0 164h320v16H0z"), path("#e9dcbd", "M100 166h120l24 14H76z"),
        *(rect(BARK, x - 2, 138, 4, 28) + disc(MOSS, x, 124, 14, 22) + disc("#6fae74", x - 4, 118, 7, 12)
            for x in (24, 296)),
        *(disc(PINE, x, 160, 12, 9) for x in (42, 278)),
    )  # fmt: skip


def nightlife() -> str:
    far = "M0 120V92h22V76h24v20h18V64h8l6-16 6 16h8v40h20V84h26v16h22V70h30v26h24V60h26v34h20V80h28v20h32v30H0z"
    near = ((0, 96, 34), (38, 74, 30), (72, 104, 30), (106, 60, 32), (142, 90, 36), (182, 70, 30), (216, 100, 34),
        (254, 56, 30), (288, 86, 32))  # fmt: skip
    windows = "".join(
        f"M{x + 5 + 8 * col} {y + 8 + 11 * row}h4v5h-4z"
        for x, y, width in near
        for row in range((136 - y) // 11)
        for col in range((width - 6) // 8)
        if (x + 3 * row + 5 * col + row * col) % 4
    )
    stars = ((20, 22), (58, 40), (96, 16), (140, 30), (176, 14), (206, 38), (292, 30), (310, 12), (120, 46), (34, 58))
    return scene(
        "#131f45", "#7d4a86",
        line(SNOW, 2.2, "".join(f"M{x} {y}h0" for x, y in stars)), disc("#fdeec2", 248, 34, 17),
        disc("#1f2850", 241, 30, 15), faint(0.7, path("#4c3a74", far)),
        *(path(fill, "".join(f"M{x} {y}h{width}v{150 - y}h-{width}z" for x, y, width in near[n::2]))
          for n, fill in enumerate(("#232c58", "#1b2448"))),
        path("#1b2448", "M118 60l4-22 4 22zM266 56l3-26 3 26z"), disc(CORAL, 122, 38, 2), disc(CORAL, 269, 30, 2),
        path("#f9ce7c", windows), rect(CORAL, 74, 112, 26, 8, 4), rect(AQUA, 218, 108, 30, 8, 4),
        rect("#e86fa0", 145, 98, 30, 8, 4), path("#16204a", "M0 148h320v32H0z"),
        faint(0.8, line(CORAL, 2.4, "M78 154h20M83 161h12"), line(AQUA, 2.4, "M220 154h26M226 161h15"),
              line("#e86fa0", 2.4, "M146 154h26M152 161h15"), line("#fdeec2", 2.4, "M184 169h24M194 175h12"),
              line(SUN, 2.4, "M40 156h16M12 163h14M254 157h20M290 165h14M112 169h18")),
    )  # fmt: skip


def history() -> str:
    bridge = (
        "M0 96Q160 62 320 96v58h-26q0-34-34-34t-34 34h-16q0-44-50-44t-50 44H94q0-34-34-34t-34 34H0z"
    )  # fmt: skip
    stones = ((16, 106), (50, 100), (94, 100), (112, 116), (150, 92), (190, 96), (206, 118), (228, 104), (270, 102),
        (300, 112), (6, 128), (96, 134), (214, 136), (304, 134))  # fmt: skip
    return scene(
        "#f6c992", "#fdf1d8",
        disc("#fff3d0", 74, 46, 20), cloud(196, 34, 0.8, "#fff6e4"), bird(120, 34), bird(138, 26),
        path("#c9cfa6", "M0 100q60-40 130-28t90-40 100 40v40H0z"),
        path("#d8a873", "M204 84V44h16V28h6v6h6v-6h6v6h6v-6h6v16h14v-8h6v6h6v-6h6v48z"),
        path("#bf8a5a", "M238 34h12v50h-12zM270 42h12v42h-12z"),
        path(BARK, "M222 50q4-6 8 0v10h-8zM256 56q3-5 6 0v8h-6zM232 84V72q6-8 12 0v12z"),
        path(CORAL, "M232 28V14l14 5-12 5v4z"), path(MOSS, "M0 96q50-26 110-16t130-4 80 8v30H0z"),
        fir(26, 92, 34, "#4f8a5c"), fir(44, 88, 26, "#4f8a5c"), fir(300, 86, 28, "#4f8a5c"),
        path("#6db9b6", "M0 132h320v48H0z"), path("#e0bd8b", bridge),
        path("#c79c68", "M0 88Q160 54 320 88v10Q160 64 0 98z"),
        path("#cda673", "".join(f"M{x} {y}h12v5h-12z" for x, y in stones)),
        *(path("none", d, 'stroke="#b98a57" stroke-width="5"') for d in (
            "M26 154q0-34 34-34t34 34", "M110 154q0-44 50-44t50 44", "M226 154q0-34 34-34t34 34")),
        *(path("#b98a57", f"M{x} 154h16l4 8H{x - 4}z") for x in (94, 210)),
        faint(0.55, *(line(SNOW, 2, f"M{x} {y}q8-4 16 0t16 0") for x,
            y in ((40, 160), (140, 158), (240, 162), (92, 172), (190, 172), (282, 174), (14, 174)))),
    )  # fmt: skip


def architecture() -> str:
    arch = "".join(f"M{x} 150v-16q5-8 10 0v16z" for x in range(22, 92, 16))
    panes = "".join(f"M{x} {y}h5v8h-5z" for x in range(268, 300, 9) for y in range(58, 146, 13))
    return scene(
        "#f4b79a", "#fdeed6",
        disc("#fff0c9", 202, 62, 26), cloud(24, 46, 0.8, "#fff3e2"), bird(236, 34), bird(252, 42),
        faint(0.55, path("#d99b8b", "M0 150V110h20V96h16v20h22V88q10-14 20 0v20h30v-30l6-12 6 "
            "12v34h70V98h24v18h34V92h30v18h42v40z")),
        rect(CREAM, 14, 116, 84, 40), path(SEA, "M26 116q0-40 30-50 30 10 30 50z"),
        path("#46b0a6", "M44 116q-2-38 12-50 14 12 12 50z"), rect(SUN, 54.5, 50, 3, 17), disc(SUN, 56, 50, 3.5),
        rect(SAND, 10, 112, 92, 6, 1), path("#c8955f", arch),
        *(rect(SNOW, x, 84, 8, 72) + path(SEA, f"M{x - 2} 84h12l-6-14z") for x in (4, 100)),
        rect("#e0b98a", 128, 86, 44, 70), path("#c98f62", "M128 86l8-46 8 46zM156 86l8-46 8 46z"),
        path("#d8a674", "M144 86l6-64 6 64z"), disc("#8c5a3e", 150, 100, 9), disc(AQUA, 150, 100, 7),
        path("#8c5a3e", "M143 156v-28q7-10 14 0v28zM131 120h6v20h-6zM163 120h6v20h-6z"),
        path(TEAL, "M190 156q-6-70 12-124 18 44 16 124z"), path("#2b8580", "M202 32q18 44 16 124h-14z"),
        line("#9fd6cf", 1.4, "M192 130q14 6 25 0M191 108q14 6 26 0M193 86q12 6 23 0M196 64q8 5 17 0"),
        rect(NIGHT, 262, 50, 42, 106), path("#f3d79b", panes), rect(CORAL, 228, 92, 30, 64),
        path(ROSE, "M228 92l30-22v22z"),
        *(path(CREAM, f"M{x} {y}h6v9h-6z") for x in (234, 246) for y in (102, 118, 134)),
        path("#f6e4c3", "M0 154h320v26H0z"), path("#e6cfa4", "M0 166q160-8 320 0v14H0z"),
        *(rect(BARK, x - 1.5, 146, 3, 14) + disc(MOSS, x, 140, 8, 11) for x in (116, 182, 310)),
    )  # fmt: skip


def shopping() -> str:
    def bag(x: float, y: float, width: float, height: float, fill: str, mark: str) -> str:
        handle = f"M{x + width * 0.3:g} {y + 2}q0-16 {width * 0.2:g}-16t{width * 0.2:g} 16"
        return line(INK, 2.4, handle) + rect(fill, x, y, width, height, 2) + mark

    stripes = [path(fill, "".join(f"M{50 + n * 22} 40h22v30q-11 12-22 0z" for n in range(first, 10, 2)))
               for first, fill in ((0, SNOW), (1, CORAL))]  # fmt: skip
    return scene(
        "#f7dcc0", "#fdf3e3",
        rect("#e9c9a4", 0, 0, 320, 150),
        faint(0.4, *(rect("#d9b48a", x, y, 24, 8, 1) for x,
            y in ((6, 16), (10, 60), (292, 24), (288, 96), (4, 110), (296, 60)))),
        rect(TEAL, 44, 22, 232, 132, 3), rect("#0f706d", 54, 28, 212, 12, 2), rect("#bfe3df", 60, 62, 128, 80),
        rect("#5a3b2c", 206, 62, 54, 92), rect("#d5edea", 212, 68, 42, 60), disc(SUN, 250, 138, 3),
        faint(0.45, path(SNOW, "M74 142l44-80h20l-44 80zM150 142l38-70v36l-18 34z")),
        at(96, 92, path(CORAL, "M-10-14l-10 8 5 8 5-3v26h20V-1l5 3 5-8-10-8q-10 8-20 0z")),
        at(152, 94, path(PLUM, "M-8-16h16l-3 12 12 34h-34l12-34z")), rect(WOOD, 60, 134, 128, 8), *stripes,
        rect("#0f706d", 46, 34, 228, 7, 2), path("#d9c3a2", "M0 152h320v28H0z"), path("#cbb28c", "M0 166h320v14H0z"),
        bag(116, 118, 36, 50, SUN, disc(SNOW, 134, 146, 8)),
        bag(186, 126, 32, 42, "#e27f9a", path(SNOW, "M202 156l-8-8q-3-6 3-7 4 0 5 4 1-4 5-4 6 1 3 7z")),
        bag(144, 102, 48, 66, SEA, path(SNOW, "M168 124l4 9 10 1-7 7 2 10-9-5-9 5 2-10-7-7 10-1z")),
        *(rect(CORAL, x, 152, 20, 18, 2) + disc(MOSS, x + 10, 136, 12, 18) + disc(LEAF, x + 6, 130, 6, 9)
            for x in (18, 282)),
    )  # fmt: skip
