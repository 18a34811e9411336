"""Makes the fallback for rare characters of names: the ideographs of HanaMinB that Noto Sans CJK SC lacks.

rare-han.py SOURCE.ttf COVERED.otf OUT.otf UNITS_PER_EM
"""
import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

source, covered, out, upem = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
font = TTFont(source, lazy=True)
cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
have = set(TTFont(covered, lazy=True).getBestCmap())
# URO, Ext A, Ext B-F, compatibility supplement
HAN = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2EBEF), (0x2F800, 0x2FA1F)]
wanted = [c for low, high in HAN for c in range(low, high + 1) if c in cmap and c not in have]
scale = upem / font["head"].unitsPerEm


def outline(name):
    pen = T2CharStringPen(upem, None)
    glyphs[name].draw(TransformPen(Qu2CuPen(pen, 1, all_cubic=True), (scale, 0, 0, scale, 0, 0)))
    return pen.getCharString()


names = {c: f"u{c:05X}" for c in wanted}
outlines = {".notdef": outline(".notdef")} | {names[c]: outline(cmap[c]) for c in wanted}
family, full = "Mingbai Rare Han", "Mingbai Rare Han Regular"
builder = FontBuilder(upem, isTTF=False)
builder.setupGlyphOrder(list(outlines))
builder.setupCharacterMap(names)
builder.setupCFF(
    "MingbaiRareHan-Regular",
    {"FullName": full, "FamilyName": family, "Weight": "Regular", "FontMatrix": [1 / upem, 0, 0, 1 / upem, 0, 0]},
    outlines,
    {},
)
builder.setupHorizontalMetrics({name: (upem, 0) for name in outlines})
ascent, descent = round(0.88 * upem), -round(0.12 * upem)
builder.setupHorizontalHeader(ascent=ascent, descent=descent)
builder.setupNameTable(dict(
    copyright="Copyright 2008-2017 GlyphWiki Project",
    familyName=family, styleName="Regular", uniqueFontIdentifier="MingbaiRareHan 2017-09-04", fullName=full,
    psName="MingbaiRareHan-Regular", version="Version 1.000; from HanaMinB 2017-09-04",
    licenseDescription="Hanazono Font License; SIL Open Font License 1.1", licenseInfoURL="https://scripts.sil.org/OFL",
))
builder.setupOS2(
    sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=upem, usWinDescent=round(0.2 * upem), usWeightClass=400,
)
builder.setupPost(keepGlyphNames=False)
builder.font["head"].created = builder.font["head"].modified = 3587328000
builder.font.recalcTimestamp = False
builder.save(out)
print(len(wanted), "characters")
