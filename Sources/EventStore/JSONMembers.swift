public import Cryptography

/// The members of an object in its one encoding, one after the other, without values being built.
///
/// For what is read by the million and mostly passed over: what stands there must have been checked, as an
/// event's data has.
public struct JSONMembers: ~Escapable {
  private var scanner: JSONScanner
  private var names = 0..<0
  private var values = 0..<0

  /// Begins before the first member of `object`; other bytes have no members.
  @_lifetime(copy object)
  public init(_ object: Span<UInt8>) { scanner = JSONScanner(object) }

  /// Goes to the next member, and says whether there is one.
  @_lifetime(self: copy self)
  public mutating func next() -> Bool {
    guard scanner.skip(scanner.offset == 0 ? "{" : ","), let name = scanner.plainText(),
      scanner.skip(":")
    else { return false }
    let start = scanner.offset
    guard scanner.passValue() else { return false }
    (names, values) = (name, start..<scanner.offset)
    return true
  }

  /// Whether the member is called so.
  @inline(__always)
  public func isNamed(_ name: StaticString) -> Bool { equal(names, name) }

  /// The value's text, where it is one without escapes.
  public var text: Span<UInt8>? {
    @_lifetime(copy self) get {
      guard let range = plainText else { return nil }
      return scanner.bytes.extracting(range)
    }
  }

  /// The value's text as a string, where it is one without escapes.
  public var string: String? {
    guard let range = plainText else { return nil }
    return unsafe scanner.bytes.extracting(range).withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }

  /// Whether the value is this text.
  @inline(__always)
  public func isText(_ text: StaticString) -> Bool {
    plainText.map { equal($0, text) } ?? false
  }

  /// The value's texts, where it is a list of texts without escapes.
  public var strings: [String]? {
    var list = JSONScanner(scanner.bytes.extracting(values))
    guard list.skip("[") else { return nil }
    var strings: [String] = []
    while !list.skip("]") {
      guard strings.isEmpty || list.skip(","), let range = list.plainText() else { return nil }
      let text = list.bytes.extracting(range)
      for index in text.indices where text[index] == UInt8(ascii: "\\") { return nil }
      strings.append(
        unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) })
    }
    return strings
  }

  /// The value, where it is a number that is not negative.
  public var count: UInt64? {
    guard !values.isEmpty, values.count < 18 else { return nil }
    var value: UInt64 = 0
    for index in values {
      let digit = scanner.bytes[index] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + UInt64(digit)
    }
    return value
  }

  /// The value, where it is the 64 hexadecimal digits of a digest.
  public var digest: Digest? {
    guard let range = plainText, range.count == 64 else { return nil }
    return Digest(hex: scanner.bytes.extracting(range))
  }

  /// The value, where it is the 32 hexadecimal digits of a subject.
  public var subject: SubjectID? {
    guard let range = plainText else { return nil }
    return SubjectID(hex: scanner.bytes.extracting(range))
  }

  /// The value, where it names a sealed value.
  public var reference: SealedReference? {
    guard !values.isEmpty else { return nil }
    var members = JSONMembers(scanner.bytes.extracting(values))
    var commitment: Digest?
    var subject: SubjectID?
    var sealed: (digest: Digest, place: SealedReference.Place)?
    var count = 0
    while members.next() {
      count += 1
      if members.isNamed("commitment") {
        commitment = members.digest
      } else if members.isNamed("subject") {
        subject = members.subject
      } else if members.isNamed("sealed") {
        sealed = members.digest.map { ($0, .table) }
      } else if members.isNamed("document") {
        sealed = members.digest.map { ($0, .file) }
      }
    }
    guard count == 3, let commitment, let subject, let sealed else { return nil }
    return SealedReference(
      subject: subject, sealed: sealed.digest, commitment: commitment, place: sealed.place)
  }

  /// Where the value's text lies, where it is one without escapes.
  private var plainText: Range<Int>? {
    guard values.count >= 2, scanner.bytes[values.lowerBound] == UInt8(ascii: "\"") else {
      return nil
    }
    let range = (values.lowerBound + 1)..<(values.upperBound - 1)
    for index in range where scanner.bytes[index] == UInt8(ascii: "\\") { return nil }
    return range
  }

  @inline(__always)
  private func equal(_ range: Range<Int>, _ text: StaticString) -> Bool {
    scanner.bytes.extracting(range).isText(text)
  }
}

extension JSONScanner {
  /// Steps over a name, and returns where it lies.
  @inline(__always)
  @_lifetime(self: copy self)
  fileprivate mutating func plainText() -> Range<Int>? {
    guard skip("\"") else { return nil }
    let start = offset
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return start..<(offset - 1)
      }
      offset += 1
    }
    return nil
  }
}

extension JSONScanner {
  /// Steps over a value that has been checked.
  @inline(__always)
  @_lifetime(self: copy self)
  fileprivate mutating func passValue() -> Bool {
    let start = offset
    while let byte = next, byte &- 0x30 < 10 { offset += 1 }
    if offset > start { return true }
    do throws(JSONError) { try skipValue() } catch { return false }
    return true
  }
}

extension Span<UInt8> {
  /// Whether these are the bytes of `text`.
  @inline(__always)
  public func isText(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let start = unsafe text.utf8Start
    for index in indices where unsafe self[index] != start[index] { return false }
    return true
  }
}
