import EventStore

/// What a command answers: where it stands in the log, and under which signed checkpoint.
public struct CommandResult: Sendable, Encodable {
  /// The position of the command's first event.
  public let position: UInt64
  /// The signed checkpoint that covers it, as a C2SP note.
  public let checkpoint: String
  /// Whether the same command was recorded before, and nothing was appended now.
  public let repeated: Bool

  init(_ receipt: Receipt) {
    position = receipt.first.rawValue
    checkpoint = receipt.checkpoint
    repeated = receipt.repeated
  }
}

/// What registering an applicant answers.
public struct Registration: Sendable, Encodable {
  /// The applicant's number.
  public let applicant: UInt64
  /// What became of each document.
  public let documents: [DocumentResult]
  /// What the model in force says, or why none could be asked.
  public let screening: ScreeningResult?
  /// The position of the registration.
  public let position: UInt64
  /// The signed checkpoint that covers it, as a C2SP note.
  public let checkpoint: String
  /// Whether the same registration was recorded before, and nothing was appended now.
  public let repeated: Bool
}

/// What became of one document.
public struct DocumentResult: Sendable, Encodable {
  /// The document's number within the application, from 1.
  public let document: Int
  /// `read` or `unreadable`.
  public let status: String
  /// Why it could not be read.
  public let reason: String?
  /// How many distinct nouns were kept.
  public let nouns: Int
  /// What the quality gate noticed.
  public let flags: [String]
}
