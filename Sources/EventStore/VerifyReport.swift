import Cryptography

/// What to check a log against.
public struct VerifyOptions: Sendable {
  /// A checkpoint note kept elsewhere, which the log must have grown from.
  public var against: String?
  /// The key that must have signed it and the log's own notes; `nil` for the one that the log names,
  /// which shows only that the log fits itself.
  public var publicKey: String?

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

  /// How many events there are.
  public var events: UInt64 = 0
  /// The root of the tree over them, in hexadecimal.
  public var root = MerkleHash.empty.hex
  /// How many sealed values and documents were found as recorded.
  public var sealed = 0
  /// How many are gone with their erased subjects.
  public var erased = 0
  /// How many notes of the log carry a good signature.
  public var notes = 0
  /// What is wrong, in the order found.
  public var problems: [Problem] = []

  init() {}

  mutating func report(_ description: String, at position: Position? = nil) {
    problems.append(Problem(position: position, description: description))
  }

  /// The report as canonical JSON.
  public var json: JSONValue {
    .object([
      "erased": .integer(Int64(erased)), "events": .integer(Int64(events)),
      "notes": .integer(Int64(notes)),
      "problems": .array(
        problems.map { problem in
          var members: [String: JSONValue] = ["text": .string(problem.description)]
          if let position = problem.position {
            members["position"] = .integer(Int64(position.rawValue))
          }
          return .object(members)
        }),
      "root": .string(root), "sealed": .integer(Int64(sealed)),
    ])
  }

  /// Reads what `json` wrote.
  public init?(_ json: JSONValue) {
    guard let events = json["events"]?.integer, let root = json["root"]?.string,
      let problems = json["problems"]?.array
    else { return nil }
    self.events = UInt64(events)
    self.root = root
    sealed = Int(json["sealed"]?.integer ?? 0)
    erased = Int(json["erased"]?.integer ?? 0)
    notes = Int(json["notes"]?.integer ?? 0)
    self.problems = problems.map {
      Problem(
        position: $0["position"]?.integer.map { Position(rawValue: UInt64($0)) },
        description: $0["text"]?.string ?? "")
    }
  }
}
