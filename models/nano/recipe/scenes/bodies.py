"""Bodies for the drawings that are only a head: sitting, in the head's own main and palest colours."""

from scenes.palette import WHITE, darker, lighter, mix

# Drawings of heads with a tail: bushy or thin, with a tip of another colour or not.
TAILS = {
    "fox": (True, True), "wolf": (True, False), "cat-face": (False, False), "tiger-face": (False, False),
    "lion": (False, True), "dog-face": (False, False), "mouse-face": (False, False), "monkey-face": (False, False),
    "raccoon": (True, True),
}  # fmt: skip
# Where the commonest colour of the head is not that of the body.
COATS = {"panda": (60, 60, 72), "polar-bear": (236, 240, 246)}
HEAD, FOOT = 0.66, 0.35    # the head's size, and how high it sits, in units of the whole


def body_under(s, icon, name, x, y, q, flip, colour=None):
    """The body of the drawing `name`; `colour`: what it is painted in."""
    p = s.p
    main = s.sprites.pixels(name)[1]
    main = [m for m in main if sum(m) > 150] or main
    base = colour or COATS.get(icon) or main[0]
    pale = lighter(base, 0.5) if colour else max(main[1:] + [lighter(base, 0.6)], key=sum)
    base, pale = s.lit(base), s.lit(mix(pale, lighter(base, 0.7), 0.4))
    if icon == "panda" and not colour:
        pale = s.lit((244, 244, 246))
    dark = darker(base, 0.16)
    X = lambda t: x + flip * t * q
    Y = lambda t: y - t * q
    if icon in TAILS:
        bushy, tip = TAILS[icon]
        if bushy:
            p.blob([(X(0.1), Y(0.04)), (X(0.36), Y(0.06)), (X(0.5), Y(0.3)), (X(0.44), Y(0.46)), (X(0.3), Y(0.3)), (X(0.14), Y(0.2))], base)
            if tip:
                p.blob([(X(0.49), Y(0.28)), (X(0.44), Y(0.47)), (X(0.36), Y(0.37))], s.lit(WHITE))
        else:
            p.curve([(X(0.14), Y(0.08)), (X(0.34), Y(0.08)), (X(0.4), Y(0.22)), (X(0.34), Y(0.34))], q * 0.07, dark)
            if tip:
                p.oval(X(0.34), Y(0.35), q * 0.06, q * 0.06, darker(base, 0.45))
    p.blob([(X(-0.2), Y(0.02)), (X(-0.25), Y(0.2)), (X(-0.14), Y(0.46)), (X(0.14), Y(0.46)), (X(0.25), Y(0.2)), (X(0.2), Y(0.02))], base)
    p.oval(X(0), Y(0.22), q * 0.12, q * 0.17, pale)
    for side in (-1, 1):
        p.oval(X(side * 0.19), Y(0.075), q * 0.1, q * 0.075, dark)
        p.rect(X(side * 0.085) - q * 0.05, Y(0.24), q * 0.1, q * 0.22, mix(base, dark, 0.5), r=q * 0.045)
        p.oval(X(side * 0.09), Y(0.035), q * 0.068, q * 0.042, pale)
