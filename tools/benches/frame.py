"""What the benchmarks share: a store made from the sample, interleaved pairs, a table of ratios."""
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SAMPLE = os.path.join(ROOT, "tools", "sample")
BUILD = os.path.join(ROOT, ".build-bench")


def senko():
    """The program under test: in SENKO_BIN, or the release build."""
    folder = os.environ.get("SENKO_BIN") or os.path.join(ROOT, ".build", "release")
    path = os.path.join(folder, "senko")
    if not os.path.exists(path):
        sys.exit(f"{path} is missing: run tools/bench, which builds it, or set SENKO_BIN.")
    return path


def run(*arguments, data, text=None):
    """Runs the program on a data folder and gives what it printed."""
    return subprocess.run(
        [senko(), *arguments], env=dict(os.environ, SENKO_DATA=data), input=text, text=True,
        stdout=subprocess.PIPE, check=True).stdout


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port, process, every=0.1):
    """Waits until a server of ours listens."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"bench: a server ended with status {process.returncode} before it answered.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(every)
    sys.exit(f"bench: nothing listens on port {port} after 60 s.")


def make_store(data, applicants, password):
    """Fills a data folder with labelled applicants: the sample's, as often as it takes."""
    for email, name, role in (("admin@example.jp", "管理者", "admin"),
                              ("sato@example.jp", "佐藤", "reviewer"),
                              ("suzuki@example.jp", "鈴木", "reviewer")):
        run("user", "add", email, "--name", name, "--role", role, data=data, text=password + "\n")
    with open(os.path.join(SAMPLE, "manifest.jsonl"), encoding="utf-8") as file:
        sample = [json.loads(line) for line in file]
    manifest = data + ".jsonl"
    with open(manifest, "w", encoding="utf-8") as file:
        for index in range(applicants):
            line = dict(sample[index % len(sample)])
            line["key"] += f"-{index}"
            line["documents"] = [os.path.join(SAMPLE, path) for path in line["documents"]]
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    run("import", manifest, data=data)


def history_program():
    """What fills a data folder with people faster than people could."""
    scratch = os.path.join(BUILD, "history")
    subprocess.run(["swift", "build", "-c", "release", "--package-path",
                    os.path.join(ROOT, "tools", "benches", "history"), "--scratch-path", scratch],
                   check=True, stdout=sys.stderr, env=dict(os.environ, SENKO_CORE="1"))
    return os.path.join(scratch, "release", "history")


def with_peers():
    """Goes on under the Python that has the peers of tools/peers.txt, installed from PyPI the first time."""
    folder = os.path.join(ROOT, ".build-peers")
    wanted = os.path.join(ROOT, "tools", "peers.txt")
    mark = os.path.join(folder, "installed")
    if os.path.realpath(sys.prefix) == os.path.realpath(folder):
        return
    with open(wanted, encoding="ascii") as file:
        peers = file.read()
    if not os.path.exists(mark) or open(mark, encoding="ascii").read() != peers:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=sys.stderr)
        subprocess.run(
            [os.path.join(folder, "bin", "pip"), "--quiet", "--disable-pip-version-check", "install",
             "--no-deps", "-r", wanted], check=True, stdout=sys.stderr)
        with open(mark, "w", encoding="ascii") as file:
            file.write(peers)
    python = os.path.join(folder, "bin", "python")
    os.execv(python, [python, *sys.argv])


def interleaved(pairs, own, peer):
    """Measures both `pairs` times, each first every other time, and gives the two lists."""
    measured = ([], [])
    for pair in range(pairs):
        for which in ((0, 1), (1, 0))[pair % 2]:
            measured[which].append((own, peer)[which]())
    return measured


class Table:
    """Rows of figures and their bars, printed for people or as lines of JSON; `status` is 1 once one missed its bar."""

    def __init__(self, as_json=False):
        self.as_json = as_json
        self.status = 0
        if not as_json:
            print(f"{'':44} {'senko':>10} {'peer':>10}  {'median':>7} {'min':>7} {'max':>7}  bar")

    def figure(self, name, value, bar, holds):
        """Adds a row of one figure that is not a ratio of times, and says whether it keeps its bar."""
        self.status |= not holds
        if self.as_json:
            print(json.dumps({"row": name, "value": value, "bar": bar, "holds": bool(holds)},
                             ensure_ascii=False))
        else:
            print(f"{name:66}  {value:7.4f}  {bar}{'' if holds else '  MISSED'}")
        sys.stdout.flush()

    def row(self, name, unit, own, peer, least=None, better="more", most=None):
        """Adds a row of the ratio of two rates, or of two times where less is better; no bar where none is given."""
        ratios = [a / b if better == "more" else b / a for a, b in zip(own, peer)]
        shown = [statistics.median(own), statistics.median(peer), statistics.median(ratios),
                 min(ratios), max(ratios)]
        holds = (least is None or shown[2] >= least) and (most is None or shown[2] <= most)
        self.status |= not holds
        if self.as_json:
            print(json.dumps(dict(zip(
                ("row", "unit", "senko", "peer", "median", "min", "max", "least", "most", "holds", "pairs"),
                [name, unit, *shown, least, most, holds, len(ratios)])), ensure_ascii=False))
        else:
            bar = f"at most {most}" if least is None and most is not None else least or "printed"
            print(f"{name + ', ' + unit:44} {shown[0]:10.4g} {shown[1]:10.4g}  {shown[2]:7.2f} "
                  f"{shown[3]:7.2f} {shown[4]:7.2f}  {bar}{'' if holds else '  MISSED'}")
        sys.stdout.flush()

    def measure(self, name, unit, values, bar, better):
        """Adds a row of what has no peer but a bar; `better` says on which side of it values should lie."""
        median = statistics.median(values)
        holds = bar is None or (median >= bar if better == "more" else median <= bar)
        self.status |= not holds
        if self.as_json:
            print(json.dumps({"row": name, "unit": unit, "median": median, "min": min(values),
                              "max": max(values), "bar": bar, "holds": holds,
                              "times": len(values)}, ensure_ascii=False))
        else:
            said = "printed" if bar is None else f"{bar:,}{'' if holds else '  MISSED'}"
            print(f"{name + ', ' + unit:56} {median:10.4g} ({min(values):.4g} to {max(values):.4g})  "
                  f"{said}")
        sys.stdout.flush()
