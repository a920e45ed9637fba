#!/usr/bin/env python3
"""Checks an exported event log without any of senko's code. Needs Python 3.8 and nothing else.

  verify-log.py DIRECTORY [--key VKEY] [--older NOTE [--former VKEY]]   an export: checkpoint, key, bridges, tile/…
  verify-log.py EVENTS.ndjson --checkpoint NOTE --key VKEY [--older NOTE]
  verify-log.py --proof PROOF [--event EVENT] [--key VKEY]   one event's .tlog-proof; a receipt brings its event
  verify-log.py --dossier DOSSIER [--key VKEY] [--witness VKEY]
  verify-log.py --consistency PROOF --older NOTE --checkpoint NOTE --key VKEY   what /checkpoint/consistency answers

Every event must be in the one encoding, in its place, and in order of time; their Merkle tree (RFC 9162, SHA-256) must
have the root of the checkpoint (C2SP tlog-checkpoint), which the key (C2SP signed-note, Ed25519), or one that bridges
tie to it (an export's, or --bridges FILE of a checked one), has signed while it was good, and the witness cosigned. The
log must have grown from --older, a checkpoint kept from before (by --former's key, of a log that it was restored from),
and from each bridge. What a dossier opens must be what its events committed to. Exit 0 and JSON if all is well, else 3.
"""
import argparse, base64, functools, hashlib, json, math, os, pathlib, re, sys
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
b64 = functools.partial(base64.b64decode, validate=True)
digest = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
names = lambda event, vkey: event and json.loads(event)["data"].get("key") == digest(vkey.encode()).hex()

def require(condition, message):
    if not condition:
        raise ValueError(message)

def add(p, q):  # Ed25519 (RFC 8032 §5.1), on the curve -x² + y² = 1 + Dx²y².
    (a, b), (c, d), e = p, q, D * p[0] * p[1] * q[0] * q[1]
    return (a * d + b * c) * pow(1 + e, -1, P) % P, (b * d + a * c) * pow(1 - e, -1, P) % P

def multiply(n, p):
    return functools.reduce(lambda q, bit: add(add(q, q), p) if bit == "1" else add(q, q), f"{n:b}", (0, 1))

def point(data):
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x * pow(2, (P - 1) // 4, P) % P if (x * x - x2) % P else x
    require(y < P and (x * x - x2) % P == 0 and (x or not sign), "a key, or a signature of the checkpoint, is none")
    return P - x if x & 1 != sign else x, y

def signed(key, message, signature):
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    s, base = int.from_bytes(signature[32:], "little"), point(b"\x58" + b"\x66" * 31)
    return len(signature) == 64 and s < L and multiply(s, base) == add(point(signature[:32]), multiply(h, point(key)))

def note(text, vkeys, witness=None):
    """The size and root of a checkpoint that a key good for its size, and the witness if there is one, has signed."""
    require(vkeys, "no key is given: name the log's by --key")
    body, _, signatures = text.rpartition("\n\n")
    origin, size, root = body.splitlines()
    lines, kinds = [line.split(" ") for line in signatures.splitlines()], set()
    for kind, vkey in [(1, vkey) for vkey in vkeys] + [(4, vkey) for vkey in [witness] if vkey]:
        name, key_id, key = vkey.strip().split("+", 2)
        key, prefix = b64(key), b""
        expected = digest(name.encode(), b"\n", key)[:4]
        require((len(key), key[0], expected.hex()) == (33, kind, key_id), "the key is of another kind, or its id wrong")
        mine = [b64(data) for dash, signer, data in lines if (dash, signer) == ("\u2014", name)]
        for data in [data[4:] for data in mine if data[:4] == expected]:
            if kind == 4:  # C2SP tlog-cosignature: the time stands before the signature.
                prefix, data = f"cosignature/v1\ntime {int.from_bytes(data[:8], 'big')}\n".encode(), data[8:]
            require(signed(key[1:], prefix + body.encode() + b"\n", data), "a signature of the checkpoint is wrong")
            kinds |= {kind} if kind == 4 or int(size) <= vkeys[vkey] else set()
    require(1 in kinds, "the checkpoint is not signed by the key, or the key was replaced before")
    require(4 in kinds or not witness, "the checkpoint is not signed by the witness")
    require({origin} == {vkey.split("+")[0] for vkey in vkeys}, "the checkpoint is of another log")
    return int(size), b64(root)

def tied(vkey, bridges, alone):
    """The keys that bridges, the oldest first, tie to one, with the sizes they are good up to; and what was crossed."""
    keys, crossed = {vkey: math.inf}, []
    for at, here, way in ((vkey, 0, bridges), (vkey, 1, bridges[::-1])):
        for bridge, pair in [(bridge, (bridge["former"], bridge["key"])) for bridge in way]:
            if pair[here] == at and pair[0] != pair[1]:
                (size, root), _ = [note(bridge["note"], {key: keys.get(key, math.inf)}) for key in pair]
                if alone and here == 0:  # Both have signed: that the other key is the later one, the last event tells.
                    require(names(bridge.get("event"), pair[1]), "no event names the later key: only it, or a log, can tell")
                    check_path(size, size, bridge["proof"], root, leaf=digest(b"\x00", bridge["event"].encode()))
                at, crossed = pair[1 - here], crossed + [(size, root, pair[0])]
                keys = {pair[1]: math.inf, **keys, pair[0]: size}
    return keys, crossed

def plain(item):
    if isinstance(item, dict):
        return all(re.fullmatch(r"[ !#-\[\]-~]*", name) and plain(value) for name, value in item.items())
    return all(map(plain, item)) if type(item) is list else type(item) is str or type(item) is int and abs(item) < 2**53

def check_event(data, position, last):
    event = json.loads(data.decode())
    again = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    require(len(data) < 2**16 and again.encode() == data and plain(event), f"event {position} is not in the one encoding")
    require(event["n"] == position, f"event {position} calls itself {event['n']}")
    time = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["at"])
    require(time and event["at"] >= last, f"event {position} is out of order")
    return event["at"]

