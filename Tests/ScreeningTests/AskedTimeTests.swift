import EventStore
import Testing

@testable import Screening

/// If these fail, somebody who asks about a day is told of another one.
@Suite struct AskedTimeTests {
  @Test func aDateIsADayInJapan() throws {
    func moment(_ text: String, _ edge: Timestamp.DayEdge) -> String? {
      Timestamp(asked: text, aDateIsIts: edge)?.description
    }
    #expect(moment("2026-03-03", .beginning) == "2026-03-02T15:00:00.000Z")
    #expect(moment("2026-03-03", .end) == "2026-03-03T14:59:59.999Z")
    for edge in [Timestamp.DayEdge.beginning, .end] {
      #expect(moment("2026-03-03T18:00:00+09:00", edge) == "2026-03-03T09:00:00.000Z")
      for wrong in ["2026-02-30", "2026-3-3", "2026-03", "2026-03-03T", "yesterday!", ""] {
        #expect(moment(wrong, edge) == nil, "\(wrong)")
      }
    }
  }

  @Test func aMomentIsToldAsItIsWrittenInJapan() throws {
    let moment = try #require(Timestamp(parsing: "2026-12-31T15:02:09.120Z"))
    #expect(moment.inJapan(in: .ja) == "2027年1月1日 00:02")
    #expect(moment.inJapan(in: .en) == "1 January 2027, 00:02 (Japan)")
    #expect(moment.inJapan(in: .ja, withTime: false) == "2027年1月1日")
    #expect(moment.inJapan(in: .en, withTime: false) == "1 January 2027")
  }

  @Test func aStateIsAskedAboutAtTheEndOfTheDay() throws {
    let end = try #require(Timestamp(parsing: "2026-03-03T23:59:59.999+09:00"))
    #expect(try AsOf(parsing: "2026-03-03") == .time(end))
    let beginning = try #require(Timestamp(parsing: "2026-03-03T00:00:00+09:00"))
    #expect(try AsOf(parsing: "2026-03-03", aDateIsIts: .beginning) == .time(beginning))
    #expect(try AsOf(parsing: "20260303") == .position(20_260_303))
    for text in ["3 March", "+5", "-5", "", "9007199254740992", "9223372036854775808"] {
      #expect(throws: ScreeningError.self) { try AsOf(parsing: text) }
    }
  }
}
