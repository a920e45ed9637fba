import EventStore
import Projections
import Synchronization

/// A total per stream, and at which event it had which value.
struct TotalRow: ViewRow, Equatable {
  var total: UInt64

  func encode(into encoder: inout RowEncoder) { encoder.encode(total) }
  init(total: UInt64) { self.total = total }
  init(from decoder: inout RowDecoder) throws(RowCodingError) { total = try decoder.number() }
}

/// Sums the events' amounts by stream; `counter` tells how many events it was given.
struct Totals: Projection {
  let name: String
  var version = 1
  let counter = EventCounter()
  let table: TemporalTable<String, TotalRow>
  var currentEpoch: UInt64 = 0
  var isPatient = false

  init(_ name: String, version: Int = 1) {
    self.name = name
    self.version = version
    table = TemporalTable(name)
  }

  var tables: [ViewTable] { table.tables }
  func epoch() throws -> UInt64 { currentEpoch }

  func facts() -> any Facts { Payments(totals: self) }
}

/// What was paid.
struct Payments: Facts {
  let totals: Totals
  var events: [Event] = []

  mutating func read(_ event: EventLine) throws { events.append(try Event(event)) }

  func fold(into writer: inout ViewWriter) throws {
    for event in events {
      writer.position = event.position
      totals.counter.add()
      let amount = UInt64(event.data["amount"]?.integer ?? 0)
      let isThere = try totals.table.change(event.stream, in: &writer) { $0.total += amount }
      if !isThere {
        try totals.table.put(TotalRow(total: amount), for: event.stream, in: &writer)
      }
    }
  }
}

final class EventCounter: Sendable {
  private let value = Mutex(0)
  func add() { value.withLock { $0 += 1 } }
  var count: Int { value.withLock { $0 } }
}
