import Cryptography
import DocumentReader
import EventStore
import Projections

/// The exclusion lexicon in force, or one that was.
public struct LexiconSummary: Sendable, Encodable {
  /// What it is called.
  public let name: String
  /// SHA-256 of its canonical text, by which events name it; that does not state the first way of matching.
  public let digest: String
  /// The event that adopted it; zero for the one that is built in.
  public let position: UInt64
  /// Its statements, one a line.
  public let text: String
}

/// In which statements a text differs from a lexicon; in the order of their bytes.
public struct LexiconDifference: Sendable, Encodable {
  /// What only the text states.
  public let added: [String]
  /// What only the lexicon states.
  public let removed: [String]
}

extension Office {
  /// The kinds of words that a lexicon may name.
  public static let lexiconClasses = ExclusionLexicon.WordClass.allCases.map(\.rawValue)

  /// The lexicon that was in force at a moment: what must not decide about anybody.
  public func lexicon(asOf: AsOf = .now) throws(ScreeningError) -> LexiconSummary {
    let row = try lexiconRow(asOf: try resolve(asOf))
    let lexicon = try lexicon(of: row)
    return LexiconSummary(
      name: lexicon.name, digest: lexicon.digest.hex, position: row?.position.rawValue ?? 0,
      text: lexicon.editableText)
  }

  /// Puts another lexicon in force for the models trained from now on; earlier ones keep theirs.
  ///
  /// - Parameter text: statements, one a line, as `lexicon` gives them.
  /// - Throws: `.invalid`, naming the line that is no statement.
  public func adoptLexicon(
    _ text: String, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    let canonical = Array(try ExclusionLexicon(given: text).canonicalText.utf8)
    let command = Command(
      "adopt-lexicon", ["lexicon": .string(SHA256.hash(canonical).hex)])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      var append = try change(
        LexiconAdopted(lexicon: SHA256.hash(canonical)), by: origin, at: at)
      append.blobs = [canonical]
      return append
    }
    return CommandResult(receipt)
  }

  /// In which statements a text differs from the lexicon that was in force at a moment.
  ///
  /// Notes, blank lines, spacing, the order of the lines and the width of characters state nothing.
  ///
  /// - Throws: as `adoptLexicon`.
  public func lexiconDifference(
    _ text: String, asOf: AsOf = .now
  ) throws(ScreeningError) -> LexiconDifference {
    let given = try ExclusionLexicon(given: text).canonicalText.split(separator: "\n")
    let inForce = try lexiconInForce(asOf: try resolve(asOf)).canonicalText
      .split(separator: "\n")
    func only(_ some: [Substring], _ others: [Substring]) -> [String] {
      let others = Set(others)
      return some.filter { !others.contains($0) }.map(String.init)
    }
    return LexiconDifference(added: only(given, inForce), removed: only(inForce, given))
  }

  private func lexiconRow(asOf position: Position) throws(ScreeningError) -> LexiconRow? {
    try recorded { () throws(ViewError) in
      try RecordsProjection.lexicons.row(for: UInt64(0), asOf: position, in: views)
    }
  }

  /// The lexicon that a training at `position` uses.
  func lexiconInForce(asOf position: Position) throws(ScreeningError) -> ExclusionLexicon {
    try lexicon(of: try lexiconRow(asOf: position))
  }

  private func lexicon(of row: LexiconRow?) throws(ScreeningError) -> ExclusionLexicon {
    guard let row else { return try lexicon(recorded: try builtInLexicon().canonicalText) }
    return try lexicon(row.digest)
  }

  /// The lexicon in force until one is adopted: a log whose first model learnt under the former built-in one keeps
  /// that, so that its models go on being of one lexicon until a person adopts another.
  private func builtInLexicon() throws(ScreeningError) -> ExclusionLexicon {
    var first: ModelRow?
    try scan(RecordsProjection.models) { row in
      first = row
      return false
    }
    let learntUnder = try first.map { (row) throws(ScreeningError) in
      try ModelTrained(try event(row.trained)).lexicon.hex
    }
    return ExclusionLexicon.formerStandards.first { $0.id == learntUnder } ?? .standard
  }

  /// The lexicon of this digest, from the blob that an event names.
  func lexicon(_ digest: Digest) throws(ScreeningError) -> ExclusionLexicon {
    try lexicon(recorded: String(decoding: try blob(digest), as: UTF8.self))
  }

  /// The lexicon that a text says.
  ///
  /// Every training reads it from its text, the built-in one as well: what a later retraining reads from the
  /// blob is then the same to the letter.
  private func lexicon(recorded text: String) throws(ScreeningError) -> ExclusionLexicon {
    do { return try ExclusionLexicon(recorded: text) } catch {
      throw .damaged("A lexicon cannot be read: \(error)")
    }
  }
}

extension ExclusionLexicon {
  /// Reads a text that somebody gave.
  ///
  /// - Throws: `.invalid`, naming the line that is no statement.
  init(given text: String) throws(ScreeningError) {
    do { self = try ExclusionLexicon(parsing: text) } catch {
      throw .invalid("The lexicon cannot be read: \(error)")
    }
  }

  /// SHA-256 of the lexicon's text, by which events name it.
  var digest: Digest { SHA256.hash(Array(canonicalText.utf8)) }
}