def bundles(folder, size):
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        path, part = f"{index:0{-len(str(index)) // 3 * -3}}", f".p/{width}" if width < 256 else ""
        suffix = re.sub("(...)(?=.)", r"x\1/", path) + part
        bundle, tile = (pathlib.Path(folder, "tile", kind, suffix).read_bytes() for kind in ("entries", "0"))
        offset, leaves = 0, []
        for _ in range(width):
            end = offset + 2 + int.from_bytes(bundle[offset : offset + 2], "big")
            leaves, offset = leaves + [bundle[offset + 2 : end]], end
        require(offset == len(bundle), f"entry bundle {index} has the wrong length")
        require(b"".join(digest(b"\x00", data) for data in leaves) == tile, f"tile {index} does not fit its events")
        yield from leaves

def check_log(events, size, known):
    peaks, count, last = [], 0, ""
    for count, data in enumerate(events, 1):
        last = check_event(data, count, last)
        peaks.append(digest(b"\x00", data))
        for _ in range((count & -count).bit_length() - 1):
            peaks[-2:] = [digest(b"\x01", *peaks[-2:])]
        for _, earlier, former in [item for item in known if item[0] == count]:
            root = functools.reduce(lambda right, left: digest(b"\x01", left, right), reversed(peaks))
            grew = root == earlier and not names(data, former)
            require(grew, f"the log did not grow from what was signed over {count} events")
    require(count == size, f"there are {count} events, the checkpoint has {size}")
    require(all(item[0] <= size for item in known), "the older checkpoint, or a bridge, covers more: events are lost")

def grow(count, size, proof, leaf=None, older=None):
    """The roots over `count` leaves and over `size` that a proof gives with the last of these leaves, or the first root."""
    if size == 1 or count == size and not leaf:
        return 2 * [leaf or older or proof.pop(0)]
    half = 1 << (size - 1).bit_length() - 1
    if count <= half:
        first, second = grow(count, half, proof, leaf, older)
        return [first, digest(b"\x01", second, proof.pop(0))]
    roots = grow(count - half, size - half, proof, leaf)
    left = proof.pop(0)
    return [digest(b"\x01", left, root) for root in roots]

