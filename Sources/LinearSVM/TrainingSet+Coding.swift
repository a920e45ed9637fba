extension TrainingSet {
  /// The set in its one encoding, for a digest: every applicant's number, label and terms with counts,
  /// those of rare terms too.
  ///
  /// Equal sets give equal bytes, whatever order they came in.
  public var canonicalBytes: [UInt8] {
    var writer = ByteWriter()
    forEachCanonicalPart { writer.write(raw: $0) }
    return writer.bytes
  }

  /// Hands out ``canonicalBytes`` in pieces of about 64 KiB, so that a large set can be hashed in place.
  public func forEachCanonicalPart(_ body: ([UInt8]) -> Void) {
    var writer = ByteWriter()
    writer.write(raw: [UInt8]("senkoset".utf8))
    writer.write(UInt32(1))
    writer.write(count: minimumDocumentFrequency)
    writer.write(vocabulary)
    writer.write(rareTerms)
    writer.write(count: count)
    for row in 0..<count {
      writer.write(numbers[row])
      writer.write(UInt8(labels[row] ? 1 : 0))
      writer.write(rows, counts, row)
      writer.write(rareRows, rareCounts, row)
      if writer.bytes.count >= 1 << 16 {
        body(writer.bytes)
        writer = ByteWriter()
      }
    }
    body(writer.bytes)
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ rows: SparseRows, _ counts: [UInt32], _ row: Int) {
    let range = rows.range(row)
    write(count: range.count)
    write(range.count) { entry in
      UInt64(rows.columns[range.lowerBound + entry])
        | UInt64(counts[range.lowerBound + entry]) << 32
    }
  }
}
