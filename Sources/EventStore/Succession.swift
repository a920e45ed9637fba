import Cryptography

/// That a log goes on where the backup of another one ended, as its event `log.restored` tells.
///
/// What was signed for the former log still speaks of this one's first `kept` events, which are the same; of what it
/// had beyond them nothing is left to compare.
struct Succession: Sendable, Hashable {
  /// The position of the event, which comes right after what was kept.
  let position: Position
  /// The former log's name, or the part of it behind the last slash.
  let former: String
  /// How many events the newest known checkpoint of the former log covered.
  let knownSize: UInt64
  /// The root that it had.
  let knownRoot: Digest

  /// How many of the former log's events this one holds.
  var kept: UInt64 { position.rawValue - 1 }

  /// The type of the event.
  static let type = "log.restored"

  /// Reads what an event says; `nil` for every other one.
  ///
  /// Its data has `origin`, `size`, `knownSize` and `knownRoot`.
  init?(_ event: Event) {
    guard event.type == Self.type, let former = event.data["origin"]?.string, !former.isEmpty,
      let size = event.data["size"]?.integer, UInt64(exactly: size) == event.position.rawValue - 1,
      let known = event.data["knownSize"]?.integer, known >= size,
      let root = event.data["knownRoot"]?.string.flatMap({ Digest(hex: $0) })
    else { return nil }
    position = event.position
    self.former = former
    knownSize = UInt64(known)
    knownRoot = root
  }

  /// Whether the log of this name is the former one.
  func follows(_ origin: String) -> Bool {
    origin == former || origin.hasSuffix("/" + former)
  }

  /// Why a checkpoint of the former log says nothing of this one: it covers what was not kept.
  ///
  /// - Returns: the part of a sentence that begins with the checkpoint; `nil` where all that it covers was kept.
  func loss(of checkpoint: Checkpoint) -> String? {
    guard checkpoint.size > kept else { return nil }
    let beyond =
      if checkpoint.size > knownSize {
        ", which tells of a loss up to event \(knownSize) only"
      } else if checkpoint.size == knownSize, checkpoint.root != knownRoot {
        ", which names another root for them"
      } else { "" }
    return
      "covers events \(kept + 1) to \(checkpoint.size) of \(checkpoint.origin), which were lost when this log was "
      + "restored from a backup of \(kept) events, as event \(position) (log.restored) tells\(beyond). That these are the same, "
      + "only a checkpoint over no more than them can show."
  }
}
