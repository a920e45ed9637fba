/// Which folds a solve does not see, one bit a fold; none for the final solve on everybody.
struct FoldMask: OptionSet, Sendable, Hashable {
  let rawValue: UInt16

  /// One fold.
  init(fold: Int) { self.init(rawValue: 1 << UInt16(fold)) }
  init(rawValue: UInt16) { self.rawValue = rawValue }
}
