/// The held-out solves of one candidate.
///
/// The calibration takes the scores of one fold each from a solve without it. What the calibration and the
/// choice are worth is measured on blocks of folds: a block's applicants are scored by a solve without the
/// block, and for that the calibration is fitted, and the candidate chosen, on scores of solves that saw
/// neither the block nor the applicant: solves without two blocks. Nothing that judges an applicant has
/// seen the applicant's label.
struct HoldOutPlan: Sendable {
  /// Five blocks make fifteen more solves; every one of ten folds for itself would make forty-five.
  static let blockCount = 5
  /// Above so many labels a fold's part in the other folds' solves is without weight, and solves are dear.
  static let mostNested = 10_000

  /// What each solve does without.
  let masks: [FoldMask]
  /// How many folds there are; their solves stand first.
  let folds: Int
  /// Whether there are solves without blocks.
  let isNested: Bool

  init(folds: Int, labels: Int) {
    self.folds = folds
    isNested = labels <= Self.mostNested
    var masks = (0..<folds).map { FoldMask(fold: $0) }
    if isNested {
      if folds != Self.blockCount { masks += (0..<Self.blockCount).map { Self.block($0, folds) } }
      for first in 0..<Self.blockCount {
        for second in 0..<first {
          masks.append(Self.block(first, folds).union(Self.block(second, folds)))
        }
      }
    }
    self.masks = masks
  }

  /// The parts that applicants are judged by: blocks of folds, or every fold.
  var parts: Int { isNested ? Self.blockCount : folds }

  /// The part of a fold.
  func part(of fold: Int) -> Int { fold % parts }

  /// The solve without a part.
  func outer(_ part: Int) -> Int { isNested && folds != Self.blockCount ? folds + part : part }

  /// The solve whose scores of `other` calibrate what is said of `part`.
  func inner(_ part: Int, _ other: Int) -> Int {
    let (first, second) = (max(part, other), min(part, other))
    return masks.count - Self.blockCount * (Self.blockCount - 1) / 2 + first * (first - 1) / 2
      + second
  }

  private static func block(_ block: Int, _ folds: Int) -> FoldMask {
    (0..<folds).filter { $0 % blockCount == block }.reduce(into: []) { $0.insert(.init(fold: $1)) }
  }
}
