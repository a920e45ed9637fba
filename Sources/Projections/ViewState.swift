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
    JSONValue.object([
      "epoch": .integer(Int64(epoch)), "origin": .string(origin),
      "position": .integer(Int64(position.rawValue)), "version": .integer(Int64(version)),
    ]).encoded()
  }

  init(version: Int, epoch: UInt64, origin: String, position: Position) {
    self.version = version
    self.epoch = epoch
    self.origin = origin
    self.position = position
  }

  init?(bytes: [UInt8]) {
    guard let json = try? JSONValue(canonical: bytes.span), let epoch = json["epoch"]?.integer,
      let origin = json["origin"]?.string, let position = json["position"]?.integer,
      let version = json["version"]?.integer
    else { return nil }
    self.init(
      version: Int(version), epoch: UInt64(epoch), origin: origin,
      position: Position(rawValue: UInt64(position)))
  }
}
