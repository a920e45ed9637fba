import EventStore

/// How far a projection has been folded, and from what.
struct ViewState: Equatable {
  var version: Int
  var epoch: UInt64
  /// The log's origin: views of another log are of no use.
  var origin: String
  var position: Position

  /// Whether the rows may be used by a fold that expects `other`.
  func fits(_ other: ViewState) -> Bool {
    version == other.version && epoch == other.epoch && origin == other.origin
  }

  var bytes: [UInt8] {
    var encoder = RowEncoder()
    encoder.encode(version)
    encoder.encode(epoch)
    encoder.encode(origin)
    encoder.encode(position.rawValue)
    return encoder.bytes
  }

  init(version: Int, epoch: UInt64, origin: String, position: Position) {
    self.version = version
    self.epoch = epoch
    self.origin = origin
    self.position = position
  }

  init?(bytes: [UInt8]) {
    var decoder = RowDecoder(bytes)
    do throws(RowCodingError) {
      self.init(
        version: try decoder.count(), epoch: try decoder.number(), origin: try decoder.text(),
        position: Position(rawValue: try decoder.number()))
    } catch {
      return nil
    }
    guard decoder.atEnd else { return nil }
  }
}
