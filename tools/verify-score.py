#!/usr/bin/env python3
"""Computes every score of a dossier anew from its words and models, and compares what is told with what is recorded.
Needs Python 3.8 and nothing else.

  verify-score.py DOSSIER

First let `verify-log.py --dossier` tie the dossier to its checkpoint. The history must then tell every event of
the applicant as it is recorded, and each explanation its screening. For each screening with a score, this holds the
words against the readings as they were opened, reads the model file that the model's event names, adds up the words'
parts in the recorded order, and requires the very bits of the recorded score (for models of log counts, whose
logarithm each program computes by itself: 12 digits), the recorded percentage, and the outcome that the threshold
gives. Exit 0 and one line of JSON when all is well, 3 with the reason when not.
"""
import base64, hashlib, json, math, pathlib, struct, sys

BINARY, LOG_COUNTS, NAIVE_BAYES = 0, 1, 2


def require(condition, message):
    if not condition:
        raise ValueError(message)


class Model:
    """A model file: numbers least significant byte first, lengths before what they measure."""

    def __init__(self, file):
        require(file[:12] == b"senkomdl\1\0\0\0", "the model file is of another version")
        self.file, self.at = file, 12
        self.kind, withheld = self.take("BB")
        # C, labels, document frequency, folds, primal, dual, epochs.
        self.take("d4I2dI")
        self.platt = None if withheld else self.take("5d")[:2]
        if self.take("B")[0]:  # How the percentages did on those held out.
            self.take("6d3I3d")
            for _ in range(self.take("I")[0]):
                self.take("2Id")
            self.take("B")
        for _ in range(self.take("I")[0]):  # What was tried.
            if self.take("BdB")[2] == 0:
                self.take("d")
        (self.bias,) = self.take("d")
        lengths = self.numbers("I")
        terms = [file[end - length : end].decode() for length, end in zip(lengths, self.ends(lengths))]
        self.weights = dict(zip(terms, self.numbers("d")))
        self.values = dict(zip(terms, self.numbers("d")))
        require(self.at == len(file), "the model file goes on after its end")

    def take(self, form):
        numbers = struct.unpack_from("<" + form, self.file, self.at)
        self.at += struct.calcsize("<" + form)
        return numbers

    def numbers(self, kind):
        return self.take(f"{self.take('I')[0]}{kind}")

    def ends(self, lengths):
        for length in lengths:
            self.at += length
            yield self.at

    def value(self, word, count):
        return {BINARY: 1.0, LOG_COUNTS: 1 + math.log(count), NAIVE_BAYES: self.values.get(word)}[self.kind]

    def score(self, words):
        values = [self.value(word["word"], word["count"]) for word in words]
        squares = 0.0
        for value in values:
            squares += value * value
        scale = 1 / math.sqrt(squares) if squares > 0 else 0.0
        parts = [value * scale * self.weights[word["word"]] for word, value in zip(words, values)]
        total = self.bias
        for part in parts:
            total += part
        return total, parts

    def basis_points(self, score):
        return 10000 / (1 + math.exp(-(self.platt[0] * score + self.platt[1])))


def tokens(encoded):
    """The tokens of a reading, each with whether it is kept; numbers as LEB128, lengths before texts."""
    rest = iter(encoded)

    def number():
        value = shift = 0
        for byte in rest:
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
        raise ValueError("the tokens of a reading break off")

    require(number() == 1, "the tokens of a reading are of another version")
    table = [bytes(next(rest) for _ in range(number())).decode() for _ in range(number())]
    for _ in range(number()):
        _, _, term, _, form = [number() for _ in range(5)]
        yield table[term], form & 1 == 1


def readings_of(dossier, event):
    """The encoded tokens of the readings that a screening asked about, as far as they were opened."""
    for item in dossier["opened"]:
        if item["member"] == "tokens" and item["position"] in event["readings"]:
            yield base64.b64decode(item["bytes"]) if item.get("bytes") else item["text"].encode()


