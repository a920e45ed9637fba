/// What a worker can be asked for: a byte, then the document.
enum Request: UInt8 {
  case read
  case explain
  /// Which pages are pictures: their numbers from 0, a byte each.
  case scans
  /// The picture of a page, whose number stands in a byte before the document.
  case picture
  /// `read` and `explain` with what was recognised, which stands before the document.
  case readRecognised
  case explainRecognised

  /// The same with what was recognised.
  var recognised: Request { self == .explain ? .explainRecognised : .readRecognised }
}

extension [Int: RecognisedPage] {
  /// What a recogniser answered for each page, as it is sent to the worker that reads.
  static func encode(_ answers: [(page: UInt8, answer: [UInt8])]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(answers.count)
    for (page, answer) in answers {
      writer.write(Int(page))
      writer.write(answer)
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote.
  init(reading reader: inout ByteReader) throws(CodingError) {
    self.init()
    for _ in 0..<(try reader.count(atMost: 256)) {
      let page = try reader.integer()
      self[page] = try RecognisedPage(decoding: try reader.block())
    }
  }
}
