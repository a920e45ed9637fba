"""Writes flask-jwt.json: what flask-jwt-extended 3.10.0 answers to tokens of all kinds.

The server's token checks are held against that table. To make it again:

    python3 -m venv /tmp/flask-jwt
    /tmp/flask-jwt/bin/pip install 'pyjwt<2' 'flask<2' 'werkzeug<1' 'jinja2<3' \
        'markupsafe<2.1' 'itsdangerous<2' flask-jwt-extended==3.10.0
    /tmp/flask-jwt/bin/python snapshots/server/flask-jwt.py > snapshots/server/flask-jwt.json

With the base address of a running server, and what to sign for it, as arguments, tools/contract asks that
server about tokens of the present instead, and tells where it answers otherwise:

    flask-jwt.py http://127.0.0.1:8080 SECRET USER@EXAMPLE.JP
"""
import collections
import collections.abc

for name in ("Mapping", "MutableMapping", "Iterable", "Container", "MutableSet", "Callable"):
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

import base64
import datetime
import http.client
import json
import logging
import sys
import time
import urllib.parse

import jwt
import jwt.api_jwt
from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, jwt_refresh_token_required, jwt_required

BASE_URL, SECRET, IDENTITY = sys.argv[1:] or (None, "x" * 32, "hr@example.jp")
NOW = int(time.time()) if BASE_URL else 1795000000
# What lies ahead is to stay there until a server has been asked.
AHEAD = 600 if BASE_URL else 1


