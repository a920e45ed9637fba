import EventStore
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import Screening

extension Exchange {
  /// What an error means to the client; what is the server's fault is logged.
  func problem(of error: any Error) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let refusal as ScreeningError:
      let problem = Problem(refusal)
      if problem.status.code >= 500, refusal.kind != .cancelled {
        logger.error("the office refused", metadata: ["reason": "\(refusal)"])
      }
      return problem
    case let failure as EventLogError:
      let problem = Problem(failure)
      if problem.status.code >= 500 {
        logger.error("the log failed", metadata: ["reason": "\(failure)"])
      }
      return problem
    case is CancellationError:
      return .retry(.unavailable, "The work was stopped before its end.", after: 5)
    case is HTTPParserError, is ChannelError, is IOError:
      logger.debug("broken off", metadata: ["error": "\(type(of: error))"])
      return .brokenOff
    default:
      // An unknown error's text might quote what it failed on.
      logger.error("failed", metadata: ["error": "\(type(of: error))"])
      return .internal
    }
  }
}
