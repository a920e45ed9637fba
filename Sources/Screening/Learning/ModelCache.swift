import Cryptography
import DocumentReader
import EventStore
import LinearSVM
import Projections
import Synchronization

/// A model with the event that recorded it.
struct TrainedModel: Sendable {
  var event: ModelTrained
  var position: Position
  var model: LinearSVM.Model
  /// What the model does not look at.
  var lexicon: ExclusionLexicon
}

/// Decoded models; immutable, so never out of date.
final class ModelCache: Sendable {
  private let models = Mutex<[ModelNumber: TrainedModel]>([:])

  func model(_ number: ModelNumber) -> TrainedModel? { models.withLock { $0[number] } }

  func remember(_ model: TrainedModel) {
    models.withLock { models in
      if models.count >= 32 { models.removeAll() }
      models[model.event.model] = model
    }
  }
}

extension Office {
  /// The model of this number, decoded from the file that its event names.
  ///
  /// - Throws: `.notFound`, or `.damaged` when the file is not the one that was recorded.
  func trainedModel(_ number: ModelNumber) throws(ScreeningError) -> TrainedModel {
    if let model = models.model(number) { return model }
    let row = try recorded { () throws(ViewError) in
      try RecordsProjection.models.newest(for: number.rawValue, in: views)
    }
    guard let row else {
      throw .notFound("There is no model \(number). 'senko models' lists those there are.")
    }
    let event = try ModelTrained(try event(row.trained))
    let file = try blob(event.file)
    guard SHA256.hash(file) == event.file else {
      throw .damaged("The file of model \(number) is not the one recorded. Run 'senko verify'.")
    }
    do {
      let model = TrainedModel(
        event: event, position: row.trained, model: try LinearSVM.Model(decoding: file),
        lexicon: try lexicon(event.lexicon))
      models.remember(model)
      return model
    } catch {
      throw .damaged("The file of model \(number) cannot be decoded: \(error).")
    }
  }
}
