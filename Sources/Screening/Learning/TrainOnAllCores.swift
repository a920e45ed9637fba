import LinearSVM
import Synchronization

/// Runs a training's independent solves on all cores; the bits are those of one core.
func trainOnAllCores(
  _ set: TrainingSet, for opening: Opening, _ options: TrainingOptions,
  cancellation: Cancellation? = nil
) throws(ScreeningError) -> LinearSVM.TrainedModel {
  do {
    var training = try Training(set, options: options)
    while true {
      if let finished = training.finished { return finished }
      let results = SolveResults()
      let jobs = training.pending
      Background.forEach(jobs.count) { index in
        guard cancellation?.isCancelled != true else { return }
        results.put(jobs[index].run(), at: index)
      }
      try cancellation?.check()
      try training.complete(results.inOrder)
    }
  } catch let error as ScreeningError {
    throw error
  } catch let error as TrainingError {
    throw .training(error, for: opening)
  } catch {
    throw .unavailable("\(error)")
  }
}

/// The results of jobs that end in any order.
private final class SolveResults: Sendable {
  private let results = Mutex<[Int: SolveResult]>([:])

  func put(_ result: SolveResult, at index: Int) { results.withLock { $0[index] = result } }

  var inOrder: [SolveResult] {
    results.withLock { results in results.sorted { $0.key < $1.key }.map(\.value) }
  }
}
