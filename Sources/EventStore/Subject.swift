public import Cryptography

/// Names a person whose sealed values can be destroyed: 16 random bytes, derived from nothing.
public struct SubjectID: Hashable, Sendable, CustomStringConvertible {
  // Two words rather than an array: events and rows name subjects by the million.
  let words: (UInt64, UInt64)

  init(unchecked bytes: [UInt8]) { self.init(exactly: bytes.span) }

  /// Wraps the 16 bytes of a span.
  ///
  /// - Precondition: `bytes.count == 16`.
  public init(exactly bytes: Span<UInt8>) {
    precondition(bytes.count == 16)
    words = (bigEndian(bytes, at: 0), bigEndian(bytes, at: 8))
  }

  /// Wraps 16 bytes; `nil` for another number of them.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.init(unchecked: bytes)
  }

  /// Reads 32 lower-case hexadecimal digits.
  public init?(hex: String) {
    var hex = hex
    let subject = hex.withUTF8 { digits in unsafe SubjectID(hex: digits.span) }
    guard let subject else { return nil }
    self = subject
  }

  /// Reads 32 lower-case hexadecimal digits of ASCII.
  public init?(hex: Span<UInt8>) {
    guard hex.count == 32 else { return nil }
    func word(_ start: Int) -> UInt64? {
      var word: UInt64 = 0
      for index in start..<(start + 16) {
        switch hex[index] {
        case 0x30...0x39: word = word << 4 | UInt64(hex[index] - 0x30)
        case 0x61...0x66: word = word << 4 | UInt64(hex[index] - 0x61 + 10)
        default: return nil
        }
      }
      return word
    }
    guard let high = word(0), let low = word(16) else { return nil }
    words = (high, low)
  }

  /// Refuses the id under which the log keeps its own secret: nobody is erased or sealed for by it.
  func requirePerson() throws(EventLogError) {
    guard self != .store else {
      throw .invalid("The id of sixteen zeros is the log's own, and nobody's. Give a person's.")
    }
  }

  /// The 16 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    write(to: &bytes)
    return bytes
  }

  /// Appends the 16 bytes.
  public func write(to bytes: inout [UInt8]) {
    let words: InlineArray<2, UInt64> = [words.0.bigEndian, words.1.bigEndian]
    unsafe words.span.withUnsafeBufferPointer { words in
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(words))
    }
  }

  /// The 32 lower-case hexadecimal digits.
  public var hex: String { hexadecimal(bytes) }

  /// The 32 lower-case hexadecimal digits.
  public var description: String { hex }

  /// Whether both are the same 16 bytes.
  public static func == (a: SubjectID, b: SubjectID) -> Bool { a.words == b.words }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  /// The store itself, whose secret lies among the subjects' keys and is wrapped anew with them.
  static let store = SubjectID(unchecked: [UInt8](repeating: 0, count: 16))
}

/// A person's id with the key that opens what is sealed for them.
public struct Subject: Sendable {
  /// The random id.
  public let id: SubjectID
  let key: SymmetricKey
}

/// How an event names a sealed value: by its ciphertext's digest, and by a commitment to the plaintext.
public struct SealedReference: Hashable, Sendable {
  /// Where the ciphertext lies.
  public enum Place: String, Sendable, Hashable {
    /// In the log's table of sealed values.
    case table = "sealed"
    /// In a file of its own.
    case file = "document"
  }

  /// Whose key opens it.
  public let subject: SubjectID
  /// SHA-256 of the ciphertext.
  public let sealed: Digest
  /// SHA-256 of 32 random bytes, sealed with the plaintext, and the plaintext.
  public let commitment: Digest
  /// Where the ciphertext lies.
  public let place: Place

  init(subject: SubjectID, sealed: Digest, commitment: Digest, place: Place) {
    self.subject = subject
    self.sealed = sealed
    self.commitment = commitment
    self.place = place
  }

  /// The reference as it stands in an event.
  public var json: JSONValue {
    .object([
      "commitment": .string(commitment.hex), "subject": .string(subject.hex),
      place.rawValue: .string(sealed.hex),
    ])
  }

  /// Reads what `json` wrote; `nil` for anything else.
  public init?(_ json: JSONValue) {
    guard let members = json.object, members.count == 3,
      let subject = members["subject"]?.string.flatMap({ SubjectID(hex: $0) }),
      let commitment = members["commitment"]?.string.flatMap({ Digest(hex: $0) })
    else { return nil }
    for place in [Place.table, .file] {
      if let sealed = members[place.rawValue]?.string.flatMap({ Digest(hex: $0) }) {
        self.init(subject: subject, sealed: sealed, commitment: commitment, place: place)
        return
      }
    }
    return nil
  }

  /// How many bytes `bytes` has.
  public static let size = 81

  /// The reference in a fixed size, for tables of one's own: place, subject, ciphertext, commitment.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    write(to: &bytes)
    return bytes
  }

  /// Appends what `bytes` gives.
  public func write(to bytes: inout [UInt8]) {
    bytes.append(place == .file ? 1 : 0)
    subject.write(to: &bytes)
    sealed.write(to: &bytes)
    commitment.write(to: &bytes)
  }

  /// Reads what `bytes` gave; `nil` for anything else.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == Self.size, bytes[0] < 2 else { return nil }
    self.init(
      subject: SubjectID(exactly: bytes.extracting(1..<17)),
      sealed: Digest(exactly: bytes.extracting(17..<49)),
      commitment: Digest(exactly: bytes.extracting(49..<81)), place: bytes[0] == 1 ? .file : .table)
  }

  /// Reads what `bytes` gave; `nil` for anything else.
  public init?(_ bytes: [UInt8]) { self.init(bytes.span) }

  /// The key of the ciphertext's row: all of a subject's rows lie side by side.
  var key: [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(48)
    setKey(&key)
    return key
  }

  /// Puts the row's key in the place of some bytes.
  func setKey(_ key: inout [UInt8]) {
    key.removeAll(keepingCapacity: true)
    subject.write(to: &key)
    sealed.write(to: &key)
  }
}

/// A sealed value that is to be appended.
public struct SealedValue: Sendable {
  /// How events name it.
  public let reference: SealedReference
  let ciphertext: [UInt8]
}

/// A sealed file that is to be appended.
public struct SealedDocument: Sendable {
  /// How events name it.
  public let reference: SealedReference
  let ciphertext: [UInt8]
}
