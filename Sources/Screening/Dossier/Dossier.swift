import LinearSVM

/// What stands behind the decisions about one applicant, in one file that an outsider checks offline.
///
/// It proves that these events are recorded, and not that there are no others: the export of the whole log does.
/// `tools/verify-log.py --dossier` ties events, opened values and model files to the signed checkpoint;
/// `tools/verify-score.py` computes every score anew from words and model.
public struct Dossier: Sendable, Encodable {
  /// An event, byte for byte, with its proof.
  public struct ProvenEvent: Sendable, Encodable {
    /// The event's position.
    public let position: UInt64
    /// The event's exact text.
    public let event: String
    /// The hashes beside the way to the checkpoint's root (RFC 9162 §2.1.3), each in Base64.
    public let proof: [String]
  }

  /// A sealed value, with the bytes that tie it to the event that names it.
  public struct OpenedValue: Sendable, Encodable {
    /// The event that names it.
    public let position: UInt64
    /// The member of the event's data.
    public let member: String
    /// 32 random bytes in Base64; SHA-256 of these and the value is the event's commitment.
    public let salt: String
    /// The value, where it is text.
    public var text: String?
    /// The value in Base64, where it is not.
    public var bytes: String?
  }

  /// What an event names by its digest alone, and holds nothing personal.
  public struct NamedBlob: Sendable, Encodable {
    /// The event that names it.
    public let position: UInt64
    /// The member of the event's data.
    public let member: String
    /// The content in Base64.
    public let bytes: String
  }

  /// A word that the model knew, and how often the applicant's documents have it.
  public struct CountedWord: Sendable, Encodable {
    /// The word.
    public let word: String
    /// How often.
    public let count: UInt32
  }

  /// A screening with all that gave its score.
  public struct Screening: Sendable, Encodable {
    /// What it said, and why.
    public let explanation: Explanation
    /// Every word that counted, in the order of UTF-8 bytes.
    public let words: [CountedWord]
    /// The position of the event that records the model.
    @Nullable public var modelEvent: UInt64?
  }

  /// Which form this is.
  public let format = "senko-dossier-1"
  /// The applicant's number.
  public let applicant: UInt64
  /// The position that this is the state at; the checkpoint covers it, and perhaps later events.
  public let position: UInt64
  /// Whether the person was erased: then no value is opened, and no word shown.
  public let erased: Bool
  /// The signed checkpoint that all proofs lead to, with any witness's cosignature.
  public let checkpoint: String
  /// The public key that signed it.
  public let key: String
  /// The applicant's events, those of the models and policies that were asked, and those that registered
  /// the people who acted; ascending.
  public let events: [ProvenEvent]
  /// The values opened for those who may see them; empty on request.
  public let opened: [OpenedValue]
  /// Model files and exclusion lexicons.
  public let blobs: [NamedBlob]
  /// Every screening, the oldest first.
  public let screenings: [Screening]
  /// The events in words, the oldest first.
  public let history: [HistoryEntry]
}
