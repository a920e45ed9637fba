import EventStore
import Projections

/// When something took place: as somebody told it, or else when it was recorded.
enum Moment: Sendable, Hashable, CustomStringConvertible {
  case recorded(Timestamp)
  /// RFC 3339, as it was told.
  case told(String)

  init(happened: String?, at recorded: Timestamp) {
    self = happened.map { .told($0) } ?? .recorded(recorded)
  }

  /// RFC 3339.
  var description: String {
    switch self {
    case .recorded(let time): time.description
    case .told(let text): text
    }
  }

  /// The moment itself, where what was told can be read.
  var time: Timestamp? {
    switch self {
    case .recorded(let time): time
    case .told(let text): Timestamp(parsing: text)
    }
  }
}

extension RowEncoder {
  mutating func encode(_ moment: Moment) {
    switch moment {
    case .recorded(let time):
      encode(false)
      encode(UInt64(bitPattern: time.milliseconds))
    case .told(let text):
      encode(true)
      encode(text)
    }
  }
}

extension RowDecoder {
  mutating func moment() throws(RowCodingError) -> Moment {
    guard try !flag() else { return .told(try text()) }
    return .recorded(Timestamp(milliseconds: Int64(bitPattern: try number())))
  }
}
