/// Which tile of the tree, as C2SP tlog-tiles writes it in paths: `067`, `x001/x234/067`, or with `.p/` and its
/// width where it is not full.
public struct TileAddress: Sendable, Hashable, CustomStringConvertible {
  /// The tile's number within its level.
  public let index: UInt64
  /// How many hashes or events it has, at most 256.
  public let width: Int

  /// Names a tile.
  ///
  /// - Precondition: `width` lies in 1...256.
  public init(index: UInt64, width: Int = 256) {
    precondition((1...256).contains(width))
    self.index = index
    self.width = width
  }

  /// Reads an address in its one spelling; `nil` for anything else.
  public init?(_ text: String) {
    var groups = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var width = 256
    if groups.count > 1, groups[groups.count - 2].hasSuffix(".p") {
      guard let partial = Int(groups.removeLast()), (1...255).contains(partial) else { return nil }
      width = partial
      groups[groups.count - 1].removeLast(2)
    }
    guard groups.count <= 6 else { return nil }
    let digits = groups.map { $0.hasPrefix("x") ? String($0.dropFirst()) : $0 }.joined()
    guard let index = UInt64(digits) else { return nil }
    self.init(index: index, width: width)
    guard description == text else { return nil }
  }

  /// The address: groups of three digits, all but the last after an `x`.
  public var description: String {
    var groups: [String] = []
    var rest = index
    repeat {
      let group = String(rest % 1000)
      groups.append(
        (groups.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - group.count) + group)
      rest /= 1000
    } while rest > 0
    return groups.reversed().joined(separator: "/") + (width < 256 ? ".p/\(width)" : "")
  }
}
