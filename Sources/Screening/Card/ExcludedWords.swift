import Cryptography
import DocumentReader
import EventStore
import LinearSVM

/// A term that the lexicon keeps from a model.
public struct ExcludedTerm: Sendable, Encodable {
  /// The term as normalised.
  public let term: String
  /// How many of the applicants that taught the model wrote it where the lexicon drops it.
  public let applicants: Int
  /// The weight in a shadow model trained without the exclusion; `nil` when fewer than three wrote it.
  @Nullable public var weight: Double?
}

/// One applicant's words without any lexicon, and what the lexicon drops of them.
struct UnfilteredNouns: Sendable {
  var terms: [(term: [UInt8], count: UInt32)]
  var dropped: Set<Dropped>

  struct Dropped: Sendable, Hashable {
    var category: String
    var term: String
  }
}

/// What would have taught a model if nothing were excluded: the model's own labels and choices, all nouns.
///
/// It answers what the lexicon keeps from having an effect. It is never recorded and screens nobody.
struct ShadowModel: Sendable {
  var model: LinearSVM.Model
  /// What the lexicon drops of each applicant that taught it.
  var dropped: [Set<UnfilteredNouns.Dropped>]

  /// The weight of a term, as it acts on a vector of the term alone.
  func weight(of term: String) -> Double? {
    model.terms.index(of: Array(term.utf8)).map { model.weights[$0] }
  }
}

extension ExclusionLexicon {
  /// The lexicon that excludes nothing but the applicant's own strings, and these as this one does.
  var withoutStatements: ExclusionLexicon {
    ExclusionLexicon(name: name, phrases: [], classes: [], allowed: [], matching: matching)
  }
}

extension Office {
  /// The nouns of an applicant's readings without any lexicon, and what `lexicon` drops of them.
  func unfilteredNouns(
    of row: ApplicantRow, _ readings: [Position], less lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> UnfilteredNouns {
    let own = try ownStrings(of: row, for: lexicon)
    let nothing = lexicon.withoutStatements
    var counts: [String: UInt32] = [:]
    var dropped: Set<UnfilteredNouns.Dropped> = []
    for position in readings {
      let read = try DocumentRead(try event(position))
      let text = try openText(read.text, .text)
      let tokens = try tokens(of: read).tokens
      for (term, count) in nothing.select(in: text, tokens: tokens, own: own).nouns {
        counts[term, default: 0] += UInt32(count)
      }
      for exclusion in lexicon.exclusions(in: text, tokens: tokens, own: own)
      where !exclusion.isOwn {
        dropped.insert(
          .init(category: exclusion.category, term: tokens[exclusion.token].term))
      }
    }
    return UnfilteredNouns(
      terms: counts.map { (term: Array($0.key.utf8), count: $0.value) }, dropped: dropped)
  }

  /// Trains the shadow of a model.
  ///
  /// - Returns: `nil` when somebody who taught the model was erased.
  func shadow(
    of trained: TrainedModel, _ work: LongWork
  ) throws(ScreeningError) -> ShadowModel? {
    let event = trained.event
    let manifest = try Manifest(decoding: try blob(event.manifest))
    let nouns: [(UInt64, UnfilteredNouns, Bool)]
    do throws(ScreeningError) {
      nouns = try onAllCores(manifest.sources[...], chunk: 16) {
        [self] (sources) throws(ScreeningError) in
        var nouns: [(UInt64, UnfilteredNouns, Bool)] = []
        for source in sources {
          try work.check()
          let row = try applicantRow(source.applicant, asOf: event.through)
          let label = try ApplicantLabelled(try self.event(source.label)).label
          nouns.append(
            (
              source.applicant.rawValue,
              try unfilteredNouns(of: row, source.readings, less: trained.lexicon), label == .ok
            ))
        }
        return nouns
      }.flatMap(\.self)
    } catch {
      if error.kind == .erased { return nil }
      throw error
    }
    let examples = nouns.map { Example(number: $0.0, terms: $0.1.terms, label: $0.2) }
    var options = LinearSVM.TrainingOptions()
    options.c = event.c
    options.representation = trained.model.representation
    let set: TrainingSet
    do throws(TrainingError) { set = try TrainingSet(examples) } catch {
      throw .training(error, for: event.opening)
    }
    return ShadowModel(
      model: try trainOnAllCores(
        set, for: event.opening, options, work
      ).model,
      dropped: nouns.map { $0.1.dropped })
  }
}

extension ShadowModel {
  /// How many applicants have to share a term for it to be spelt.
  static let sharedFrom = 3

  /// What the lexicon drops, matter by matter.
  var matters: [ModelCard.ExcludedMatter] {
    var applicants: [String: Int] = [:]
    var counts: [UnfilteredNouns.Dropped: Int] = [:]
    for dropped in dropped {
      for category in Set(dropped.map(\.category)) { applicants[category, default: 0] += 1 }
      for one in dropped { counts[one, default: 0] += 1 }
    }
    return applicants.sorted { $0.key < $1.key }.map { category, applicants in
      let own = counts.filter { $0.key.category == category }
      let shared = own.filter { $0.value >= Self.sharedFrom }
      let terms = shared.map { ExcludedTerm($0.key.term, applicants: $0.value, in: self) }
        .sorted {
          (-($0.weight ?? 0).magnitude, $0.term) < (-($1.weight ?? 0).magnitude, $1.term)
        }
      return ModelCard.ExcludedMatter(
        category: category, applicants: applicants, terms: terms, rare: own.count - shared.count)
    }
  }
}

extension ExcludedTerm {
  init(_ term: String, applicants: Int, in shadow: ShadowModel) {
    self.init(term: term, applicants: applicants, weight: shadow.weight(of: term))
  }
}
