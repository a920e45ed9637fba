extension ReadingOutcome {
  /// The outcome as the worker sends it.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .read(let reading):
      writer.reserve(2 * reading.rawText.utf8.count + 16 * reading.tokens.count + 2048)
      writer.write(UInt64(1))
      writer.write(reading.rawText)
      writer.write(reading.text)
      writer.write(TokenCoding.encode(reading.tokens))
      writer.write(reading.flags.count)
      for flag in reading.flags { writer.write(flag) }
      writer.write(reading.quality.count)
      for (name, value) in reading.quality.sorted(by: { $0.key < $1.key }) {
        writer.write(name)
        writer.write(value)
      }
      writer.write(reading.fingerprint.details)
    case .unreadable(let reason, let fingerprint):
      writer.write(UInt64(0))
      writer.write(reason)
      writer.write(fingerprint?.details ?? [:])
    }
    return writer.bytes
  }

  /// Reads what a worker sent; nothing in it is believed before it is checked.
  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    if try reader.number() == 1 {
      let (rawText, text) = (try reader.text(), try reader.text())
      let tokens = try TokenCoding.decode(try reader.block())
      guard tokens.allSatisfy({ $0.offset + $0.length <= text.utf8.count }) else {
        throw CodingError(description: "A token lies outside the text.")
      }
      var flags: [String] = []
      for _ in 0..<(try reader.count(atMost: reader.remaining)) { flags.append(try reader.text()) }
      var quality: [String: Int] = [:]
      for _ in 0..<(try reader.count(atMost: reader.remaining)) {
        quality[try reader.text()] = try reader.integer()
      }
      self = .read(
        Reading(
          rawText: rawText, text: text, tokens: tokens, flags: flags, quality: quality,
          fingerprint: Fingerprint(details: try reader.details())))
    } else {
      let reason = try reader.text()
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
