import Dispatch
import EventStore
import Synchronization

/// The log from one position to another in chunks, each decoded on another core while the one before it
/// is folded.
final class EventsAhead: Sendable {
  private struct State {
    var next: Position
    var chunk: Result<[Event], EventLogError>?
  }

  /// Events in a chunk; shorter stretches are not worth another core.
  private static let chunk: UInt64 = 4096

  private let log: EventLog
  private let last: Position
  private let state: Mutex<State>
  private let decoded = DispatchSemaphore(value: 0)

  init(_ log: EventLog, after position: Position, through last: Position) {
    self.log = log
    self.last = last
    state = Mutex(State(next: Position(rawValue: position.rawValue + 1)))
    begin()
  }

  /// The next chunk; empty at the end.
  func next() throws(EventLogError) -> [Event] {
    decoded.wait()
    do throws(EventLogError) {
      let events = try state.withLock { state in state.chunk.take() }?.get() ?? []
      if let end = events.last?.position {
        state.withLock { $0.next = Position(rawValue: end.rawValue + 1) }
        begin()
      } else {
        decoded.signal()
      }
      return events
    } catch {
      decoded.signal()
      throw error
    }
  }

  /// Waits until nothing is being read any more, so that the log may be closed.
  func end() {
    decoded.wait()
    decoded.signal()
  }

  private func begin() {
    let first = state.withLock(\.next)
    guard first <= last else {
      decoded.signal()
      return
    }
    guard last.rawValue - first.rawValue >= Self.chunk else {
      decode(from: first)
      return
    }
    DispatchQueue.global().async { [self] in decode(from: first) }
  }

  private func decode(from first: Position) {
    let chunk = Result { () throws(EventLogError) in
      try log.events(from: first, through: last, limit: Int(Self.chunk))
    }
    state.withLock { $0.chunk = chunk }
    decoded.signal()
  }
}
