import ArgumentParser

/// How many rows are to be shown: zero or more.
struct Count: Sendable, ExpressibleByArgument {
  var value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    guard let value = Int(argument), value >= 0 else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { "\(value)" }
}
