import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, what was opened stays in memory after an erasure, or fills it.
@Suite struct OpenedValuesTests {
  /// A reference that is another for each number.
  private func reference(_ number: UInt8) throws -> SealedReference {
    try #require(
      SealedReference(
        .object([
          "commitment": .string(String(repeating: "ab", count: 32)),
          "sealed": .string(String(repeating: "0\(number % 10)", count: 32)),
          "subject": .string(String(repeating: "0f", count: 16)),
        ])))
  }

  /// Whoever opened a value before an erasure may come back from it after somebody else did.
  @Test func whoeverWasSlowBringsNothingBack() throws {
    let values = OpenedValues()
    let (old, new) = (try reference(1), try reference(2))
    values.remember([1], of: old, generation: 1)
    #expect(values.value(of: old, generation: 1) == [1])
    values.remember([2], of: new, generation: 2)
    #expect(values.value(of: old, generation: 1) == nil)
    values.remember([1], of: old, generation: 1)
    #expect(values.value(of: old, generation: 1) == nil)
    #expect(values.value(of: old, generation: 2) == nil)
    #expect(values.value(of: new, generation: 2) == [2])
  }

  @Test func memoryIsBoundedInBytes() throws {
    let values = OpenedValues(capacity: 4096)
    func keep(_ number: UInt8, _ size: Int) throws -> Bool {
      values.remember(
        Array(repeating: number, count: size), of: try reference(number), generation: 1)
      return try values.value(of: reference(number), generation: 1) != nil
    }
    #expect(try !keep(0, 4096))
    for number: UInt8 in 1..<9 { #expect(try keep(number, 1500)) }
    let kept = try (1..<9).count { try values.value(of: reference($0), generation: 1) != nil }
    #expect(kept <= 2)
    values.removeAll(through: 1)
    #expect(try values.value(of: reference(8), generation: 1) == nil)
  }

  /// A résumé is long, and whoever has read it seldom reads it again.
  @Test func textsOfDocumentsAreNotKept() async throws {
    try await withOffice { office in
      let number = try await office.register(1)
      let detail = try await office.applicant(number, by: .commandLine)
      #expect(detail.documents.first?.text?.isEmpty == false)
      let row = try office.applicantRow(number, asOf: try office.catchUp())
      let position = try #require(row.documents.first?.readings.last?.position)
      let read = try DocumentRead(try office.event(position))
      let generation = try office.log.generation
      #expect(office.opened.value(of: row.name, generation: generation) != nil)
      #expect(office.opened.value(of: read.text, generation: generation) == nil)
    }
  }

  /// After an erasure by another process, what was opened before is gone at the first look, and comes back neither by
  /// what is asked for again nor by whoever was slow.
  @Test func whatWasOpenedBeforeAnErasureIsForgottenByTheNextLook() throws {
    let values = OpenedValues()
    let (first, second) = (try reference(1), try reference(2))
    values.remember([1], of: first, generation: 1)
    values.remember([2], of: second, generation: 1)
    values.remember([1], of: first, generation: 2)
    #expect(values.value(of: first, generation: 2) == [1])
    #expect(values.value(of: second, generation: 2) == nil)
    values.removeAll(through: 3)
    values.remember([2], of: second, generation: 2)
    for generation: UInt64 in 2...3 {
      #expect(values.value(of: second, generation: generation) == nil)
    }
  }
}
