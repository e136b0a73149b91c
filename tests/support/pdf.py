"""What stands in a document that was made: its parts unpacked, and its words as a reader's software finds them."""

import re
import zlib

# Within a string of a PDF: an octal code, one of these letters, or the character itself; brackets that match stand as they are.
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_SIGN = re.compile(rb"\\([0-7]{3}|.)|(.)", re.DOTALL)
# A stream is as long as its dictionary says: what is packed may end with what looks like the end of a line.
_STREAM = re.compile(rb"/Length (\d+)[^<>]*>>\s*stream\r?\n")


def streams(made: bytes) -> list[bytes]:
    return [_unpacked(made[start.end() : start.end() + int(start[1])]) for start in _STREAM.finditer(made)]


def words(made: bytes) -> str:
    """Each string is drawn with the glyphs of a font, and the font says which letter each glyph is; lines by newline."""
    parts = {int(number): part for number, part in re.findall(rb"(\d+) 0 obj(.*?)endobj", made, re.DOTALL)}
    letters = {
        name: _letters(parts, int(font))
        for fonts in re.findall(rb"/Font<<(.*?)>>", made)
        for name, font in re.findall(rb"/(\w+) (\d+) 0 R", fonts)
    }
    lines = []
    for stream in streams(made):
        for name, shown in re.findall(rb"BT.*?/(\w+) [\d.]+ Tf(.*?)ET", stream, re.DOTALL):
            codes = _drawn(shown)
            pairs = zip(codes[::2], codes[1::2], strict=True)
            lines.append("".join(letters[name].get(high << 8 | low, "\ufffd") for high, low in pairs))
    return "\n".join(lines)


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def _letters(parts: dict[int, bytes], font: int) -> dict[int, str]:
    table = re.search(rb"/ToUnicode (\d+) 0 R", parts[font])
    assert table, "a font that does not say what its glyphs are"
    [text] = streams(parts[int(table[1])])
    return {
        int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for glyph, letter in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", text.split(b"endcodespacerange")[1])
    }


def _drawn(operators: bytes) -> bytes:
    """All strings among the operators, one after the other."""
    drawn, depth = b"", 0
    for sign in _SIGN.finditer(operators):
        escaped, plain = sign.groups()
        if plain == b")":
            depth -= 1
        if depth and escaped:
            drawn += bytes([int(escaped, 8)]) if escaped.isdigit() else _ESCAPES.get(escaped, escaped)
        elif depth:
            drawn += plain
        if plain == b"(":
            depth += 1
    return drawn
