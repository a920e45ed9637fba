import LinearSVM
import Synchronization

/// Runs a training's independent solves on all cores, and tells how many are done; the bits are those of one core.
///
/// - Throws: `.conflict` when nothing can be learnt, `.cancelled`.
func trainOnAllCores(
  _ set: TrainingSet, for opening: Opening, _ options: TrainingOptions, _ work: LongWork
) throws(ScreeningError) -> LinearSVM.TrainedModel {
  do {
    var training = try Training(set, options: options)
    let results = SolveResults()
    let total = training.solves
    while true {
      if let finished = training.finished { return finished }
      let jobs = training.pending
      Background.forEach(jobs.count) { index in
        guard !work.isCancelled else { return }
        results.put(jobs[index].run(), at: index) { work.report(.solves, $0, of: total) }
      }
      try work.check()
      try training.complete(results.take())
    }
  } catch let error as ScreeningError {
    throw error
  } catch let error as TrainingError {
    throw .training(error, for: opening)
  } catch {
    throw .unavailable("\(error)")
  }
}

/// The results of jobs that end in any order, phase after phase.
private final class SolveResults: Sendable {
  private struct State {
    var phase: [Int: SolveResult] = [:]
    /// How many there were in all phases.
    var count = 0
  }

  private let state = Mutex(State())

  /// Keeps a result, and tells how many there have been, one call after the other.
  func put(_ result: SolveResult, at index: Int, counting: (Int) -> Void) {
    state.withLock { state in
      state.phase[index] = result
      state.count += 1
      counting(state.count)
    }
  }

  /// The results of the phase in the order of its jobs; those of the next one follow.
  func take() -> [SolveResult] {
    state.withLock { state in
      defer { state.phase = [:] }
      return state.phase.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
