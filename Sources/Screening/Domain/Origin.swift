import EventStore

/// Who asks for a command, and how it came.
public struct Origin: Sendable, Hashable {
  /// Who was authenticated.
  public enum Actor: Sendable, Hashable {
    /// A user who presented credentials.
    case user(UserNumber)
    /// Whoever may run the command line on this machine.
    case `operator`
    /// The system itself, as in the promotion of an opening's first model.
    case system
  }

  /// How a command came in.
  public enum Channel: String, Sendable, Hashable {
    case cli, http, `import`
  }

  /// Who was authenticated.
  public var actor: Actor
  /// How the command came in.
  public var channel: Channel
  /// A user whom the operator only named; audits count such labels apart.
  public var onBehalfOf: UserNumber?
  /// What the command brings beside its content.
  public var terms: Terms

  /// Describes who asks.
  public init(
    actor: Actor, channel: Channel, onBehalfOf: UserNumber? = nil, terms: Terms = Terms()
  ) {
    self.actor = actor
    self.channel = channel
    self.onBehalfOf = onBehalfOf
    self.terms = terms
  }

  /// The operator on the command line.
  public static let commandLine = Origin(actor: .operator, channel: .cli)

  /// The actor as events spell it.
  var actorName: String {
    switch actor {
    case .user(let number): number.stream
    case .operator: "operator"
    case .system: "system"
    }
  }

  /// An append that carries this origin.
  func append(_ events: [EventDraft] = []) -> Append {
    var append = Append(actor: actorName, via: channel.rawValue)
    append.events = events
    return append
  }
}
