/// How the server listens, and what it allows.
public struct ServerConfiguration: Sendable {
  /// The address to listen at.
  public var host = "127.0.0.1"
  /// The port to listen at; 0 for any that is free.
  public var port = 8080
  /// The certificate to answer HTTPS with; `nil` for plain HTTP, on this machine or behind a proxy.
  public var tls: TLSFiles?
  /// What tokens are signed with.
  public var secrets: TokenSecrets
  /// How many bytes a request's body may have.
  public var maximumBodySize = 32 << 20
  /// How many connections are served at once; others wait.
  public var maximumConnections = 1024
  /// How many exports and tails run at once; others are sent away to come back.
  public var maximumStreams = 64
  /// Seconds after which a connection without a request is closed.
  public var idleTimeout = 60
  /// Seconds within which a request must have arrived whole.
  public var requestTimeout = 60
  /// How many wrong passwords may be tried at an account from one address before a wait; at all accounts together four
  /// times as many, at one account from all addresses that it never logged in from sixteen times.
  public var loginBurst = 10
  /// Seconds until one more attempt is allowed.
  public var loginInterval = 6.0
  /// Origins whose scripts may call the API; none by default, and never all.
  public var allowedOrigins: Set<String> = []
  /// Networks that clients must come from; empty for any.
  public var allowedNetworks: [Network] = []
  /// Whether a proxy in front is trusted to name the client in `X-Forwarded-For`.
  public var trustsForwardedFor = false
  /// A folder with `swagger-ui-bundle.js` and `swagger-ui.css`; without it `/docs` is a plain list.
  public var docsAssets: String?
  /// Whether SIGTERM and SIGINT stop the server; a program that has other uses for them says no.
  public var handlesSignals = true
  /// Called with the port once the server listens.
  public var onListening: @Sendable (Int) -> Void = { _ in }
  /// Where tokens take the time and identifiers from.
  var sources = TokenSources.system

  /// Describes a server with these secrets and otherwise the defaults.
  public init(secrets: TokenSecrets) { self.secrets = secrets }
}
