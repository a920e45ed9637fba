import EventStore
import Glibc

/// The facts of a stretch of the log, chunk after chunk, read on all cores while those before are folded.
struct FactsAhead: ~Copyable {
  private let reader: ChunkReader
  private let cores = UInt64(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1))
  private var begun: UInt64 = 0
  private var ahead: [Errand<FactChunk>] = []

  init(
    _ log: EventLog, for projections: [any Projection], after position: Position,
    through last: Position
  ) {
    reader = ChunkReader(log: log, projections: projections, start: position, last: last)
  }

  /// The next chunk; `nil` at the end.
  mutating func next() throws(ViewError) -> FactChunk? {
    // A stretch of one chunk is not worth another core.
    if reader.count == 1, begun == 0 {
      begun = 1
      return try reader.read(0)
    }
    while begun < reader.count, ahead.count <= cores {
      let (reader, chunk) = (reader, begun)
      ahead.append(Errand { () throws(ViewError) in try reader.read(chunk) })
      begun += 1
    }
    guard !ahead.isEmpty else { return nil }
    return try ahead.removeFirst().wait()
  }

  /// Waits until nothing is being read any more, so that the log may be closed.
  deinit {
    for errand in ahead { _ = try? errand.wait() }
  }
}

/// What a chunk of events says to each of some projections.
struct FactChunk: Sendable {
  /// The chunk's last event.
  let end: Position
  /// In the order of the projections.
  var facts: [any Facts]
}

/// Reads the chunks of a stretch of the log, in any order.
private struct ChunkReader: Sendable {
  /// Events in a chunk.
  private static let size: UInt64 = 1024

  let log: EventLog
  let projections: [any Projection]
  /// The event before the first one.
  let start: Position
  let last: Position

  /// How many chunks there are.
  var count: UInt64 { (last.rawValue - start.rawValue + Self.size - 1) / Self.size }

  func read(_ chunk: UInt64) throws(ViewError) -> FactChunk {
    let first = Position(rawValue: start.rawValue + chunk * Self.size + 1)
    let end = min(Position(rawValue: first.rawValue + Self.size - 1), last)
    var read = FactChunk(end: end, facts: projections.map { $0.facts() })
    var failure: ViewError?
    do {
      try log.forEach(from: first, through: end) { position, bytes in
        do throws(ViewError) { try add(bytes, at: position, to: &read) } catch { failure = error }
        return failure == nil
      }
    } catch {
      throw .log(error)
    }
    if let failure { throw failure }
    for index in projections.indices {
      do { try read.facts[index].prepare() } catch {
        throw .fold(projection: projections[index].name, position: first, reason: "\(error)")
      }
    }
    return read
  }

  private func add(
    _ bytes: Span<UInt8>, at position: Position, to chunk: inout FactChunk
  ) throws(ViewError) {
    guard let event = try? EventLine(bytes), event.position == position else {
      throw .log(.damaged("Event \(position)"))
    }
    for index in projections.indices {
      do { try chunk.facts[index].read(event) } catch {
        throw .fold(projection: projections[index].name, position: position, reason: "\(error)")
      }
    }
  }
}
