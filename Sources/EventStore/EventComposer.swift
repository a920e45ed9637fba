import Cryptography

/// Puts events together from their prepared pieces, in one buffer that is used again.
struct EventComposer {
  /// A zero byte, which begins what is hashed of a leaf, and the event's bytes; behind them its leaf, once it is known.
  private(set) var buffer: [UInt8] = []
  private var moment: (at: Timestamp, clock: Timestamp)?
  private var at: [UInt8] = []
  private var clock: [UInt8] = []

  init() { buffer.reserveCapacity(1024) }

  /// Prepares for events of one moment.
  mutating func prepare(at: Timestamp, clock: Timestamp) {
    // Requests that share a transaction mostly share the millisecond.
    if let moment, moment == (at, clock) { return }
    moment = (at, clock)
    self.at = Array(at.description.utf8)
    self.clock = Array(",\"clock\":\"\(clock)\"".utf8)
  }

  /// Makes the composed event a row of `EventTable`.
  mutating func complete(with leaf: Digest) { EventRow.complete(&buffer, with: leaf) }

  /// The row of the last composed event.
  var row: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { buffer.span.extracting(droppingFirst: 1) }
  }

  /// Composes one event.
  ///
  /// - Parameters:
  ///   - first: the position of the append's first event, which draft causes count from.
  ///   - key: the keyed hash of the idempotency key, in the append's first event.
  ///   - content: the keyed hash of the command's content, likewise.
  mutating func compose(
    _ line: PreparedAppend.Line, _ prepared: PreparedAppend, at position: Position,
    first: Position, key: Digest?, content: Digest?
  ) {
    let pieces = prepared.bytes
    buffer.removeAll(keepingCapacity: true)
    buffer.append(0)
    buffer.append(copying: pieces.span.extracting(prepared.head))
    buffer.append(contentsOf: at)
    buffer.append(UInt8(ascii: "\""))
    switch line.cause {
    case .position(let cause): append(",\"cause\":", cause.rawValue)
    case .draft(let index): append(",\"cause\":", first.rawValue + UInt64(index))
    case nil: break
    }
    buffer.append(contentsOf: clock)
    if let content { append(",\"content\":\"", content) }
    buffer.append(copying: pieces.span.extracting(line.data))
    if let key { append(",\"key\":\"", key) }
    append(",\"n\":", position.rawValue)
    buffer.append(copying: pieces.span.extracting(line.tail))
  }

  private mutating func append(_ name: StaticString, _ number: UInt64) {
    buffer.append(copying: name)
    buffer.append(decimal: number)
  }

  private mutating func append(_ name: StaticString, _ digest: Digest) {
    buffer.append(copying: name)
    digest.writeHex(to: &buffer)
    buffer.append(UInt8(ascii: "\""))
  }
}
