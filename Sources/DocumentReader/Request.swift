/// What a worker is to do with a document, which follows in a message of its own: it is never copied to stand beside
/// anything.
struct Request: Sendable {
  enum Kind: UInt8, Sendable {
    case read
    case explain
    /// Which pages are pictures: their numbers from 0, a byte each.
    case scans
    /// The picture of a page.
    case picture
  }

  var kind: Kind
  /// The page whose picture is wanted, from 0.
  var page: UInt8 = 0
  /// What opens the document, where it is encrypted for readers; empty for none.
  var password = ""
  /// What a recogniser answered for each page that is a picture; none of them has been looked at.
  var recognised: [UInt8: [UInt8]] = [:]

  /// The longest in bytes.
  static let largest = 8 << 20
}

extension Request {
  /// The request as it is sent.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(kind.rawValue))
    writer.write(UInt64(page))
    writer.write(password)
    writer.write(recognised.count)
    for (page, answer) in recognised.sorted(by: { $0.key < $1.key }) {
      writer.write(UInt64(page))
      writer.write(answer)
    }
    return writer.bytes
  }

  /// Reads what `encoded` gave.
  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    guard let kind = Kind(rawValue: try reader.byte()) else {
      throw CodingError(description: "A worker is asked for what it does not do.")
    }
    self.init(kind: kind, page: try reader.byte(), password: try reader.text())
    for _ in 0..<(try reader.count(atMost: 256)) {
      let page = try reader.byte()
      recognised[page] = try reader.block()
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the request.") }
  }
}

extension ByteReader {
  /// A number below 256.
  fileprivate mutating func byte() throws(CodingError) -> UInt8 {
    guard let byte = UInt8(exactly: try number()) else {
      throw CodingError(description: "A number is larger than a byte holds.")
    }
    return byte
  }
}
