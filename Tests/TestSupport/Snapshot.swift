import Foundation

/// A text kept under `snapshots/`, which a test holds against what the program gives now.
public struct Snapshot {
  private let file: URL

  /// Names a snapshot by its path under `snapshots/`.
  public init(_ path: String) {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    file = root.appendingPathComponent("snapshots").appendingPathComponent(path)
  }

  /// The first line in which `text` differs from the snapshot, or `nil` when it does not; with
  /// `SENKO_RECORD=1` the text becomes the snapshot.
  public func difference(from text: String) throws -> String? {
    if ProcessInfo.processInfo.environment["SENKO_RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let recorded = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard text != recorded else { return nil }
    let pairs = zip(
      recorded.split(separator: "\n", omittingEmptySubsequences: false),
      text.split(separator: "\n", omittingEmptySubsequences: false))
    let changed = pairs.first { $0 != $1 }
    return "\(file.lastPathComponent): recorded '\(changed?.0 ?? "")', now '\(changed?.1 ?? "")'. "
      + "Run the test with SENKO_RECORD=1, and read the difference."
  }
}