def check_words(dossier, event, words, model, position):
    """What is counted stands in the readings as they were opened; what is not counted is no more than was excluded."""
    standing, kept = {}, {}
    for encoded in readings_of(dossier, event):
        for term, is_kept in tokens(encoded):
            standing[term] = standing.get(term, 0) + 1
            kept[term] = kept.get(term, 0) + is_kept
    counted = {word["word"]: word["count"] for word in words}
    for word, count in counted.items():
        stands = standing.get(word, 0)
        require(count <= stands, f"event {position} counts '{word}' more often than the readings have it")
    missing = sum(max(count - counted.get(term, 0), 0) for term, count in kept.items() if term in model.weights)
    require(missing <= event["excluded"], f"event {position} counts less than was not excluded")


def check_told(told, event, position, names):
    """What is told of an event must be what the event says."""
    for name in names:
        require(told.get(name) == event.get(name), f"'{name}' of event {position} is told otherwise than recorded")


def fact(value):
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def names_of(dossier, events):
    """The addresses that were opened for each user, by the name that events cite the user under."""
    names = {}
    for item in dossier["opened"]:
        if item["member"] == "email":
            names.setdefault(events[item["position"]]["stream"], set()).add(item["text"])
    return names


def check_person(told, recorded, names, position):
    known = told == recorded or told in names.get(recorded, ())
    require(known, f"event {position} names another person than '{told}'")


def check_history(dossier, events):
    """Every event of the applicant is told, in order, with all its plain members, and nothing else."""
    own = [n for n, event in sorted(events.items()) if event["data"].get("applicant") == dossier["applicant"]]
    require([entry["position"] for entry in dossier["history"]] == own, "the history is not that of the events")
    reasons = {item["position"]: item["text"] for item in dossier["opened"] if item["member"] == "reason"}
    names = names_of(dossier, events)
    for entry in dossier["history"]:
        event = events[entry["position"]]
        check_told(entry, event, entry["position"], ["type", "at", "via", "happened"])
        for person in ("actor", "onBehalfOf"):
            check_person(entry.get(person), event.get(person), names, entry["position"])
        require(entry["reason"] == reasons.get(entry["position"]), "a reason is told otherwise than it was opened")
        recorded = {
            name: fact(value)
            for name, value in event["data"].items()
            if name not in ("applicant", "subject") and not isinstance(value, dict)
        }
        require(entry["facts"] == recorded, f"event {entry['position']} is told otherwise than recorded")


def check_label(dossier, explanation, events):
    """The label that an explanation tells is the newest decision, by whom and with what in view it was given."""
    decisions = [
        entry
        for entry in dossier["history"]
        if entry["type"] == "applicant.labelled" and entry["facts"]["purpose"] != "second-reading"
    ]
    newest = decisions[-1] if decisions else None
    told = [explanation[name] for name in ("label", "labelledBy", "labelReason", "labelClaimed", "scoreInView")]
    recorded = [None, None, None, False, False]
    if newest:
        behalf, facts = newest["onBehalfOf"], newest["facts"]
        recorded = [facts["label"], behalf or newest["actor"], newest["reason"], behalf is not None]
        recorded.append(facts["screening"] == str(explanation["screening"]))
    require(told == recorded, "an explanation tells another label than the history")


def bits(hexadecimal):
    return struct.unpack(">d", bytes.fromhex(hexadecimal))[0]


def check_number(told, decimal, value, slack, what):
    """A number that stands as bits and in decimal digits."""
    right = told is not None and abs(bits(told) - value) <= slack and bits(told) == decimal
    require(right, f"{what} is told otherwise")


def check_training(told, event):
    """What is told of a model's training is what the model's event says."""
    labels = {name: event[name] for name in ("ok", "ng", "blind")}
    named = [labels, event["through"], event["manifest"]["blob"], event["gap"]]
    require([told[name] for name in ("labels", "through", "manifest", "gap")] == named, "a training is told otherwise")
    require(told["gapDecimal"] == bits(event["gap"]), "a training is told otherwise")


