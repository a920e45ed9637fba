import Dispatch
import Hummingbird
import Logging
import NIOCore
import Screening

/// What a request brings beside itself: where it came from, and a logger that names it.
struct Exchange: InitializableFromSource, Sendable {
  let peer: String?
  var logger: Logger

  init(source: ApplicationRequestContextSource) {
    peer = source.channel.remoteAddress?.ipAddress
    logger = source.logger
  }
}

/// Everything that answering takes.
struct Desk: Sendable {
  let office: Office
  let sessions: Sessions
  let checker: TokenChecker
  let issuer: TokenIssuer
  let bodies: BodyReader
  let loginLimits: RateLimiter
  let metrics: Metrics
  let readiness: Readiness
  let blocking: Blocking
  let configuration: ServerConfiguration

  init(office: Office, keys: TokenKeys, configuration: ServerConfiguration) {
    self.office = office
    self.configuration = configuration
    checker = TokenChecker(keys: keys, sources: configuration.sources)
    issuer = TokenIssuer(keys: keys, sources: configuration.sources)
    sessions = Sessions(office: office, checker: checker)
    bodies = BodyReader(limit: configuration.maximumBodySize)
    loginLimits = RateLimiter(
      burst: configuration.loginBurst, interval: configuration.loginInterval,
      now: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 })
    metrics = Metrics()
    readiness = Readiness()
    blocking = Blocking()
  }
}
