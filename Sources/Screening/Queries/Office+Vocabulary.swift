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
  ///   - prefix: only nouns that begin so, by their UTF-8 bytes.
  ///   - start: how many nouns of the list are left out.
  ///   - limit: at most so many are given.
  /// - Returns: the nouns, and how many the whole list has.
  /// - Complexity: O(occurrences + terms of the models in force); nothing is decrypted.
  public func vocabulary(
    asOf: AsOf = .now, opening: Opening? = nil, prefix: String? = nil, from start: Int = 0,
    limit: Int? = nil
  ) async throws(ScreeningError) -> (entries: [VocabularyEntry], total: Int) {
    try await offPool { [self] () throws(ScreeningError) in
      let position = try resolve(asOf)
      while true {
        let generation = log.generation
        var entries = try vocabulary(at: position, of: opening)
        if let prefix { entries.removeAll { !$0.term.utf8.starts(with: prefix.utf8) } }
        let total = entries.count
        entries = Array(entries.dropFirst(start).prefix(max(limit ?? .max, 0)))
        try weigh(&entries, at: position)
        // An erasure meanwhile has emptied what was being read.
        guard generation == log.generation else { continue }
        return (entries, total)
      }
    }
  }

  /// Adds the weights of the models in force.
  private func weigh(
    _ entries: inout [VocabularyEntry], at position: Position
  ) throws(ScreeningError) {
    for opening in try openings() {
      guard let inForce = try modelInForce(for: opening, asOf: position) else { continue }
      let model = try trainedModel(inForce.model).model
      for place in entries.indices {
        guard let term = model.terms.index(of: Array(entries[place].term.utf8)) else { continue }
        entries[place].weights[opening.slug] = model.weights[term]
      }
    }
  }

  private func vocabulary(
    at position: Position, of opening: Opening?
  ) throws(ScreeningError) -> [VocabularyEntry] {
    try catchUp(through: position, withVocabulary: true)
    var counts: [[UInt8]: [String: Int]] = [:]
    var spellings: [(hash: [UInt8], term: String)] = []
    try scan(VocabularyProjection.terms) { entry in
      if entry.value.count > 8 {
        spellings.append((entry.key, String(decoding: entry.value[8...], as: UTF8.self)))
      }
      return true
    }
    try scan(VocabularyProjection.occurrences) { entry in
      if number(in: entry.value, at: 0) <= position.rawValue {
        let slug = String(decoding: entry.value[8...], as: UTF8.self)
        counts[Array(entry.key.prefix(16)), default: [:]][slug, default: 0] += 1
      }
      return true
    }
    return spellings.compactMap { hash, term -> VocabularyEntry? in
      guard let openings = counts[hash], opening.map({ openings[$0.slug] != nil }) ?? true else {
        return nil
      }
      let applicants = openings.values.reduce(0, +)
      guard applicants >= VocabularyProjection.sharedFrom else { return nil }
      return VocabularyEntry(term: term, applicants: applicants, openings: openings)
    }
    .sorted { ($1.applicants, $0.term) < ($0.applicants, $1.term) }
  }
}
