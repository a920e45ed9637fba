public import Cryptography
import LMDB

extension EventLog {
  /// A new subject with a key of its own, which is stored with the first append that carries it.
  public func makeSubject() -> Subject {
    Subject(
      id: SubjectID(unchecked: random.bytes(16)), key: SymmetricKey.random(using: random))
  }

  /// A stored subject with its key.
  ///
  /// - Throws: `.erased` when the key was destroyed, `.invalid` for the log's own id.
  public func subject(_ id: SubjectID) throws(EventLogError) -> Subject {
    try id.requirePerson()
    return try keyring.subject(id)
  }

  /// The wrapping key's generation: another one after each erasure, by whichever process.
  public var generation: UInt64 {
    get throws(EventLogError) { try keyring.generation() }
  }

  /// A key for what is derived from personal values; the next erasure destroys it.
  public func generationKey(purpose: String) throws(EventLogError) -> SymmetricKey {
    HKDF.deriveSHA256(
      from: try keyring.key().key, salt: [],
      info: Array("senko generation key v1\n\(purpose)".utf8))
  }

  /// Seals a value for `subject`, to be stored with the append that names it.
  ///
  /// - Parameter purpose: bound into the ciphertext; opening needs the same.
  public func seal(
    _ plaintext: [UInt8], for subject: Subject, purpose: String
  ) -> SealedValue {
    let (ciphertext, commitment) = encrypt(plaintext, for: subject, purpose: purpose)
    return SealedValue(
      reference: SealedReference(
        subject: subject.id, sealed: SHA256.hash(ciphertext), commitment: commitment,
        place: .table), ciphertext: ciphertext)
  }

  /// Seals a file for `subject`, to be stored with the append that names it.
  public func sealDocument(_ plaintext: [UInt8], for subject: Subject) -> SealedDocument {
    let (ciphertext, commitment) = encrypt(plaintext, for: subject, purpose: Self.documentPurpose)
    return SealedDocument(
      reference: SealedReference(
        subject: subject.id, sealed: SHA256.hash(ciphertext), commitment: commitment,
        place: .file), ciphertext: ciphertext)
  }

  /// The value that `reference` names.
  ///
  /// - Throws: `.erased` after the subject's erasure, `.missing`, or `.damaged` when ciphertext, purpose
  ///   or commitment do not fit.
  public func open(
    _ reference: SealedReference, purpose: String
  ) throws(EventLogError) -> [UInt8] {
    Array(try commitmentPreimage(of: reference, purpose: purpose).dropFirst(32))
  }

  /// The file that `reference` names.
  ///
  /// - Throws: as `open`.
  public func openDocument(_ reference: SealedReference) throws(EventLogError) -> [UInt8] {
    try open(reference, purpose: Self.documentPurpose)
  }

  /// What the commitment of a sealed value is the SHA-256 of: 32 random bytes, then the value.
  ///
  /// Whoever is given these bytes can tie the value to the event that names it, and opens nothing else.
  ///
  /// - Parameter purpose: as it was sealed with; a file's is `documentPurpose`.
  /// - Throws: as `open`.
  public func commitmentPreimage(
    of reference: SealedReference, purpose: String
  ) throws(EventLogError) -> [UInt8] {
    let ciphertext = try ciphertext(of: reference)
    let subject = try keyring.subject(reference.subject)
    var preimage: [UInt8] = []
    var opener = try SealOpener()
    try opener.open(
      ciphertext?.span, of: reference, Self.context(purpose, subject.id),
      KeyedSHA256(key: subject.key), into: &preimage)
    return preimage
  }

  private func ciphertext(of reference: SealedReference) throws(EventLogError) -> [UInt8]? {
    let row = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(
          at: reference.key, in: reference.place == .file ? tables.documents : tables.sealed)
      }
    }
    return reference.place == .file ? try folder.read(reference.sealed, listedAs: row) : row
  }

  /// The purpose that every sealed file has.
  public static let documentPurpose = "document"

  static func context(_ purpose: String, _ subject: SubjectID) -> [UInt8] {
    Array("senko sealed value v1\n\(purpose)\n".utf8) + subject.bytes
  }

  private func encrypt(
    _ plaintext: [UInt8], for subject: Subject, purpose: String
  ) -> (ciphertext: [UInt8], commitment: Digest) {
    let blind = random.bytes(32)
    var commitment = SHA256Hasher()
    commitment.update(blind.span)
    commitment.update(plaintext.span)
    do {
      let ciphertext = try ChunkedEncryption.seal(
        plaintext, behind: blind, key: subject.key, context: Self.context(purpose, subject.id),
        random: random)
      return (ciphertext, commitment.finish())
    } catch {
      // libcrypto refuses nothing of these sizes but for want of memory.
      preconditionFailure("\(error)")
    }
  }
}
