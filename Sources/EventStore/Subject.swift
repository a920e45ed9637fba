public import Cryptography

/// Names a person whose sealed values can be destroyed: 16 random bytes, derived from nothing.
public struct SubjectID: Hashable, Sendable, CustomStringConvertible {
  /// The 16 bytes.
  public let bytes: [UInt8]

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// Wraps 16 bytes; `nil` for another number of them.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads 32 lower-case hexadecimal digits.
  public init?(hex: String) {
    guard let bytes = Cryptography.bytes(hexadecimal: hex), bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// The 32 lower-case hexadecimal digits.
  public var hex: String { hexadecimal(bytes) }

  /// The 32 lower-case hexadecimal digits.
  public var description: String { hex }

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
    [place == .file ? 1 : 0] + subject.bytes + sealed.bytes + commitment.bytes
  }

  /// Reads what `bytes` gave; `nil` for anything else.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size, bytes[0] < 2,
      let sealed = Digest(Array(bytes[17..<49])), let commitment = Digest(Array(bytes[49...]))
    else { return nil }
    self.init(
      subject: SubjectID(unchecked: Array(bytes[1..<17])), sealed: sealed, commitment: commitment,
      place: bytes[0] == 1 ? .file : .table)
  }

  /// The key of the ciphertext's row: all of a subject's rows lie side by side.
  var key: [UInt8] { subject.bytes + sealed.bytes }
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
