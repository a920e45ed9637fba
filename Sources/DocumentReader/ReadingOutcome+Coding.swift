extension ReadingOutcome {
  /// The outcome as the worker sends it.
  var encoded: [UInt8] {
    switch self {
    case .read(let reading):
      return Self.encode(
        Array(reading.rawText.utf8), Array(reading.text.utf8), tokens: reading.encodedTokens,
        reading.flags, reading.quality, reading.fingerprint)
    case .unreadable(let reason, let fingerprint):
      var writer = ByteWriter()
      writer.write(UInt64(0))
      writer.write(reason)
      writer.write(fingerprint?.details ?? [:])
      return writer.bytes
    }
  }

  /// A reading as the worker sends it.
  static func encode(
    _ rawText: [UInt8], _ text: [UInt8], tokens: [UInt8], _ flags: [String],
    _ quality: [String: Int], _ fingerprint: Fingerprint
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.reserve(rawText.count + text.count + tokens.count + 2048)
    writer.write(UInt64(1))
    writer.write(rawText)
    writer.write(text)
    writer.write(tokens)
    writer.write(flags.count)
    for flag in flags { writer.write(flag) }
    writer.write(quality.count)
    for (name, value) in quality.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(value)
    }
    writer.write(fingerprint.details)
    return writer.bytes
  }

  /// Reads what a worker sent; nothing in it is believed before it is checked.
  ///
  /// Flags, reasons and figures are recorded in clear, so that a document which took the worker over must not put its
  /// words there. Whether the fingerprint is that of the worker's start, the caller compares.
  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    if try reader.number() == 1 {
      let (rawText, text) = (try reader.text(), try reader.text())
      let encodedTokens = try reader.block()
      let table = try TokenTable(decoding: encodedTokens)
      guard table.entries.allSatisfy({ $0.offset + $0.length <= text.utf8.count }) else {
        throw CodingError(description: "A token lies outside the text.")
      }
      guard table.isInOrder else {
        throw CodingError(description: "The tokens' spellings are not in their order.")
      }
      var flags: [String] = []
      for _ in 0..<(try reader.count(atMost: ReadingNames.flags.count)) {
        flags.append(try reader.name(among: ReadingNames.flags))
      }
      var quality: [String: Int] = [:]
      for _ in 0..<(try reader.count(atMost: ReadingNames.figures.count)) {
        quality[try reader.name(among: ReadingNames.figures)] = try reader.integer()
      }
      self = .read(
        Reading(
          rawText: rawText, text: text, encodedTokens: encodedTokens,
          nounCount: table.keptTermCount, flags: flags, quality: quality,
          fingerprint: Fingerprint(details: try reader.details())))
    } else {
      let reason = try reader.name(among: ReadingNames.reasons)
      let details = try reader.details()
      self = .unreadable(
        reason: reason, details.isEmpty ? nil : Fingerprint(details: details))
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the reading.") }
  }
}

extension ByteWriter {
  mutating func write(_ details: [String: String]) {
    write(details.count)
    for (name, value) in details.sorted(by: { $0.key < $1.key }) {
      write(name)
      write(value)
    }
  }
}

extension ByteReader {
  mutating func details() throws(CodingError) -> [String: String] {
    var details: [String: String] = [:]
    for _ in 0..<(try count(atMost: remaining)) { details[try text()] = try text() }
    return details
  }
}

extension ByteReader {
  /// One of the names that there are.
  fileprivate mutating func name(among names: Set<String>) throws(CodingError) -> String {
    let name = try text()
    guard names.contains(name) else {
      throw CodingError(description: "A name of the reading is none that a reader gives.")
    }
    return name
  }
}
