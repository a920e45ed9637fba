import Cryptography

/// What to check a log against.
public struct VerifyOptions: Sendable {
  /// A checkpoint note kept elsewhere, which the log must have grown from; or a receipt, with the event in it.
  public var against: String?
  /// The key that must have signed it and the log's own notes; `nil` for the one that the log names,
  /// which shows only that the log fits itself.
  public var publicKey: String?
  /// Notes that witnesses have cosigned, or receipts under such.
  public var witnessed: [String] = []
  /// The witnesses that are trusted.
  public var witnesses: [WitnessKey] = []
  /// Whether every stored note's signature is checked, not only the newest and the bridging ones'; roots
  /// are always compared.
  public var everySignature = false

  /// Nothing from outside.
  public init(against: String? = nil, publicKey: String? = nil) {
    self.against = against
    self.publicKey = publicKey
  }
}

/// What checking a log found.
public struct VerifyReport: Sendable, Hashable {
  /// Something that is wrong.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The event concerned, if it is one.
    public let position: Position?
    /// A sentence.
    public let description: String
  }

  /// What a witness has vouched for.
  public struct Witnessed: Sendable, Hashable {
    /// The witness.
    public let name: String
    /// How many events it had seen.
    public let size: UInt64
    /// When, by its own clock.
    public let at: Timestamp
  }

  /// A checkpoint of the log that this one was restored from, which fits what was kept of it.
  public struct Formerly: Sendable, Hashable {
    /// The former log's name.
    public let origin: String
    /// How many events the checkpoint covers.
    public let size: UInt64
    /// The event that records the restoration: all before it was kept.
    public let position: Position
  }

  /// How many events there are.
  public var events: UInt64 = 0
  /// The root of the tree over them, in hexadecimal.
  public var root = MerkleHash.empty.hex
  /// How many sealed values and documents were found as recorded.
  public var sealed = 0
  /// How many are gone with their erased subjects.
  public var erased = 0
  /// How many events lie under a signature of the log's own, stored or given; what came later is signed when the log
  /// is used next.
  public var signed: UInt64 = 0
  /// How many events a checkpoint from outside covers; `nil` when none was given that fits.
  public var covered: UInt64?
  /// How many events the newest note covers that the key from outside has signed, or one that bridging notes tie
  /// to it; `nil` when no key was given, or it has signed nothing that fits.
  public var pinned: UInt64?
  /// When witnesses had seen how many events.
  public var witnessed: [Witnessed] = []
  /// What was given of logs that this one continues, and fits.
  public var formerly: [Formerly] = []
  /// How many notes of the log fit its events.
  public var notes = 0
  /// What is not wrong, and worth knowing: sentences.
  public var notices: [String] = []
  /// Which key files a folder lacks that is no backup, by their names; a notice tells so, too.
  public var missingKeys: [String] = []
  /// What is wrong, by event; what concerns none comes first.
  public var problems: [Problem] = []
  /// Whether the log's file could be read; else its pages do not hang together: reading it may end a process by a
  /// signal, or has, and nothing may be written to it.
  public var isReadable = true

  init() {}

  /// Notes what a checkpoint from outside covers that fits, and which witnesses have cosigned it.
  mutating func take(_ note: SignedNote, _ witnesses: [WitnessKey]) {
    guard let size = Checkpoint(text: note.text)?.size else { return }
    covered = max(covered ?? 0, size)
    for witness in witnesses {
      if let time = witness.time(of: note) {
        witnessed.append(Witnessed(name: witness.name, size: size, at: time))
      }
    }
  }

  mutating func report(_ description: String, at position: Position? = nil) {
    problems.append(Problem(position: position, description: description))
  }

  /// Notes damage to the log's file that is none of a record alone.
  mutating func report(unreadable damage: String) {
    isReadable = false
    report(damage)
  }

  /// So many problems are told one by one: of a log that is wrong throughout, more would tell no more.
  static let mostTold = 100_000

  /// The report as canonical JSON; of very many problems, how many more there are.
  public var json: JSONValue {
    let more = problems.count - Self.mostTold
    let untold =
      more > 0 ? [Problem(position: nil, description: "\(more) more problems were found.")] : []
    var members: JSONObject = [
      "erased": .integer(Int64(erased)), "events": .integer(Int64(events)),
      "formerly": .array(
        formerly.map {
          [
            "origin": .string($0.origin), "position": .integer(Int64($0.position.rawValue)),
            "size": .integer(Int64($0.size)),
          ]
        }),
      "missingKeys": .array(missingKeys.map { .string($0) }),
      "notes": .integer(Int64(notes)), "notices": .array(notices.map { .string($0) }),
      "problems": .array(
        (problems.prefix(Self.mostTold) + untold).map { problem in
          var members: JSONObject = ["text": .string(problem.description)]
          if let position = problem.position {
            members["position"] = .integer(Int64(position.rawValue))
          }
          return .object(members)
        }),
      "root": .string(root),
      "sealed": .integer(Int64(sealed)), "signed": .integer(Int64(signed)),
      "witnessed": .array(
        witnessed.map {
          [
            "at": .string($0.at.description), "name": .string($0.name),
            "size": .integer(Int64($0.size)),
          ]
        }),
    ]
    if let covered { members["covered"] = .integer(Int64(covered)) }
    if let pinned { members["pinned"] = .integer(Int64(pinned)) }
    return .object(members)
  }

  /// Reads what `json` wrote.
  public init?(_ json: JSONValue) {
    guard let events = json["events"]?.unsigned, let root = json["root"]?.string,
      let problems = json["problems"]?.array
    else { return nil }
    self.events = events
    self.root = root
    sealed = Int(json["sealed"]?.integer ?? 0)
    erased = Int(json["erased"]?.integer ?? 0)
    notes = Int(json["notes"]?.integer ?? 0)
    missingKeys = (json["missingKeys"]?.array ?? []).compactMap(\.string)
    notices = (json["notices"]?.array ?? []).compactMap(\.string)
    signed = json["signed"]?.unsigned ?? 0
    covered = json["covered"]?.unsigned
    pinned = json["pinned"]?.unsigned
    witnessed = (json["witnessed"]?.array ?? []).compactMap { item in
      guard let name = item["name"]?.string, let size = item["size"]?.unsigned,
        let at = item["at"]?.string.flatMap({ Timestamp(parsing: $0) })
      else { return nil }
      return Witnessed(name: name, size: size, at: at)
    }
    formerly = (json["formerly"]?.array ?? []).compactMap { item in
      guard let origin = item["origin"]?.string, let size = item["size"]?.unsigned,
        let position = item["position"]?.unsigned
      else { return nil }
      return Formerly(origin: origin, size: size, position: Position(rawValue: position))
    }
    self.problems = problems.map {
      Problem(
        position: $0["position"]?.unsigned.map { Position(rawValue: $0) },
        description: $0["text"]?.string ?? "")
    }
  }
}
