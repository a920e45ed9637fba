"""Sets of documents for the benchmarks of learning, and the files in which programs read them."""
import struct

import numpy
from scipy import sparse


def draw(documents, nouns, seed=20261123):
    """Documents of distinct nouns whose frequencies fall as in real texts, and labels that some of them tell.

    Gives the labels and for each document the ascending numbers of its nouns.
    """
    rng = numpy.random.default_rng(seed)
    size = 20 * nouns + 2 * documents
    share = numpy.cumsum(1 / (numpy.arange(size) + 10))
    share /= share[-1]
    telling = numpy.where(rng.random(size) < 0.1, rng.normal(size=size), 0)
    labels, rows = numpy.empty(documents, bool), []
    for index in range(documents):
        terms, first = numpy.unique(
            numpy.searchsorted(share, rng.random(3 * nouns)), return_index=True)
        terms = numpy.sort(terms[numpy.argsort(first)[:nouns]]).astype("<u4")
        logit = 4 * telling[terms].sum() / len(terms) ** 0.5
        labels[index] = rng.random() < 1 / (1 + numpy.exp(-logit))
        rows.append(terms)
    return labels, rows


def write_for_harness(path, labels, rows, counts=None):
    """The file that harness.swift reads."""
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(rows)))
        for index, terms in enumerate(rows):
            pairs = numpy.ones((len(terms), 2), "<u4")
            pairs[:, 0] = terms
            if counts is not None:
                pairs[:, 1] = counts[index]
            file.write(struct.pack("<QBI", index + 1, bool(labels[index]), len(terms)))
            file.write(pairs.tobytes())


def read_for_harness(path):
    """The labels and the nouns' numbers of such a file."""
    data = numpy.fromfile(path, "u1")
    count, place = int(data[:4].view("<u4")[0]), 4
    labels, rows = numpy.empty(count, bool), []
    for index in range(count):
        labels[index] = data[place + 8]
        length = int(data[place + 9:place + 13].view("<u4")[0])
        place += 13
        rows.append(data[place:place + 8 * length].view("<u4")[::2].copy())
        place += 8 * length
    return labels, rows


def matrix(rows):
    """Binary rows of unit length over the nouns that three documents share, as the product takes them."""
    offsets = numpy.concatenate([[0], numpy.cumsum([len(terms) for terms in rows])])
    columns = numpy.concatenate(rows)
    kept = numpy.bincount(columns) >= 3
    number = numpy.cumsum(kept) - 1
    stays = kept[columns]
    offsets = numpy.concatenate([[0], numpy.cumsum(stays)])[offsets]
    lengths = numpy.diff(offsets)
    values = numpy.repeat(1 / numpy.sqrt(numpy.maximum(lengths, 1)), lengths)
    return sparse.csr_matrix(
        (values, number[columns[stays]].astype(numpy.int32), offsets.astype(numpy.int32)),
        shape=(len(rows), int(kept.sum())))


def write_for_liblinear(path, labels, features):
    """LIBLINEAR's text format."""
    with open(path, "w", encoding="ascii") as file:
        for row, label in enumerate(labels):
            span = slice(features.indptr[row], features.indptr[row + 1])
            entries = zip(features.indices[span].tolist(), features.data[span].tolist())
            file.write(f"{1 if label else -1} "
                       + " ".join(f"{column + 1}:{value:.17g}" for column, value in entries) + "\n")
