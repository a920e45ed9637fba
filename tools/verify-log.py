#!/usr/bin/env python3
"""Checks an exported event log without any of senko's code. Needs Python 3.8 and nothing else.

  verify-log.py DIRECTORY [--key VKEY] [--older NOTE]   an export: checkpoint, key, tile/…
  verify-log.py EVENTS.ndjson --checkpoint NOTE --key VKEY [--older NOTE]
  verify-log.py --proof PROOF --event EVENT --key VKEY  one event's .tlog-proof

Every event must be in the one encoding, in its place, and in order of time; the Merkle tree over the
events (RFC 9162, SHA-256) must have the root of the checkpoint (C2SP tlog-checkpoint), which the key
(C2SP signed-note, Ed25519) must have signed. --older is a checkpoint kept from before: the log must
have grown from it. Exit 0 and one line of JSON when all is well, 3 with the reason when not.
"""
import argparse, base64, hashlib, json, os, pathlib, re, struct, sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def require(condition, message):
    if not condition:
        raise ValueError(message)

# Ed25519 (RFC 8032 §5.1.7 and §6), in extended coordinates.
def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def multiply(n, p):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, p)
        p, n = add(p, p), n >> 1
    return result

def point(data):
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P

BASE = point(bytes([0x58]) + bytes([0x66]) * 31)

def signed(key, message, signature):
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    p, q = multiply(s, BASE), add(r, multiply(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0

def note(text, vkey):
    """The size and root of a signed checkpoint."""
    name, key_id, key = vkey.strip().split("+", 2)
    key = base64.b64decode(key, validate=True)
    require(len(key) == 33 and key[0] == 1, "the key is no Ed25519 key")
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    require(expected.hex() == key_id, "the key's id is wrong")
    body, _, signatures = text.rpartition("\n\n")
    body, valid = body + "\n", False
    for line in signatures.splitlines():
        dash, signer, data = line.split(" ")
        data = base64.b64decode(data, validate=True)
        if dash == "\u2014" and signer == name and data[:4] == expected:
            require(signed(key[1:], body.encode(), data[4:]), "a signature of the checkpoint is wrong")
            valid = True
    require(valid, "the checkpoint is not signed by the key")
    origin, size, root = body.splitlines()
    require(origin == name, "the checkpoint is of another log")
    return int(size), base64.b64decode(root, validate=True)

def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()

class Tree:
    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, data):
        hash_ = hashlib.sha256(b"\x00" + data).digest()
        n = self.size
        while n & 1:
            hash_, n = node(self.peaks.pop(), hash_), n >> 1
        self.peaks.append(hash_)
        self.size += 1

    def root(self):
        root = self.peaks[-1] if self.peaks else hashlib.sha256().digest()
        for peak in reversed(self.peaks[:-1]):
            root = node(peak, root)
        return root

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

def plain(value):
    if isinstance(value, dict):
        return all(name.isascii() and plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return isinstance(value, str) or type(value) is int and abs(value) < 2**53

def check_event(data, position, last):
    require(len(data) <= 65535, f"event {position} is too long")
    event = json.loads(data.decode())
    again = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    require(again.encode() == data and plain(event), f"event {position} is not in the one encoding")
    require(event["n"] == position, f"event {position} calls itself {event['n']}")
    require(TIME.fullmatch(event["at"]) and event["at"] >= last, f"event {position} is out of order")
    return event["at"]

def path(index):
    groups = re.findall("...", f"{index:0{(len(str(index)) + 2) // 3 * 3}}")
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])

def read(name):
    return pathlib.Path(name).read_bytes()

def bundles(folder, size):
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        suffix = path(index) + (f".p/{width}" if width < 256 else "")
        bundle = read(os.path.join(folder, "tile", "entries", *suffix.split("/")))
        tile = read(os.path.join(folder, "tile", "0", *suffix.split("/")))
        offset, leaves = 0, []
        for _ in range(width):
            (length,) = struct.unpack_from(">H", bundle, offset)
            leaves.append(bundle[offset + 2 : offset + 2 + length])
            offset += 2 + length
        require(offset == len(bundle), f"entry bundle {index} has the wrong length")
        hashes = b"".join(hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves)
        require(hashes == tile, f"tile {index} is not the hash of its events")
        yield from leaves

def check_log(events, size, root, older):
    tree, last = Tree(), ""
    for data in events:
        last = check_event(data, tree.size + 1, last)
        tree.append(data)
        if older and tree.size == older[0]:
            require(tree.root() == older[1], "the log has not grown from the older checkpoint")
    require(tree.size == size, f"there are {tree.size} events, the checkpoint has {size}")
    require(tree.root() == root, "the tree over the events has another root than the checkpoint")
    require(not older or older[0] <= size, "the older checkpoint covers more: events are lost")

def check_proof(text, event, vkey):
    head, _, checkpoint = text.partition("\n\n")
    lines = [line for line in head.splitlines() if not line.startswith("extra ")]
    require(lines[0] == "c2sp.org/tlog-proof@v1", "this is no tlog-proof")
    index, (size, root) = int(lines[1][6:]), note(checkpoint, vkey)
    require(0 <= index < size, "the proof's index is not in the tree")
    hash_, n, last = hashlib.sha256(b"\x00" + event).digest(), index, size - 1
    for line in lines[2:]:
        sibling = base64.b64decode(line, validate=True)
        require(last > 0 and len(sibling) == 32, "the proof is too long")
        if n & 1 or n == last:
            hash_ = node(sibling, hash_)
            while n and not n & 1:
                n, last = n >> 1, last >> 1
        else:
            hash_ = node(hash_, sibling)
        n, last = n >> 1, last >> 1
    require(last == 0 and hash_ == root, "the proof does not lead to the checkpoint's root")
    return size, root

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("log", "--key", "--checkpoint", "--older", "--proof", "--event"):
        parser.add_argument(name, **({} if name[0] == "-" else {"nargs": "?"}))
    options, text = parser.parse_args(), lambda name: read(name).decode()
    if options.proof:
        size, root = check_proof(text(options.proof), read(options.event).rstrip(b"\n"), options.key)
    else:
        folder = os.path.isdir(options.log)
        key = options.key or text(os.path.join(options.log, "key"))
        checkpoint = options.checkpoint or os.path.join(options.log, "checkpoint")
        size, root = note(text(checkpoint), key)
        older = note(text(options.older), key) if options.older else None
        events = bundles(options.log, size) if folder else read(options.log).splitlines()
        check_log(events, size, root, older)
    print(json.dumps({"ok": True, "events": size, "root": root.hex(), "pinned": bool(options.key)}))

try:
    main()
except (OSError, ValueError, LookupError, TypeError, struct.error) as error:
    print(json.dumps({"ok": False, "problem": str(error)}))
    sys.exit(3)
