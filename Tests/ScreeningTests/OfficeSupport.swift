import EventStore
import TestSupport

@testable import Screening

/// Runs `body` with an office over a new data folder.
func withOffice(
  clock: WallClock = .system, _ body: (Office) async throws -> Void
) async throws {
  try await withTemporaryDirectory { directory in
    let office = try Office.open(
      OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"), clock: clock),
      create: true)
    defer { office.close() }
    try await body(office)
  }
}

extension Office {
  func addReviewer(_ email: String = "sato@example.jp") async throws -> UserNumber {
    try await addUser(
      email: email, name: "佐藤", role: .reviewer, password: "long enough", by: .commandLine)
  }

  /// Registers 応募者`seed` for `engineer`: skilled if `seed` is even, with a résumé that `seed` draws.
  func register(_ seed: Int, adding text: String = "") async throws -> ApplicantNumber {
    let document = resume(skilled: seed.isMultiple(of: 2), seed) + text
    let registration = try await register(
      Application(
        name: "応募者\(seed)", opening: try Opening("engineer"),
        documents: [.init(bytes: Array(document.utf8))]),
      by: .commandLine)
    return ApplicantNumber(registration.applicant)
  }

  /// Registers `seeds` for `engineer`, and labels each: OK if skilled, NG if not.
  ///
  /// - Returns: the positions of the labels.
  @discardableResult
  func registerLabelled(
    _ seeds: Range<Int>, reason: String? = nil, by origin: Origin = .commandLine
  ) async throws -> [UInt64] {
    var positions: [UInt64] = []
    for seed in seeds {
      let number = try await register(seed)
      let label = try await label(
        number, seed.isMultiple(of: 2) ? .ok : .ng, reason: reason, by: origin)
      positions.append(label.position)
    }
    return positions
  }
}

extension Office {
  /// Opens a folder whose log another office of this process may have had until now: it is let go when the last of its
  /// threads has ended.
  static func reopened(_ configuration: OfficeConfiguration) async throws -> Office {
    for _ in 0..<200 {
      if let office = try? open(configuration, create: true) { return office }
      try await Task.sleep(for: .milliseconds(20))
    }
    return try open(configuration, create: true)
  }
}