def check_basis(dossier, explanation, event, model, position):
    """What needs no word to be checked, and that no part of a score is told whose words are not opened."""
    score = bits(event["score"]) if "score" in event else None
    require(explanation["scoreDecimal"] == score, f"the score of event {position} is told otherwise")
    require((model is None) == ("model" not in event), f"event {position} has another model")
    if model is None:
        require(explanation["training"] is None, f"event {position} asked no model")
    else:
        check_training(explanation["training"], model["data"])
    if score is None or not any(readings_of(dossier, event)):
        parts = [explanation["contributions"], explanation["bias"], explanation["biasDecimal"]]
        require(parts == [[], None, None], f"event {position} is explained by words that are not opened")


def check_scores(dossier, events):
    files = {item["position"]: base64.b64decode(item["bytes"]) for item in dossier["blobs"] if item["member"] == "file"}
    told = [screening["explanation"]["screening"] for screening in dossier["screenings"]]
    recorded = [entry["position"] for entry in dossier["history"] if entry["type"] == "applicant.screened"]
    require(told == recorded, "the screenings are not those of the history")
    checked = 0
    for screening in dossier["screenings"]:
        explanation = screening["explanation"]
        position = explanation["screening"]
        event = events[position]["data"]
        names = ["applicant", "interval", "model", "outcome", "probability", "reason", "score", "threshold"]
        names += ["excluded", "unknown"]
        check_told(explanation, event, position, names)
        check_label(dossier, explanation, events)
        check_basis(dossier, explanation, event, events.get(screening["modelEvent"]), position)
        if "score" not in event or not any(readings_of(dossier, event)):
            continue
        file = files[screening["modelEvent"]]
        named = events[screening["modelEvent"]]["data"]
        require(events[screening["modelEvent"]]["type"] == "model.trained", "a model's event is none")
        require(named["model"] == event["model"], f"event {position} asked another model")
        require(hashlib.sha256(file).hexdigest() == named["file"]["blob"], "the model file is not the one recorded")
        model = Model(file)
        recorded = bits(event["score"])
        order = [word["word"].encode() for word in screening["words"]]
        require(order == sorted(set(order)), "the words are not in the order of their bytes")
        check_words(dossier, event, screening["words"], model, position)
        score, parts = model.score(screening["words"])
        slack = 1e-12 * max(1, abs(recorded)) if model.kind == LOG_COUNTS else 0
        require(abs(score - recorded) <= slack, f"the words give {score}, event {position} says {recorded}")
        shown = explanation["contributions"]
        require([part["term"] for part in shown] == [word["word"] for word in screening["words"]], "words are left out")
        check_number(explanation["bias"], explanation["biasDecimal"], model.bias, 0, "the bias")
        for part, value in zip(shown, parts):
            check_number(part["value"], part["valueDecimal"], value, slack, f"the part of '{part['term']}'")
        if "probability" in event:
            percent = event["probability"]
            near = abs(model.basis_points(score) - percent) <= 0.5000001
            require(near, f"the percentage of event {position} is wrong")
            outcome = "review" if percent >= event["threshold"] else "second-look"
            require(outcome == event["outcome"], f"the outcome of event {position} is wrong")
        checked += 1
    return checked


def check(dossier):
    events = {item["position"]: json.loads(item["event"]) for item in dossier["events"]}
    check_history(dossier, events)
    return check_scores(dossier, events)


def main():
    require(len(sys.argv) == 2, "usage: verify-score.py DOSSIER")
    dossier = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    checked = check(dossier)
    unchecked = len(dossier["screenings"]) - checked
    print(json.dumps({"ok": True, "scores": checked, "withoutWords": unchecked}))


try:
    main()
except (OSError, ValueError, LookupError, TypeError, struct.error) as error:
    print(json.dumps({"ok": False, "problem": str(error)}))
    sys.exit(3)
