"""Opens one landing file once: unpacks, fingerprints, checks the bytes and reads the header.

Belongs here: everything that is wrong with a file before its rows are read (truncated archives, other encodings, error
pages, NUL bytes). Does not belong here: which layout the header is, and the rows.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
LONGEST_HEADER = 1 << 20
SAMPLED = 50
LARGEST_RATIO = 200
SMALLEST_BOMB = 256 << 20


class FileFault(Exception):
    """Why a whole file is refused: what is wrong, in which line, and what to do."""

    def __init__(self, rule: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.rule, self.line = rule, line


@dataclass(frozen=True)
class Opened:
    """A file ready for DuckDB: UTF-8 text (or Parquet) at `path`, its header split into names."""

    path: Path
    content_hash: str
    header: tuple[str, ...]
    separator: str
    first_rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()
    is_parquet: bool = False
    lines: int | None = None


@contextmanager
def opened(path: Path, scratch: Path, separators: tuple[str, ...]) -> Generator[Opened]:
    """Yields the file; unpacked or re-encoded copies live in `scratch` only as long as the block."""
    unpacked, recoded, linked = scratch / "unpacked", scratch / "recoded", scratch / f"linked{path.suffix}"
    if set(str(path)) & set("*?["):
        linked.symlink_to(path.resolve())
        path = linked
    try:
        if path.suffix.lower() == ".parquet":
            yield _open_parquet(path)
            return
        plain = _unpack(path, unpacked)
        content_hash, is_utf8, lines = _inspect(plain)
        warnings: tuple[str, ...] = ()
        if not is_utf8:
            _recode(plain, recoded)
            plain, warnings = recoded, ("Windows-1252 text, read as such",)
        yield Opened(plain, content_hash, *_read_header(plain, separators), warnings, lines=lines)
    finally:
        for copy in (unpacked, recoded, linked):
            copy.unlink(missing_ok=True)


def with_even_lines(path: Path, target: Path) -> Path:
    """A copy whose records all end in LF; line breaks inside of quotes stay what they are."""
    is_quoted, held = False, b""
    with open(path, "rb") as file, open(target, "wb") as out:
        while chunk := held + file.read(CHUNK):
            held = b"\r" if chunk.endswith(b"\r") and len(chunk) > 1 else b""
            parts = chunk.removesuffix(held).split(b'"')
            for i, part in enumerate(parts):
                if not is_quoted:
                    parts[i] = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                is_quoted = is_quoted ^ (i < len(parts) - 1)
            out.write(b'"'.join(parts))
    return target


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open_parquet(path: Path) -> Opened:
    with open(path, "rb") as file:
        if file.read(4) != b"PAR1":
            raise FileFault("unreadable", "this is no Parquet file; export it again")
    return Opened(path, sha256_of(path), (), ",", (), is_parquet=True)


def _unpack(path: Path, target: Path) -> Path:
    suffix = path.suffix.lower()
    if suffix not in (".gz", ".zip"):
        return path
    try:
        if suffix == ".gz":
            with gzip.open(path, "rb") as packed:
                _copy(packed, target, path.stat().st_size)
        else:
            with zipfile.ZipFile(path) as archive:
                member = _only_member(archive)
                with archive.open(member) as packed:
                    _copy(packed, target, path.stat().st_size)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FileFault("unreadable", f"the archive is damaged or cut short ({error}); fetch it again") from error
    return target


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member for member in archive.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    # `orig_filename`: Python itself makes harmless names of what it unpacks; whoever wrote this meant harm or erred.
    names = [member.orig_filename.replace("\\", "/") for member in members]
    if any(".." in name.split("/") or re.match(r"/|[A-Za-z]:", name) for name in names):
        raise FileFault(
            "unreadable", "the archive holds a path that leaves its folder; fetch it again from its publisher"
        )
    if len(members) != 1:
        raise FileFault("unreadable", f"the archive holds {len(members)} files; pack one file an archive")
    return members[0]


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, packed_size: int) -> None:
    size = 0
    with open(target, "wb") as plain:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > SMALLEST_BOMB and size > LARGEST_RATIO * packed_size:
                raise FileFault(
                    "unreadable", f"the archive unpacks to more than {LARGEST_RATIO} times its size; unpack it by hand"
                )
            plain.write(chunk)


def _inspect(path: Path) -> tuple[str, bool, int]:
    """One pass over the bytes: SHA-256, whether they are UTF-8, how many lines, and no NUL among them."""
    digest, decoder, is_utf8, lines, last = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), True, 0, b""
    with open(path, "rb") as file:
        _reject_foreign(file.read(4096))
        file.seek(0)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if b"\0" in chunk:
                line = 1 + _lines_before(path, file.tell() - len(chunk) + chunk.index(b"\0"))
                raise FileFault(
                    "unreadable", f"NUL byte in line {line}; the file is damaged or binary, export it again", line
                )
            if is_utf8 and not (chunk.isascii() and not decoder.getstate()[0]):
                is_utf8 = _decodes(decoder, chunk)
            lines, last = lines + chunk.count(b"\n"), chunk[-1:]
    if is_utf8 and not _decodes(decoder, b"", final=True):
        is_utf8 = False
    return digest.hexdigest(), is_utf8, lines + (last != b"\n")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _lines_before(path: Path, offset: int) -> int:
    count = 0
    with open(path, "rb") as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            count += chunk.count(b"\n")
            offset -= len(chunk)
    return count


def _reject_foreign(start: bytes) -> None:
    """Refuses what is no delimited text: nothing at all, UTF-16, a web page, a JSON answer."""
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise FileFault("unreadable", "the file is empty; fetch it again")
    if (
        start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        or start[1:4:2] == b"\0\0"
        or start[0:3:2] == b"\0\0"
    ):
        raise FileFault("unreadable", "the file is UTF-16; save it as UTF-8", 1)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if text.startswith((b"<", b"{", b"[")):
        shown = " ".join(text[:80].decode("utf-8", "replace").split())
        raise FileFault(
            "unreadable", f"this is a web page or an answer of a server, not a table: {shown!r}; fetch it again", 1
        )


def _recode(source: Path, target: Path) -> None:
    """Windows-1252 to UTF-8; the five bytes that it leaves undefined stay what they are in Latin-1."""
    table = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    every = "".join(table.get(byte) or bytes([byte]).decode("cp1252") for byte in range(256))
    with open(source, "rb") as file, open(target, "w", encoding="utf-8", newline="") as out:
        while chunk := file.read(CHUNK):
            out.write(codecs.charmap_decode(chunk, "strict", every)[0])


def _read_header(path: Path, separators: tuple[str, ...]) -> tuple[tuple[str, ...], str, tuple[tuple[str, ...], ...]]:
    """Header, separator and the first rows, by the separator that gives the widest header."""
    with open(path, "rb") as file:
        text = file.read(LONGEST_HEADER).decode("utf-8-sig", "ignore")
    found = []
    for separator in separators:
        rows: list[tuple[str, ...]] = []
        with suppress(csv.Error):
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                rows.append(tuple(row))
                if len(rows) > SAMPLED:
                    break
        found.append((rows[0] if rows else (), separator, tuple(rows[1:])))
    return max(found, key=lambda read: len(read[0]))
