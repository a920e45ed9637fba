public import Cryptography

/// Names a person whose sealed values can be destroyed: 16 random bytes, derived from nothing.
public struct SubjectID: Hashable, Sendable, CustomStringConvertible {
  /// The 16 bytes.
  public let bytes: [UInt8]

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

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
