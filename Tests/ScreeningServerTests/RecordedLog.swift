import Logging
import Synchronization

/// A log that remembers all that was written to it, of every level.
final class RecordedLog: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    /// Message, metadata and error.
    let text: String
  }

  private let recorded = Mutex<[Line]>([])

  var lines: [Line] { recorded.withLock(\.self) }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      let text = "\(event.message) \(all) \(event.error.map { "\($0)" } ?? "")"
      log.recorded.withLock { $0.append(Line(level: event.level, text: text)) }
    }
  }
}
