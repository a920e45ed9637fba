import Cryptography
import Glibc

/// An event's stored bytes, checked and scanned into typed fields without copying them.
///
/// Scanning refuses every encoding but the one that is written: what it accepts, `Event` decodes, and the other way
/// round. Which texts are names or times is for whoever writes them.
public struct EventLine: ~Escapable {
  private let bytes: Span<UInt8>
  /// The event's place in the log.
  public let position: Position
  /// When it was recorded.
  public let at: Timestamp
  /// What the clock said.
  public let clock: Timestamp
  /// The version of the type's data.
  public let version: Int
  /// The event that led to this one.
  public let cause: Position?
  let key: Digest?
  let content: Digest?
  /// Whether the data may name a sealed value or a blob.
  let mayReference: Bool
  private let ranges:
    (
      actor: Range<Int>, data: Range<Int>, happened: Range<Int>?, onBehalfOf: Range<Int>?,
      stream: Range<Int>, type: Range<Int>, via: Range<Int>
    )

  /// What the event belongs to, UTF-8.
  public var stream: Span<UInt8> {
    @_lifetime(copy self) get { bytes.extracting(ranges.stream) }
  }
  /// What happened, UTF-8.
  public var type: Span<UInt8> {
    @_lifetime(copy self) get { bytes.extracting(ranges.type) }
  }
  /// Who was authenticated, UTF-8.
  public var actor: Span<UInt8> {
    @_lifetime(copy self) get { bytes.extracting(ranges.actor) }
  }
  /// How the command came in, UTF-8.
  public var via: Span<UInt8> {
    @_lifetime(copy self) get { bytes.extracting(ranges.via) }
  }
  /// When it took place in the world, if that is another time, UTF-8.
  public var happened: Span<UInt8>? {
    @_lifetime(copy self) get {
      guard let range = ranges.happened else { return nil }
      return bytes.extracting(range)
    }
  }
  /// Somebody whom the actor only named, UTF-8.
  public var onBehalfOf: Span<UInt8>? {
    @_lifetime(copy self) get {
      guard let range = ranges.onBehalfOf else { return nil }
      return bytes.extracting(range)
    }
  }
  /// What the application recorded, as canonical JSON.
  public var data: Span<UInt8> {
    @_lifetime(copy self) get { bytes.extracting(ranges.data) }
  }

  /// Scans one stored event.
  ///
  /// - Complexity: O(bytes), without allocating.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) throws(EventCodingError) {
    guard bytes.count <= Event.maximumSize else {
      throw EventCodingError(description: "An event has more than \(Event.maximumSize) bytes.")
    }
    var scanner = JSONScanner(bytes)
    do throws(JSONError) {
      try scanner.member("{\"actor\":")
      ranges.actor = try scanner.skipPlainText()
      try scanner.member(",\"at\":")
      let written = scanner.offset
      at = try scanner.time()
      cause = scanner.skip(literal: ",\"cause\":") ? try scanner.place() : nil
      try scanner.member(",\"clock\":")
      // Mostly the same moment, which is not worth reading twice.
      clock = scanner.skip(sameTimeAs: written) ? at : try scanner.time()
      content = scanner.skip(literal: ",\"content\":") ? try scanner.digest() : nil
      try scanner.member(",\"data\":")
      let data = scanner.offset
      guard scanner.next == UInt8(ascii: "{") else { throw scanner.failure("expected an object") }
      // It lies within the event.
      scanner.depth = 1
      try scanner.skipValue()
      ranges.data = data..<scanner.offset
      mayReference = scanner.sawReference
      ranges.happened = scanner.skip(literal: ",\"happened\":") ? try scanner.skipPlainText() : nil
      key = scanner.skip(literal: ",\"key\":") ? try scanner.digest() : nil
      try scanner.member(",\"n\":")
      position = try scanner.place()
      ranges.onBehalfOf =
        scanner.skip(literal: ",\"onBehalfOf\":") ? try scanner.skipPlainText() : nil
      try scanner.member(",\"stream\":")
      ranges.stream = try scanner.skipPlainText()
      try scanner.member(",\"type\":")
      ranges.type = try scanner.skipPlainText()
      try scanner.member(",\"v\":")
      version = Int(try scanner.place().rawValue)
      try scanner.member(",\"via\":")
      ranges.via = try scanner.skipPlainText()
      guard scanner.skip("}"), scanner.atEnd else {
        throw scanner.failure("expected the end of the event")
      }
    } catch {
      throw EventCodingError(description: error.description)
    }
    if let cause, cause >= position {
      throw EventCodingError(description: "An event's cause does not come before it.")
    }
    self.bytes = bytes
  }

  /// The event as a value of its own.
  func event() throws(EventCodingError) -> Event {
    let json: JSONValue
    do { json = try JSONValue(canonical: data) } catch {
      throw EventCodingError(description: error.description)
    }
    return Event(
      position: position, at: at, clock: clock, happened: ranges.happened.map { text($0) },
      stream: text(ranges.stream), type: text(ranges.type), version: version,
      actor: text(ranges.actor), onBehalfOf: ranges.onBehalfOf.map { text($0) },
      via: text(ranges.via), cause: cause, key: key, content: content, data: json,
      bytes: unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) })
  }

  private func text(_ range: Range<Int>) -> String {
    unsafe bytes.extracting(range).withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }
}

