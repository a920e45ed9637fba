import Dispatch
import LinearSVM
import Synchronization

/// Runs a training's independent solves on all cores; the bits are those of one core.
func trainOnAllCores(
  _ set: TrainingSet, _ options: TrainingOptions
) throws(TrainingError) -> LinearSVM.TrainedModel {
  var training = try Training(set, options: options)
  while true {
    if let finished = training.finished { return finished }
    let results = SolveResults()
    let jobs = training.pending
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      results.put(jobs[index].run(), at: index)
    }
    try training.complete(results.inOrder)
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
