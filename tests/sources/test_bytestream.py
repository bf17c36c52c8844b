"""Files as streams of decompressed bytes."""

import bz2
import errno
import gzip
import lzma
import os

import pytest
import zstandard

from alprviewer.core.errors import SourceError
from alprviewer.sources.bytestream import ByteStream

DATA = b"".join(b'{"number":%d}\n' % number for number in range(60_000))
COMPRESS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "": bytes,
}
every = pytest.mark.parametrize("name", COMPRESS)
compressed = pytest.mark.parametrize("name", [name for name in COMPRESS if name])


def read_all(path, size=1 << 20):
    """All bytes, the damage, and the largest piece."""
    with ByteStream(path) as stream:
        pieces = []
        while data := stream.read(size):
            pieces.append(data)
            assert len(data) <= size
            assert stream.position == sum(map(len, pieces))
        assert stream.read(size) == b""
        return b"".join(pieces), stream.damage


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


@every
@pytest.mark.parametrize("size", [7_000, 1 << 20])
def test_read(name, size, path):
    path.write_bytes(COMPRESS[name](DATA))
    assert read_all(path, size) == (DATA, "")
    with ByteStream(path) as stream:
        assert (stream.compression, stream.size) == (name, path.stat().st_size)


@compressed
def test_members_one_after_the_other(name, path):
    parts = (DATA[:100], b"", DATA[100:70_000], DATA[70_000:])
    path.write_bytes(b"".join(COMPRESS[name](part) for part in parts))
    assert read_all(path) == (DATA, "")


@compressed
def test_a_cut_member_gives_what_came_before_and_says_so(name, path):
    path.write_bytes(COMPRESS[name](DATA[:50_000]) + COMPRESS[name](DATA[50_000:])[:-9])
    data, damage = read_all(path)
    assert DATA.startswith(data)
    assert len(data) >= 50_000
    assert name in damage
    assert damage.endswith(".")


@compressed
def test_garbage_behind_the_last_member_is_damage(name, path):
    path.write_bytes(COMPRESS[name](DATA) + b"no compressed data at all")
    data, damage = read_all(path)
    assert data == DATA
    assert name in damage


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_zeros_behind_a_member_are_padding(name, path):
    path.write_bytes(COMPRESS[name](DATA) + bytes(512) + COMPRESS[name](b"more") + bytes(4096))
    assert read_all(path) == (DATA + b"more", "")


@compressed
def test_bytes_changed_inside_are_damage_or_other_bytes_but_never_an_exception(name, path):
    packed = bytearray(COMPRESS[name](DATA))
    for place in range(8, len(packed), max(1, len(packed) // 25)):
        spoiled = bytearray(packed)
        spoiled[place] ^= 0x55
        path.write_bytes(spoiled)
        data, damage = read_all(path)
        assert damage or data == DATA or name == "zstd"


@compressed
def test_a_bomb_comes_in_small_pieces(name, path):
    path.write_bytes(COMPRESS[name](bytes(64 << 20)))
    assert path.stat().st_size < 100_000
    with ByteStream(path) as stream:
        total = 0
        while data := stream.read(1 << 18):
            assert len(data) <= 1 << 18
            total += len(data)
        assert total == 64 << 20


def test_a_dictionary_larger_than_memory_is_refused(path):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    path.write_bytes(lzma.compress(b"x" * 100, filters=filters))
    data, damage = read_all(path)
    assert data == b""
    assert "xz" in damage


def test_a_window_larger_than_memory_is_refused(path):
    parameters = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    path.write_bytes(zstandard.ZstdCompressor(compression_params=parameters).compress(b"x" * 10)[:0])
    frame = b"\x28\xb5\x2f\xfd" + bytes([0x00, 0xF0]) + b"\x01\0\0"  # a header that asks for a terabyte
    path.write_bytes(frame)
    data, damage = read_all(path)
    assert data == b""
    assert "zstd" in damage


@pytest.mark.parametrize("number", [0x50, 0x5F])
def test_zstd_that_begins_with_a_frame_to_skip(number, path):
    skipped = bytes((number, 0x2A, 0x4D, 0x18, 4, 0, 0, 0)) + b"\x07\x01\0\0"  # as pzstd writes it
    half = len(DATA) // 2
    path.write_bytes(b"".join(skipped + COMPRESS["zstd"](part) for part in (DATA[:half], DATA[half:])))
    assert read_all(path) == (DATA, "")


@every
def test_seek(name, path):
    path.write_bytes(COMPRESS[name](DATA))
    with ByteStream(path) as stream:
        for place in (5, 1000, 400_000):
            stream.seek(place)
            assert stream.position == place
            assert stream.read(10) == DATA[place : place + 10]
        stream.seek(10**7)
        assert stream.read(10) == b""
        assert 0 < stream.file_position <= max(path.stat().st_size, 10**7)


@pytest.mark.parametrize("data", [b"", b"B", b"\x1f", b"BZ", b"\xfd7zX", b"\x28\xb5"])
def test_short_files_are_plain(data, path):
    path.write_bytes(data)
    assert read_all(path) == (data, "")


def test_what_only_begins_like_a_compressed_file_is_damaged(path):
    path.write_bytes(b"\x1f\x8b no gzip at all")
    data, damage = read_all(path)
    assert (data, "gzip" in damage) == (b"", True)


def test_no_file(path):
    with pytest.raises(SourceError, match="There is no file"):
        ByteStream(path)


def test_a_folder(tmp_path):
    with pytest.raises(SourceError, match="is a folder"):
        ByteStream(tmp_path)


def test_a_link_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(SourceError, match="circle"):
        ByteStream(tmp_path / "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(path):
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(SourceError, match="may not be read"):
        ByteStream(path)


def test_a_disk_that_fails(path, monkeypatch):
    path.write_bytes(DATA)
    stream = ByteStream(path)

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(stream, "_reader", type("Broken", (), {"read": staticmethod(fail)}))
    with stream, pytest.raises(SourceError, match=r"Reading failed after byte 0: .*Input/output error"):
        stream.read()


def test_a_closed_file_is_read_to_its_end(path):
    path.write_bytes(DATA)
    stream = ByteStream(path)
    stream.close()
    assert stream.file_position == len(DATA)


def test_a_hole_is_told(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b"x" * 5000)
        file.seek(8 << 20)
        file.write(b"y" * 5000)
        file.truncate(16 << 20)
    with ByteStream(path) as stream:
        assert stream.read(100) == b"x" * 100
        assert stream.hole() == 0
        assert stream.read(200) == b"x" * 200, "asking does not move the place"
        stream.seek(1 << 20)
        hole = stream.hole()
        assert 0 < hole <= 7 << 20
        stream.seek((1 << 20) + hole)
        assert stream.read(8 << 20).strip(b"\0") == b"y" * 5000
        stream.seek(12 << 20)
        assert stream.hole() == 4 << 20


def test_a_compressed_file_has_no_holes(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(1 << 20)))
    with ByteStream(path) as stream:
        stream.read(10)
        assert stream.hole() == 0
