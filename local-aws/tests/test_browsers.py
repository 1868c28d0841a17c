"""What a web page can send is refused; programs of this machine are served, and no code of theirs is run."""

import io
import json
import zipfile
from collections.abc import Iterable
from http.client import HTTPConnection

import pytest

from tests.emulator import ACCOUNT, REGION, Emulator

Answer = tuple[int, dict[str, str], str]

PAGES = [
    {"Origin": "https://example.com"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "example.com"},
    {"Host": "example.com:4566"},
    {"Host": "localhost.example.com"},
    {"Host": "notlocalhost"},
    {"Host": "127.0.0.1.example.com"},
    {"Host": "10.0.0.1"},
]
ENDPOINTS = [
    ("GET", "/"),
    ("POST", "/"),
    ("PUT", "/a-bucket"),
    ("OPTIONS", "/a-bucket/a-key"),
    ("GET", "/_ministack/health"),
    ("POST", "/_ministack/reset"),
    ("POST", "/_ministack/config"),
    ("POST", "/2015-03-31/functions"),
    ("POST", "/2015-03-31/functions/a-function/invocations"),
]
PROGRAMS = [
    {},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Host": "localhost"},
    {"Host": "LOCALHOST:4566"},
    {"Host": "127.0.0.1:4566"},
    {"Host": "[::1]:4566"},
    {"Host": "a.bucket.s3.localhost:4566"},
]


def send(emulator: Emulator, method: str, path: str, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", int(emulator.url.rpartition(":")[2]), timeout=30)
    try:
        connection.request(method, path, headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def cross_origin(headers: Iterable[str]) -> list[str]:
    return [name for name in headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_a_page_is_refused_everywhere(emulator: Emulator, method: str, path: str, page: dict[str, str]) -> None:
    status, headers, body = send(emulator, method, path, page)
    assert status == 403
    assert body.startswith("DW6107 ")
    assert next(iter(page)) in body
    assert cross_origin(headers) == []


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ({}, 101),
        ({"Origin": "https://example.com"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "iot.eu-central-1.example.com"}, 403),
    ],
)
def test_a_page_opens_no_web_socket(emulator: Emulator, page: dict[str, str], status: int) -> None:
    handshake = {
        "Host": "iot.eu-central-1.localhost",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "mqtt",
        "Sec-WebSocket-Version": "13",
    }
    assert send(emulator, "GET", "/mqtt", {**handshake, **page})[0] == status


def test_a_refused_request_has_changed_nothing(emulator: Emulator, name: str) -> None:
    assert send(emulator, "PUT", f"/{name}", {"Origin": "https://example.com"})[0] == 403
    assert name not in [bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"]]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_served(emulator: Emulator, program: dict[str, str]) -> None:
    assert send(emulator, "GET", "/_ministack/health", program)[0] == 200


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_answer_lets_a_page_read_it(emulator: Emulator, method: str) -> None:
    status, headers, _ = send(emulator, method, "/", {})
    assert status == 200
    assert cross_origin(headers) == []


def test_a_bucket_is_reached_by_a_name_of_its_own(emulator: Emulator, name: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="a", Body=b"text")
    assert send(emulator, "GET", "/a", {"Host": f"{name}.localhost:4566"})[::2] == (200, "text")


def test_the_code_of_a_function_is_not_run(emulator: Emulator, name: str) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return 'has run'\n")
    functions = emulator.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{name}",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    answer = functions.invoke(FunctionName=name)
    assert json.loads(answer["Payload"].read())["errorType"] == "Runtime.DockerUnavailable"
