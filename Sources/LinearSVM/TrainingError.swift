/// Why no model came out of a training.
public enum TrainingError: Error, Hashable, Sendable {
  /// There is no labelled applicant.
  case noExamples
  /// All labels say the same.
  case oneLabelOnly(ok: Bool)
  /// No term is shared by so many applicants.
  case noSharedTerm(Int)
  /// An applicant stands twice in the set.
  case repeatedNumber(UInt64)
  /// More entries than 32-bit numbers can count.
  case tooLarge
  /// The cost is not a positive, finite number, or out of the range 2⁻²⁰…2²⁰.
  case invalidC
  /// A solve ended with its duality gap above the limit.
  case gapNotReached(gap: Double, limit: Double, epochs: Int)
  /// The results handed in are not those of the jobs handed out.
  case foreignResults
}

extension TrainingError: CustomStringConvertible {
  /// What happened and what to do next.
  public var description: String {
    switch self {
    case .noExamples: "there is no labelled applicant. Label some applicants first."
    case .oneLabelOnly(let ok):
      "every label is \(ok ? "OK" : "NG"). Label some applicants \(ok ? "NG" : "OK"), too."
    case .noSharedTerm(let minimum):
      "no noun is shared by \(minimum) labelled applicants. Label more applicants."
    case .repeatedNumber(let number):
      "applicant \(number) stands twice in the training set. Give each applicant one label."
    case .tooLarge:
      "the set has more than 4294967295 entries. Train on a part of the applicants."
    case .invalidC: "C is not between 2^-20 and 2^20. Give a number like 0.25."
    case .gapNotReached(let gap, let limit, let epochs):
      "after \(epochs) epochs the duality gap is still \(ratio(gap, limit)) times its limit. Train "
        + "with a smaller C."
    case .foreignResults:
      "the results are not those of the jobs handed out. Run every pending job once."
    }
  }

  private func ratio(_ gap: Double, _ limit: Double) -> Int64 {
    let ratio = gap / limit
    return ratio < 0x1p62 ? Int64(ratio) : .max
  }
}
