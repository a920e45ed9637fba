import Glibc

extension PageWalk {
  /// A table's record, and what of it was found.
  struct Tree {
    enum Kind { case free, main, table }

    let name: String
    let kind: Kind
    let depth: Int
    let root: UInt64
    private let expected: [UInt64]
    var (branches, leaves, overflows, entries): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// The last key of the page before, at the level that is looked at; none before the first.
    var lastKey: [UInt8] = []

    /// The root of a table without rows.
    static let none = UInt64.max

    /// - Parameter words: the six of an `MDB_db`.
    init(_ name: String, _ words: [UInt64], _ kind: Kind) {
      self.name = name
      self.kind = kind
      depth = Int(words[0] >> 48)
      expected = Array(words[1..<5])
      root = words[5]
    }

    var isAccountedFor: Bool { [branches, leaves, overflows, entries] == expected }

    /// Whether a key may have so many bytes.
    func isKey(size: Int) -> Bool { kind == .free ? size == 8 : 1...511 ~= size }

    /// Whether LMDB seeks `second` behind `first`, behind which, where it is empty, everything is sought.
    func isAscending(
      _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, orEqual mayBeEqual: Bool = false
    ) -> Bool {
      guard !first.isEmpty else { return true }
      return unsafe first.withUnsafeBytes { first in
        unsafe second.withUnsafeBytes { second in
          if kind == .free {
            let (first, second) = unsafe (
              UInt64(littleEndian: first.loadUnaligned(as: UInt64.self)),
              UInt64(littleEndian: second.loadUnaligned(as: UInt64.self))
            )
            return first < second || mayBeEqual && first == second
          }
          guard let start = first.baseAddress, let other = second.baseAddress else {
            return false
          }
          let order = unsafe memcmp(start, other, min(first.count, second.count))
          if order != 0 { return order < 0 }
          return first.count < second.count || mayBeEqual && first.count == second.count
        }
      }
    }
  }

  /// Pages that are equally far from their roots, in the order of their trees and keys.
  struct Level {
    private(set) var pages: [(number: UInt64, tree: Int, leastKey: Range<Int>)] = []
    /// The pages' least keys, end to end.
    private(set) var keys: [UInt8] = []

    mutating func append(_ number: UInt64, of tree: Int, leastKey: ArraySlice<UInt8>) {
      let start = keys.count
      keys += leastKey
      pages.append((number, tree, start..<keys.count))
    }
  }
}
