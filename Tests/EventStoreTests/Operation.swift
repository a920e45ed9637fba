import TestSupport

/// Something that is done to a log and to its model.
///
/// Who or what it is done to is counted among those that there are at the time: so any part of a list of
/// operations is a list of operations.
enum Operation: Sendable, Hashable {
  /// Events of one stream, decided on as it stands, or on an older state.
  case append(stream: Int, count: Int, isStale: Bool)
  /// A command with an idempotency key.
  case command(key: Int, content: UInt8)
  case register
  /// The command that registered somebody is sent once more; they may be erased meanwhile.
  case registerAgain(Int)
  case erase(Int)
  case rotateKey
  case reopen
  case backUp
  case keepEscrow
  /// The folder is lost, and the last backup takes its place; whoever restores may know the last checkpoint.
  case restore(knowsLast: Bool)

  static func random(using random: inout SplitMix64) -> Operation {
    switch Int.random(in: 0..<21, using: &random) {
    case 0..<6:
      .append(
        stream: .random(in: 0..<4, using: &random), count: .random(in: 1...5, using: &random),
        isStale: .random(using: &random))
    case 6..<9:
      .command(
        key: .random(in: 0..<5, using: &random), content: .random(in: 0..<2, using: &random))
    case 9..<12: .register
    case 12, 13: .erase(.random(in: 0..<9, using: &random))
    case 14: .rotateKey
    case 15: .reopen
    case 16, 17: .backUp
    case 18: .keepEscrow
    case 19: .registerAgain(.random(in: 0..<9, using: &random))
    default: .restore(knowsLast: .random(using: &random))
    }
  }
}
