"""Takes the one wanted file out of a publisher's zip and packs it alone, as the landing zone takes it.

Belongs here: which member, how large it may grow, whether the archive is whole. Not here: fetching it.
"""

from __future__ import annotations

import gzip
import re
import shutil
import zipfile
import zlib
from pathlib import Path

from dagster_project.fetch.download import CHUNK, room_for
from dagster_project.fetch.portal import FetchError
from dagster_project.ingest.decode import LARGEST_RATIO, SMALLEST_BOMB

# Register files shrink to about a seventh by the quickest compression; a third is room enough.
PACKED_SHARE = 3


def unpack(archive: Path, member: str, folder: Path) -> Path:
    """Writes the member whose name matches to a hidden `.csv.gz` in `folder`; its checksum is proven on the way."""
    try:
        with zipfile.ZipFile(archive) as packed:
            found = [m for m in packed.infolist() if re.fullmatch(member, m.filename.rsplit("/", 1)[-1], re.I)]
            if len(found) != 1:
                raise FetchError(
                    f"{archive.name} holds {len(found)} files like {member}; see what the publisher changed"
                )
            size = found[0].file_size
            if size > SMALLEST_BOMB and size > LARGEST_RATIO * archive.stat().st_size:
                raise FetchError(
                    f"{archive.name} unpacks to more than {LARGEST_RATIO} times its size; look at it by hand"
                )
            target = folder / f".{found[0].filename.rsplit('/', 1)[-1]}.gz"
            room_for(size // PACKED_SHARE, archive.parent, target.name)
            with (
                packed.open(found[0]) as plain,
                open(target, "wb") as file,
                gzip.GzipFile("", "wb", 1, file, mtime=0) as out,
            ):
                shutil.copyfileobj(plain, out, CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FetchError(f"{archive.name} is damaged ({error}); run again, it is fetched anew") from error
    return target