def check_path(count, size, lines, root, leaf=None, older=None):  # RFC 9162 §2.1.3 and §2.1.4
    proof = [bytes.fromhex(line) if len(line) == 64 else b64(line) for line in lines]
    require(0 < count <= size and {len(hash_) for hash_ in proof} <= {32}, "the proof is of no such tree")
    roots = grow(count, size, proof, leaf, older)
    require(roots == [older or roots[0], root] and not proof, "the proof does not lead to the checkpoint's root")

def check_proof(text, event, vkeys):
    form = r"c2sp\.org/tlog-proof@v1\n(?:extra (\S+)\n)?index (0|[1-9]\d*)\n((?:\S+\n)*)\n(.*)"
    found = re.fullmatch(form, text, re.DOTALL)
    require(found, "this is no tlog-proof")
    extra, index, lines, checkpoint = found.groups()
    require(event or extra, "no event is given, nor in the proof: name the file of its line by --event")
    data, head = (event or json.loads(b64(extra))["event"]).encode(), note(checkpoint, vkeys)
    check_event(data, int(index) + 1, "")
    check_path(int(index) + 1, head[0], lines.split(), head[1], leaf=digest(b"\x00", data))
    return *head, json.loads(data)

def check_dossier(dossier, vkeys, witness):
    (size, root), events, last = note(dossier["checkpoint"], vkeys or {dossier["key"]: math.inf}, witness), {}, ""
    for item in sorted(dossier["events"], key=lambda item: item["position"]):
        data, position = item["event"].encode(), item["position"]
        last = check_event(data, position, last)
        check_path(position, size, item["proof"], root, leaf=digest(b"\x00", data))
        events[position] = json.loads(data)["data"]
    for item in dossier["opened"] + dossier["blobs"]:
        value, salt = item["text"].encode() if "text" in item else b64(item["bytes"]), b64(item.get("salt", ""))
        named = events[item["position"]][item["member"]]["commitment" if "salt" in item else "blob"]
        right = digest(salt, value).hex() == named and len(salt) == 32 * ("salt" in item)
        require(right, f"{item['member']} is not what event {item['position']} names")
    require(size >= dossier["position"] >= max(events, default=0) and len(events) == len(dossier["events"]), "the dossier is of another head")
    return size, root

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in "log --key --checkpoint --older --former --proof --event --dossier --witness --bridges --consistency".split():
        parser.add_argument(name, **({} if name[0] == "-" else {"nargs": "?"}))
    options, told, text = parser.parse_args(), {}, lambda name: pathlib.Path(name).read_bytes().decode()
    folder = options.log if os.path.isdir(options.log or "") else None
    given = options.bridges or os.path.join(folder or os.devnull, "bridges")
    lines = text(given).encode().splitlines() if options.bridges or os.path.exists(given) else []
    key, alone = options.key or folder and text(os.path.join(folder, "key")), options.proof or options.dossier or options.consistency
    keys, known = tied(key.strip(), [json.loads(line) for line in lines], alone) if key else ({}, [])
    if options.proof:
        size, root, told["event"] = check_proof(text(options.proof), text(options.event or os.devnull).rstrip("\n"), keys)
    elif options.dossier:
        size, root = check_dossier(json.loads(text(options.dossier)), keys, options.witness)
    else:
        size, root = note(text(options.checkpoint or os.path.join(folder, "checkpoint")), keys, options.witness)
        keys = {options.former.strip(): math.inf} if options.former else keys
        older = [note(text(name), keys) for name in [options.older] if name]
        if options.consistency:
            require(older, "no older checkpoint is given: name its file by --older")
            check_path(older[0][0], size, json.loads(text(options.consistency))["hashes"], root, older=older[0][1])
        else:
            events = bundles(folder, size) if folder else text(options.log).encode().splitlines()
            check_log(events, size, known + [(*head, "") for head in [*older, (size, root)]])
    print(json.dumps({"ok": True, "events": size, "root": root.hex(), "pinned": bool(options.key), **told}))

try:
    main()
except Exception as error:  # Whatever is no log, is none.
    print(json.dumps({"ok": False, "problem": str(error)}))
    sys.exit(3)
