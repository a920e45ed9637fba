import EventStore
import Foundation
import TestSupport
import Testing

/// Who asks what is kept of an erased person gets the whole list: a member that an event gains must be added to it.
@Suite struct RemainsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The members in clear that the article names, by type.
  private func listed() throws -> [String: Set<String>] {
    let path = "Sources/Screening/Screening.docc/Remains.md"
    let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    var listed: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|")
      let types = cells[0].split(separator: "`").filter { $0.contains(".") }
      let members = cells[1].split(separator: "`").filter { $0.contains { $0.isLetter } }
      for type in types { listed[String(type), default: []].formUnion(members.map(String.init)) }
    }
    return listed
  }

  /// The members in clear of every type that is about an applicant or a user, as the golden bytes have them.
  private func recorded() throws -> [String: Set<String>] {
    let file = Self.root.appendingPathComponent("snapshots/events/data.txt")
    var recorded: [String: Set<String>] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let data = try JSONValue(canonical: Array(parts[1].utf8).span)
      guard data["applicant"] != nil || data["user"] != nil else { continue }
      let clear = try #require(data.object).filter { SealedReference($0.value) == nil }
      recorded[String(parts[0]), default: []].formUnion(clear.map(\.name))
    }
    return recorded
  }

  @Test func everyMemberInClearIsListed() throws {
    let (listed, recorded) = (try listed(), try recorded())
    #expect(recorded.count > 15)
    #expect(Set(listed.keys) == Set(recorded.keys))
    for (type, members) in recorded {
      #expect(members.subtracting(listed[type] ?? []).isEmpty, "\(type)")
    }
  }
}
