public import EventStore
import FoundationEssentials

extension Office {
  /// What `rest` tells of the store in a folder, found in a process of its own, which damage may end by a signal.
  ///
  /// - Parameter program: the path of `senko`, whose command `verify-rest` does it.
  /// - Throws: `.damaged` where that ended by a signal, or could not open the store; `.cancelled` when the task was,
  ///   which ends it.
  public static func restInChild(
    of damaged: [Position], in directory: String, program: String, retrain: Bool = false
  ) async throws(ScreeningError) -> VerificationReport.Rest {
    let positions = damaged.map { "\($0)" }.joined(separator: ",")
    let arguments = ["verify-rest", "--data", directory] + (retrain ? ["--retrain"] : [])
    return try await LongWork.run { (work) throws(ScreeningError) in
      var answer: [UInt8] = []
      let ending = try recorded { () throws(EventLogError) in
        try ChildProcess(program, arguments, input: Array("[\(positions)]\n".utf8))
          .wait(isCancelled: { work.isCancelled }) { answer = $0 }
      }
      try work.check()
      let rest = try? JSONDecoder().decode(VerificationReport.Rest.self, from: Data(answer))
      guard ending.isSuccess, let rest else {
        let reason =
          if case .signal(let signal) = ending {
            "ended by signal \(signal): something of it, or of its views, is torn."
          } else {
            "failed. A copy without the key files cannot be opened; otherwise something of it is torn."
          }
        throw ScreeningError(
          .damaged, "Opening the store, for what rests on its records, \(reason)")
      }
      return rest
    }
  }
}
