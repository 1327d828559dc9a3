"""Answers are compressed for clients that accept it, and reach others as they are."""

import gzip

import orjson
import pytest
import zstandard


async def raw(tenant, path, accepted):
    async with tenant.http.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        return answer, b"".join([block async for block in answer.aiter_raw()])


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
        ("identity", None, bytes),
        ("gzip;q=0", None, bytes),
    ],
)
async def test_answers_are_packed_as_accepted(tenant, accepted, encoding, unpack):
    job = await tenant.post_job(targets=[f"B{number:09}" for number in range(200)])
    answer, body = await raw(tenant, f"/jobs/{job['id']}", accepted)
    assert answer.headers.get("content-encoding") == encoding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert orjson.loads(unpack(body))["data"]["id"] == job["id"]


@pytest.mark.parametrize(("file_format", "packed"), [("csv", True), ("parquet", False)])
async def test_streams_of_text_are_packed_and_packed_files_are_not(tenant, file_format, packed):
    job = await tenant.post_job()
    await tenant.http.post(f"/jobs/{job['id']}/cancel")
    answer, _ = await raw(tenant, f"/jobs/{job['id']}/export?format={file_format}", "gzip")
    assert (answer.headers.get("content-encoding") == "gzip") is packed
