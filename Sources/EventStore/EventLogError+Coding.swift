extension EventLogError {
  /// The error as a child process tells its parent: one that a caller may act on as it is, any other by what it says.
  var told: JSONValue {
    switch self {
    case .absent(let directory): ["case": "absent", "of": .string(directory)]
    case .unopened(let directory, let reason):
      ["case": "unopened", "of": .string(directory), "reason": .string(reason)]
    case .locked(let directory): ["case": "locked", "of": .string(directory)]
    case .unsteady(let directory): ["case": "unsteady", "of": .string(directory)]
    case .diskFull: ["case": "diskFull"]
    case .damaged(let what): ["case": "damaged", "of": .string(what)]
    case .invalid(let reason): ["case": "invalid", "of": .string(reason)]
    case .storage(let operation, let reason):
      ["case": "storage", "of": .string(operation), "reason": .string(reason)]
    default: ["case": "inconsistent", "of": .string(description)]
    }
  }

  /// Reads what `told` wrote.
  init(told json: JSONValue) {
    let subject = json["of"]?.string ?? ""
    switch json["case"]?.string {
    case "absent": self = .absent(directory: subject)
    case "unopened":
      self = .unopened(directory: subject, reason: json["reason"]?.string ?? "")
    case "locked": self = .locked(directory: subject)
    case "unsteady": self = .unsteady(directory: subject)
    case "diskFull": self = .diskFull
    case "damaged": self = .damaged(subject)
    case "invalid": self = .invalid(subject)
    case "storage":
      self = .storage(operation: subject, reason: json["reason"]?.string ?? "")
    default: self = .inconsistent(subject)
    }
  }
}