extension JSONScanner {
  @inline(__always)
  @_lifetime(self: copy self)
  fileprivate mutating func member(_ literal: StaticString) throws(JSONError) {
    guard skip(literal: literal) else {
      throw failure(expected: literal)
    }
  }

  @inline(never)
  private func failure(expected literal: StaticString) -> JSONError {
    JSONError(reason: "expected \(literal) here, and no other member", offset: offset)
  }

  @_lifetime(self: copy self)
  fileprivate mutating func place() throws(JSONError) -> Position {
    let value = try integer()
    guard value > 0 else { throw failure("expected a number from 1") }
    return Position(rawValue: UInt64(value))
  }

  @_lifetime(self: copy self)
  fileprivate mutating func time() throws(JSONError) -> Timestamp {
    let range = try skipText()
    guard let time = Timestamp(stored: bytes.extracting(range)) else {
      throw failure("expected a time such as 2026-11-23T04:12:09.120Z")
    }
    return time
  }

  /// Steps over a time that is spelled like the one at `other`, which has been read.
  @_lifetime(self: copy self)
  fileprivate mutating func skip(sameTimeAs other: Int) -> Bool {
    // A time is 24 characters between quotes.
    guard bytes.count - offset >= 26 else { return false }
    let equal = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe bytes.baseAddress.map { unsafe memcmp($0 + offset, $0 + other, 26) == 0 } ?? false
    }
    if equal { offset += 26 }
    return equal
  }

  @_lifetime(self: copy self)
  fileprivate mutating func digest() throws(JSONError) -> Digest {
    let range = try skipText()
    guard range.count == 64,
      let digest = Digest(hex: bytes.extracting(range))
    else { throw failure("expected 64 hexadecimal digits") }
    return digest
  }
}

extension Timestamp {
  /// Reads exactly what `description` writes.
  init?(stored text: Span<UInt8>) {
    guard text.count == 24, text[4] == 0x2D, text[7] == 0x2D, text[10] == 0x54, text[13] == 0x3A,
      text[16] == 0x3A, text[19] == 0x2E, text[23] == 0x5A
    else { return nil }
    func number(_ start: Int, _ count: Int) -> Int64 {
      var value: Int64 = 0
      for index in start..<(start + count) {
        let digit = text[index] &- 0x30
        // Any other character makes the value too large for its field.
        value = digit < 10 ? value * 10 + Int64(digit) : 1_000_000
      }
      return value
    }
    self.init(
      year: number(0, 4), month: number(5, 2), day: number(8, 2), hour: number(11, 2),
      minute: number(14, 2), second: number(17, 2), millisecond: number(20, 3))
  }
}
