public import EventStore

/// What `verify` found.
public struct VerificationReport: Sendable, Encodable {
  /// How many things of a kind were derived again.
  public struct Counts: Sendable, Codable {
    /// Derived again, bit for bit.
    public var verified = 0
    /// Cannot be derived again, because people were erased.
    public var irreproducible = 0
    /// Come out otherwise than recorded.
    public var failed = 0
  }

  /// A witness that has cosigned the log's growth.
  public struct Witnessed: Sendable, Encodable {
    /// The witness's name.
    public let name: String
    /// How many events it has seen.
    public let size: UInt64
    /// When it said so.
    public let at: String
  }

  /// A checkpoint of the log that this one was restored from, which fits what was kept of it.
  public struct Formerly: Sendable, Encodable {
    /// The former log's name.
    public let origin: String
    /// How many events the checkpoint covers.
    public let size: UInt64
    /// The event that records the restoration: all before it was kept.
    public let position: UInt64
  }

  /// Whether nothing is wrong.
  public var ok: Bool { problems.isEmpty }
  /// How many events there are.
  public let events: UInt64
  /// The root of the tree over them.
  public let root: String
  /// How many events lie under a stored signature of the log's own.
  public let signed: UInt64
  /// Whether the store could be read; else opening it may end a process by a signal.
  public let isReadable: Bool
  /// Models trained again; all zero without `retrain`.
  public internal(set) var models: Counts
  /// Screenings derived again; all zero without `retrain`.
  public internal(set) var screenings: Counts
  /// Whether a checkpoint from outside was given; what does not lie within this log is a problem.
  public let outsideCheckpoint: Bool
  /// Whether a key given from outside has signed something of this log.
  public var pinnedKey: Bool { pinned != nil }
  /// How many of the events lie under what that key has signed; those behind them, only under later signatures.
  public let pinned: UInt64?
  /// How many events lie under what was given from outside.
  public let covered: UInt64?
  /// What witnesses have seen.
  public let witnessed: [Witnessed]
  /// What was given of logs that this one continues, and fits.
  public let formerly: [Formerly]
  /// What is not wrong, and worth knowing, a sentence each.
  public let notices: [String]
  /// What is wrong, a sentence each.
  public internal(set) var problems: [String]
  /// Whose records are hit, and what rests on them.
  public internal(set) var damage: [Damage]
  /// The positions that problems are at.
  public let damaged: [Position]

  /// What a check adds for which the store must be opened.
  public struct Rest: Sendable, Codable {
    /// As of the report.
    public internal(set) var models = Counts()
    /// As of the report.
    public internal(set) var screenings = Counts()
    /// What was found wrong in deriving again.
    public internal(set) var problems: [String] = []
    /// Whose records are hit, and what rests on them.
    public internal(set) var damage: [Damage] = []
  }

  /// The report with what opening the store has added.
  public func adding(_ rest: Rest) -> VerificationReport {
    var report = self
    report.models = rest.models
    report.screenings = rest.screenings
    report.problems += rest.problems
    report.damage = rest.damage
    return report
  }

  /// Writes `ok` with the rest.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(ok, forKey: "ok")
    try members.encode(events, forKey: "events")
    try members.encode(root, forKey: "root")
    try members.encode(signed, forKey: "signed")
    try members.encode(models, forKey: "models")
    try members.encode(screenings, forKey: "screenings")
    try members.encode(outsideCheckpoint, forKey: "outsideCheckpoint")
    try members.encode(pinnedKey, forKey: "pinnedKey")
    try members.encode(pinned, forKey: "pinned")
    try members.encode(covered, forKey: "covered")
    try members.encode(witnessed, forKey: "witnessed")
    try members.encode(formerly, forKey: "formerly")
    try members.encode(notices, forKey: "notices")
    try members.encode(problems, forKey: "problems")
    try members.encode(damage, forKey: "damage")
  }
}

/// What rests on a damaged record.
public struct Damage: Sendable, Codable {
  /// The event that is damaged, or that names what is.
  public let position: UInt64
  /// The applicant it belongs to.
  @Nullable public var applicant: UInt64?
  /// The models that learnt from it.
  public let models: [UInt64]
  /// The positions of the screenings that used it.
  public let screenings: [UInt64]
}