class Clock(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return cls.utcfromtimestamp(NOW)


jwt.api_jwt.datetime = Clock
logging.disable(logging.CRITICAL)
app = Flask(__name__)
app.config.update(JWT_SECRET_KEY=SECRET, JWT_BLACKLIST_ENABLED=True)
manager = JWTManager(app)
revoked = set()


@manager.token_in_blacklist_loader
def is_revoked(token):
    return token["jti"] in revoked


@app.route("/access")
@jwt_required
def access():
    return jsonify()


@app.route("/refresh")
@jwt_refresh_token_required
def refresh():
    return jsonify()


client = app.test_client()
cases = []


def case(name, field, route="access", is_revoked=False, **differs):
    revoked.clear()
    if is_revoked:
        revoked.add(BASE["jti"])
    headers = {} if field is None else {"Authorization": field}
    answer = client.get("/" + route, headers=headers)
    body = answer.get_json() if answer.status_code not in (200, 500) else {}
    entry = {
        "name": name, "field": field, "route": route, "revoked": is_revoked,
        "status": answer.status_code, "msg": body.get("msg"),
    }
    if differs:
        entry["ours"] = differs
    cases.append(entry)


BASE = {
    "iat": NOW, "nbf": NOW, "jti": "07ffdce0-4d02-4ebb-8eb4-aaa657e54ea7", "exp": NOW + 900,
    "identity": IDENTITY, "fresh": False, "type": "access",
}
REFRESH = {key: value for key, value in BASE.items() if key != "fresh"} | {
    "type": "refresh", "exp": NOW + 2592000,
}


def token(payload, key=SECRET, algorithm="HS256", **header):
    return jwt.encode(payload, key, algorithm, headers=header or None).decode()


def segment(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(header, payload):
    """A token of arbitrary bytes with a signature that fits."""
    import hashlib
    import hmac

    text = segment(header) + "." + segment(payload)
    return text + "." + segment(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())


A, R = token(BASE), token(REFRESH)
HEADER = b'{"typ":"JWT","alg":"HS256"}'
case("good", "Bearer " + A)
case("absent", None)
case("empty", "")
case("scheme alone", "Bearer")
case("scheme in lower case", "bearer " + A)
case("other scheme", "Token " + A)
case("three parts", "Bearer a b")
case("several spaces", "Bearer    " + A)
case("spaces alone", "   ", status=422,
     msg="Bad Authorization header. Expected value 'Bearer <JWT>'")
case("no segments", "Bearer abc")
case("two segments", "Bearer a.b")
case("header of one character", "Bearer a.b.c")
case("four segments", "Bearer " + A + ".x")
case("header not JSON", "Bearer " + segment(b"\xe9") + ".b.c", status=422,
     msg="Invalid header string: Expecting value: line 1 column 1 (char 0)")
case("header empty", "Bearer .YQ.YQ")
case("header a list", "Bearer " + segment(b"[1]") + ".YQ.YQ")
case("payload of one character", "Bearer " + segment(HEADER) + ".b.YQ")
case("signature of one character", "Bearer " + segment(HEADER) + ".YQ.c")
case("header without alg", "Bearer " + segment(b'{"typ":"JWT"}') + ".YQ.YQ")
case("wrong key", "Bearer " + token(BASE, "y" * 32))
case("HS384", "Bearer " + token(BASE, algorithm="HS384"))
case("HS512", "Bearer " + token(BASE, algorithm="HS512"))
case("none", "Bearer " + jwt.encode(BASE, None, "none").decode())
case("alg in lower case", "Bearer " + signed(b'{"typ":"JWT","alg":"hs256"}', json.dumps(BASE).encode()))
case("no typ", "Bearer " + signed(b'{"alg":"HS256"}', json.dumps(BASE).encode()))
case("unknown kid", "Bearer " + token(BASE, kid="elsewhere"))
case("no signature", "Bearer " + A.rsplit(".", 1)[0] + ".")
altered = A.split(".")
altered[1] = segment(json.dumps({**BASE, "identity": "other@example.jp"}).encode())
case("payload altered", "Bearer " + ".".join(altered))
case("payload a list", "Bearer " + signed(HEADER, b"[1]"))
case("expired", "Bearer " + token({**BASE, "exp": NOW - 1}))
case("expires now", "Bearer " + token({**BASE, "exp": NOW}))
case("exp a fraction", "Bearer " + token({**BASE, "exp": NOW + AHEAD - 0.5}))
case("exp digits in text", "Bearer " + token({**BASE, "exp": str(NOW + 5 * AHEAD)}))
case("exp a word", "Bearer " + token({**BASE, "exp": "soon"}))
case("nbf ahead", "Bearer " + token({**BASE, "nbf": NOW + AHEAD}))
case("nbf a word", "Bearer " + token({**BASE, "nbf": "later"}))
case("iat ahead", "Bearer " + token({**BASE, "iat": NOW + 1000}))
case("iat a word", "Bearer " + token({**BASE, "iat": "then"}))
for claim in ("jti", "identity", "type", "fresh", "exp", "iat", "nbf"):
    case("no " + claim, "Bearer " + token({k: v for k, v in BASE.items() if k != claim}))
case("no claims", "Bearer " + token({}))
case("type unknown", "Bearer " + token({**BASE, "type": "x"}))
case("audience", "Bearer " + token({**BASE, "aud": "z"}))
case("expired and audience", "Bearer " + token({**BASE, "exp": NOW - 1, "aud": "z"}))
case("expired and nbf ahead", "Bearer " + token({**BASE, "exp": NOW - 1, "nbf": NOW + AHEAD}))
case("expired and no jti", "Bearer " + token({"exp": NOW - 1}))
case("refresh token for access", "Bearer " + R)
case("access token for refresh", "Bearer " + A, "refresh")
case("good refresh token", "Bearer " + R, "refresh")
case("expired refresh token", "Bearer " + token({**REFRESH, "exp": NOW - 1}), "refresh")
case("revoked", "Bearer " + A, is_revoked=True)
case("revoked refresh token", "Bearer " + R, "refresh", is_revoked=True)
case("revoked and expired", "Bearer " + token({**BASE, "exp": NOW - 1}), is_revoked=True)
case("revoked and wrong type", "Bearer " + A, "refresh", is_revoked=True)


def served(path, field, method):
    """What the server answers to a request with this Authorization field."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(BASE_URL).netloc, timeout=60)
    connection.request(method, path, headers={} if field is None else {"Authorization": field})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, None if answer.status == 200 else json.loads(body).get("msg")


if BASE_URL:
    # Passes by while it is asked; is not told from nothing on its way (RFC 9110, section 5.5); and the server
    # wants to know that a token is younger than its user's password.
    untold = ("expires now", "spaces alone", "no iat")
    cases = [case for case in cases if case["name"] not in untold]
    different, is_logged_out = 0, False
    for case in sorted(cases, key=lambda case: case["revoked"]):
        if case["revoked"] and not is_logged_out:
            assert served("/user/logout", "Bearer " + A, "POST")[0] == 200
            is_logged_out = True
        path, method = ("/user/refresh", "POST") if case["route"] == "refresh" else ("/user/list", "GET")
        expected = case.get("ours", case)
        if served(path, case["field"], method) != (expected["status"], expected["msg"]):
            different += 1
            # The token itself may be a good one, which is not to stand in a log.
            print(f"{case['name']}: {served(path, case['field'], method)}, "
                  f"not {(expected['status'], expected['msg'])}", file=sys.stderr)
    print(f"{len(cases)} tokens, {different} answered otherwise")
    sys.exit(different > 0)
print(json.dumps({"now": NOW, "secret": SECRET, "cases": cases}, indent=1, sort_keys=True))
