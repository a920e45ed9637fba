import DocumentReader
import EventStore
import LinearSVM
import Projections

/// A noun and how many applications hold it.
public struct VocabularyEntry: Sendable, Encodable {
  /// The noun as normalised.
  public let term: String
  /// How many applicants' documents hold it.
  public let applicants: Int
  /// How many of them applied for each opening.
  public let openings: [String: Int]
  /// The weight that the model in force for an opening gives it, where one does.
  public internal(set) var weights: [String: Double] = [:]
}

extension Office {
  /// The nouns that at least three applicants share, the most frequent first.
  ///
  /// - Parameters:
  ///   - opening: only nouns of those who applied for it, with the weights of its model alone.
  ///   - prefix: only nouns that begin so, however it is spelt.
  ///   - start: how many nouns of the list are left out.
  ///   - limit: at most so many are given.
  ///   - weighing: whether to tell the weights that models give them.
  /// - Returns: the nouns, and how many the whole list has.
  /// - Complexity: O(occurrences) where the vocabulary has changed since it was counted last, else O(terms) for a
  ///   narrowed list and O(limit) for the whole; and a search for each noun in each model. Nothing is decrypted.
  public func vocabulary(
    asOf: AsOf = .now, opening: Opening? = nil, prefix: String? = nil, from start: Int = 0,
    limit: Int? = nil, weighing: Bool = true
  ) async throws(ScreeningError) -> (entries: [VocabularyEntry], total: Int) {
    try await offPool { [self] () throws(ScreeningError) in
      let position = try resolve(asOf)
      return try readingVocabulary { () throws(ScreeningError) in
        var entries = try counting(at: position).entries
        if let opening { entries.removeAll { $0.openings[opening.slug] == nil } }
        if let prefix = prefix.map({ TermSpelling.beginning(of: $0) }) {
          entries.removeAll { !$0.term.utf8.starts(with: prefix.utf8) }
        }
        let total = entries.count
        entries = Array(entries.dropFirst(start).prefix(max(limit ?? .max, 0)))
        guard weighing else { return (entries, total) }
        let weighed: Set = if let opening { [opening] } else { try openings() }
        for opening in weighed { try weigh(&entries, for: opening, at: position) }
        return (entries, total)
      }
    }
  }

  /// The value of `read`, which looks into the vocabulary: read again when somebody was erased meanwhile, by
  /// whichever process, which empties it.
  func readingVocabulary<Value>(
    _ read: () throws(ScreeningError) -> Value
  ) throws(ScreeningError) -> Value {
    while true {
      let begun = try generation
      let value = try read()
      if try generation == begun { return value }
    }
  }

  /// Adds the weights of the model in force for an opening.
  private func weigh(
    _ entries: inout [VocabularyEntry], for opening: Opening, at position: Position
  ) throws(ScreeningError) {
    guard !entries.isEmpty, let inForce = try modelInForce(for: opening, asOf: position) else {
      return
    }
    let model = try trainedModel(inForce.model).model
    for place in entries.indices {
      guard let term = model.terms.index(of: Array(entries[place].term.utf8)) else { continue }
      entries[place].weights[opening.slug] = model.weights[term]
    }
  }

  /// All that is shared at `position`, counted now or lately.
  private func counting(
    at position: Position
  ) throws(ScreeningError) -> CountedVocabulary.Counting {
    let generation = try generation
    try catchUp(through: position, withVocabulary: true)
    let folded = try recorded { () throws(ViewError) in
      try views.count(of: VocabularyProjection.occurrences)
        + views.count(of: VocabularyProjection.moves)
    }
    if let counting = counted.counting(at: position, generation, folded: folded) {
      return counting
    }
    var counting = CountedVocabulary.Counting(
      generation: generation, folded: folded, last: .zero, position: position, next: nil,
      entries: [])
    var spellings: [(hash: [UInt8], term: String)] = []
    try scan(VocabularyProjection.terms) { entry in
      if entry.value.count > 8 {
        spellings.append((entry.key, String(decoding: entry.value[8...], as: UTF8.self)))
      }
      return true
    }
    func isCounted(_ place: Position) -> Bool {
      if place <= position {
        counting.last = max(counting.last, place)
      } else {
        counting.next = min(counting.next ?? place, place)
      }
      return place <= position
    }
    var moved: [UInt64: String] = [:]
    try scan(VocabularyProjection.moves) { entry in
      if isCounted(Position(rawValue: number(in: entry.key, at: 8))) {
        moved[number(in: entry.key, at: 0)] = String(decoding: entry.value, as: UTF8.self)
      }
      return true
    }
    var counts: [[UInt8]: [String: Int]] = [:]
    try scan(VocabularyProjection.occurrences) { entry in
      if isCounted(Position(rawValue: number(in: entry.value, at: 0))) {
        let slug =
          moved[number(in: entry.key, at: 16)]
          ?? String(decoding: entry.value[8...], as: UTF8.self)
        counts[Array(entry.key.prefix(16)), default: [:]][slug, default: 0] += 1
      }
      return true
    }
    counting.entries = spellings.compactMap { hash, term -> VocabularyEntry? in
      guard let openings = counts[hash] else { return nil }
      let applicants = openings.values.reduce(0, +)
      guard applicants >= VocabularyProjection.sharedFrom else { return nil }
      return VocabularyEntry(term: term, applicants: applicants, openings: openings)
    }
    .sorted { ($1.applicants, $0.term) < ($0.applicants, $1.term) }
    // What an erasure emptied meanwhile is counted again, and not remembered.
    if try self.generation == generation { counted.remember(counting) }
    return counting
  }
}
