import Dispatch
import Hummingbird
import Logging
import NIOCore
import Screening

/// What a request brings beside itself: where it came from, and a logger that names it.
struct Exchange: InitializableFromSource, Sendable {
  let peer: String?
  var logger: Logger
  /// What a client may wait for before it sends the body.
  let invitation: Invitation

  init(source: ApplicationRequestContextSource) {
    peer = source.channel.remoteAddress?.ipAddress
    logger = source.logger
    invitation = Invitation(source.channel)
  }

  /// The client's address, as a trusted proxy has it; the connection's, where that says nothing of it.
  ///
  /// What cannot be read as an address is nobody's.
  func client(of request: Request, _ configuration: ServerConfiguration) -> String {
    guard configuration.trustsForwardedFor, let field = request.headers[.forwardedFor] else {
      return peer ?? "unknown"
    }
    let last = field.split(separator: ",").last ?? ""
    return Network.address(in: last.filter { !$0.isWhitespace }) ?? "unknown"
  }
}

/// Everything that answering takes.
struct Desk: Sendable {
  let office: Office
  let sessions: Sessions
  let checker: TokenChecker
  let issuer: TokenIssuer
  let loginLimits: LoginLimits
  let metrics: Metrics
  let readiness: Readiness
  let answers = AnswerCache(capacity: 16 << 20)
  /// Password checks at once: each takes tens of megabytes and milliseconds.
  let passwordChecks = Gate(4, "Too many users log in at once. Try again in a moment.")
  /// The same for those who come from where their account has logged in before, whom a crowd of strangers leaves room.
  let returningChecks = Gate(2, "Too many users log in at once. Try again in a moment.")
  /// Applications that arrive at once, each held in memory until it is recorded.
  let uploads = Gate(8, "Too many applications arrive at once. Send this one again in a moment.")
  /// Exports and tails at once.
  let streams: Gate
  /// Trainings and replays at once.
  let heavyWork = Gate(1, "Another training or replay is running. Try again when it is done.")
  /// Cards and drift reports at once: each trains models that are not kept.
  let reports = Gate(1, "Another card or drift report is being made. Try again when it is done.")
  /// The gates by the names that metrics give them.
  var gates: [(name: String, gate: Gate)] {
    [
      ("passwords", passwordChecks), ("returning", returningChecks), ("uploads", uploads),
      ("streams", streams),
      ("trainings", heavyWork), ("reports", reports),
    ]
  }
  let blocking: Blocking
  let configuration: ServerConfiguration

  init(office: Office, keys: TokenKeys, configuration: ServerConfiguration) {
    self.office = office
    self.configuration = configuration
    streams = Gate(
      configuration.maximumStreams, "Too many exports and tails run. Try again later.")
    checker = TokenChecker(keys: keys, sources: configuration.sources)
    issuer = TokenIssuer(keys: keys, sources: configuration.sources)
    sessions = Sessions(office: office, checker: checker)
    loginLimits = LoginLimits(
      RateLimiter(
        burst: configuration.loginBurst, interval: configuration.loginInterval,
        now: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }))
    metrics = Metrics()
    readiness = Readiness()
    blocking = Blocking()
  }
}
