import Cryptography

/// The key that wraps the subjects' keys; every erasure brings the next generation.
struct WrappingKey: Sendable {
  let generation: UInt64
  let key: SymmetricKey

  private static let title = "senko wrapping key v1"

  /// The key as its file holds it.
  var file: [UInt8] {
    Array("\(Self.title)\n\(generation)\n\(hexadecimal(key.bytes))\n".utf8)
  }

  init(generation: UInt64, key: SymmetricKey) {
    self.generation = generation
    self.key = key
  }

  init?(file: [UInt8]) {
    let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
    guard lines.count == 3, lines[0] == Self.title, let generation = UInt64(lines[1]),
      let key = bytes(hexadecimal: lines[2]).flatMap({ SymmetricKey($0) })
    else { return nil }
    self.init(generation: generation, key: key)
  }

  /// A subject's key, wrapped: nonce ‖ ciphertext ‖ tag, bound to the subject and this generation.
  func wrap(
    _ subject: Subject, random: RandomSource
  ) throws(CryptographyError) -> [UInt8] {
    let nonce = random.bytes(12)
    return nonce
      + (try AESGCM.seal(
        subject.key.bytes, key: key.bytes, nonce: nonce, authenticating: context(subject.id)))
  }

  /// The key that `wrap` wrapped.
  func unwrap(_ wrapped: [UInt8], of subject: SubjectID) throws(CryptographyError) -> Subject {
    try Unwrapping(by: self).unwrap(wrapped, of: subject)
  }

  /// What a wrapped key is bound to: a title, the subject at `contextSubject`, the generation.
  func context(_ subject: SubjectID) -> [UInt8] {
    Self.contextTitle + subject.bytes + bigEndian(generation)
  }

  private static let contextTitle = Array("senko wrapped key v1\n".utf8)
  static let contextSubject = contextTitle.count..<(contextTitle.count + 16)
}

/// Unwraps subjects' keys with the wrapping key set up once.
struct Unwrapping: ~Copyable {
  private let wrapping: WrappingKey
  private let opens: AESGCMCipher

  /// Sets the key up.
  init(by wrapping: WrappingKey) throws(CryptographyError) {
    opens = try AESGCMCipher(key: wrapping.key.bytes, seals: false)
    self.wrapping = wrapping
  }

  /// The key that `WrappingKey.wrap` wrapped.
  func unwrap(_ wrapped: [UInt8], of subject: SubjectID) throws(CryptographyError) -> Subject {
    guard wrapped.count == 12 + 32 + 16 else { throw .notAuthentic }
    let opened = try opens.open(
      Array(wrapped[12...]), nonce: Array(wrapped[..<12]),
      authenticating: wrapping.context(subject))
    guard let key = SymmetricKey(opened) else { throw .notAuthentic }
    return Subject(id: subject, key: key)
  }
}

/// The key that signs checkpoints, with the name of the log it signs for.
struct SigningKey: Sendable {
  let origin: String
  let key: Ed25519.PrivateKey
  /// The key that verifies.
  let verifier: VerifierKey
  /// The public key's text as the log names it.
  let name: [UInt8]
  private let id: [UInt8]

  private static let title = "senko signing key v1"

  /// The key as its file holds it.
  var file: [UInt8] {
    Array("\(Self.title)\n\(origin)\n\(hexadecimal(key.seed.bytes))\n".utf8)
  }

  init(origin: String, seed: SymmetricKey) throws(CryptographyError) {
    self.origin = origin
    key = try Ed25519.PrivateKey(seed: seed)
    // Each commit asks for these.
    verifier = VerifierKey(name: origin, key: key.publicKey)
    name = Array(verifier.description.utf8)
    id = verifier.id
  }

  init?(file: [UInt8]) {
    let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
    guard lines.count == 3, lines[0] == Self.title,
      let seed = bytes(hexadecimal: lines[2]).flatMap({ SymmetricKey($0) }),
      let key = try? SigningKey(origin: String(lines[1]), seed: seed)
    else { return nil }
    self = key
  }

  /// The checkpoint, signed.
  func sign(_ checkpoint: Checkpoint) throws(CryptographyError) -> SignedNote {
    let text = checkpoint.text
    return SignedNote(
      text: text,
      signatures: [.init(name: origin, keyID: id, bytes: try key.sign(Array(text.utf8)))])
  }
}

/// The folder of a log: where its parts lie.
struct LogFolder: Sendable {
  let path: String

  var log: String { path + "/log" }
  var wrappingKey: String { path + "/wrapping-key" }
  /// Where the key lies that an erasure is to put in force: beside the present one, wherever a link to that leads, under a
  /// name that is nobody else's there, unless an earlier version has put it into the folder.
  var nextWrappingKey: String {
    let (target, plain) = (Files.target(wrappingKey), wrappingKey + ".next")
    return target == wrappingKey || Files.exists(plain) ? plain : target + ".senko-next"
  }
  var signingKey: String { path + "/signing-key" }
  var nextSigningKey: String { path + "/signing-key.next" }
  var lock: String { path + "/lock" }
  var erasureLock: String { path + "/erasure-lock" }
  var checkpoint: String { path + "/checkpoint" }
  var documents: String { path + "/documents" }
  var intents: String { path + "/intents" }

  /// Where a sealed file lies: `documents/ab/<digest>`.
  func document(_ digest: Digest) -> String {
    documents + "/" + digest.hex.prefix(2) + "/" + digest.hex
  }
}

extension LogFolder {
  /// Refuses to write what is to be kept elsewhere into the folder itself, where its loss would take both.
  ///
  /// - Parameter what: how the sentence begins, as in "A backup".
  func requireOutside(_ path: String, _ what: String) throws(EventLogError) {
    let (own, other) = (Files.resolved(self.path), Files.resolved(path))
    guard (other + "/").hasPrefix(own + "/") else { return }
    throw .invalid("\(what) does not belong into the data folder itself. Give a path elsewhere.")
  }
}

extension EventLog {
  /// Refuses a path for something that is to lie outside of the log's folder, where it could take the place of what
  /// belongs there.
  ///
  /// - Parameter what: how the sentence begins, as in "A copy".
  /// - Throws: `.invalid` for a path in the folder, links followed.
  public static func requireOutside(
    _ directory: String, _ path: String, _ what: String
  ) throws(EventLogError) {
    try LogFolder(path: directory).requireOutside(path, what)
  }
}
