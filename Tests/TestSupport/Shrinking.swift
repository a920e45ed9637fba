/// The shortest part of a list that still fails, found greedily: first large pieces are left out, then smaller
/// ones, then single elements, until nothing more can be left out alone
/// (after Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", TSE 28 (2), 2002).
///
/// - Complexity: O(n²) calls of `fails` for n elements at worst, O(k log n) for k that matter.
public func shrunk<Element>(
  _ list: [Element], while fails: ([Element]) async throws -> Bool
) async throws -> [Element] {
  var list = list
  var piece = max(1, list.count / 2)
  while true {
    var hasShrunk = false
    var start = 0
    while start < list.count {
      var shorter = list
      shorter.removeSubrange(start..<min(list.count, start + piece))
      if try await fails(shorter) {
        list = shorter
        hasShrunk = true
      } else {
        start += piece
      }
    }
    if piece == 1, !hasShrunk { return list }
    piece = max(1, piece / 2)
  }
}
