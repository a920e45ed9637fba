/// How far two readers agree beyond chance.
///
/// The second could see what the first had decided, and why: agreement that follows from looking counts as agreement.
public struct Agreement: Sendable, Encodable {
  /// Both OK.
  public internal(set) var bothOK = 0
  /// Both NG.
  public internal(set) var bothNG = 0
  /// The first OK, the second NG.
  public internal(set) var okThenNG = 0
  /// The first NG, the second OK.
  public internal(set) var ngThenOK = 0

  /// Counts a pair of readings; one on hold decides nothing.
  mutating func add(_ first: Label, _ second: Label) {
    switch (first, second) {
    case (.ok, .ok): bothOK += 1
    case (.ng, .ng): bothNG += 1
    case (.ok, .ng): okThenNG += 1
    case (.ng, .ok): ngThenOK += 1
    case (.hold, _), (_, .hold): break
    }
  }

  /// How many were read twice.
  public var count: Int { bothOK + bothNG + okThenNG + ngThenOK }

  /// The share read alike; `nil` without any.
  public var observed: Double? {
    count == 0 ? nil : Double(bothOK + bothNG) / Double(count)
  }

  /// Cohen's κ (Educational and Psychological Measurement 20, 1960); `nil` when chance alone would make
  /// them agree.
  public var kappa: Double? {
    guard let observed, expected < 1 else { return nil }
    return (observed - expected) / (1 - expected)
  }

  /// Half the width of κ's 90 % interval, by its standard error in large samples (Fleiss, Cohen, Everitt, Psychological
  /// Bulletin 72, 1969); `nil` of fewer than thirty readings, and where all were read alike, since there it says nothing.
  public var margin: Double? {
    guard let observed, let kappa, count >= 30, observed < 1 else { return nil }
    let total = Double(count)
    func share(_ count: Int) -> Double { Double(count) / total }
    let (firstOK, secondOK) = (share(bothOK + okThenNG), share(bothOK + ngThenOK))
    let (firstNG, secondNG) = (1 - firstOK, 1 - secondOK)
    func square(_ value: Double) -> Double { value * value }
    let alike =
      share(bothOK) * square(1 - (firstOK + secondOK) * (1 - kappa))
      + share(bothNG) * square(1 - (firstNG + secondNG) * (1 - kappa))
    let unlike =
      share(okThenNG) * square(secondOK + firstNG) + share(ngThenOK) * square(secondNG + firstOK)
    let variance =
      alike + square(1 - kappa) * unlike - square(kappa - expected * (1 - kappa))
    return 1.6448536269514722 * (max(variance, 0) / total).squareRoot() / (1 - expected)
  }

  /// The share that chance alone would make alike.
  private var expected: Double {
    let total = Double(count)
    let (firstOK, secondOK) = (Double(bothOK + okThenNG), Double(bothOK + ngThenOK))
    return (firstOK * secondOK + (total - firstOK) * (total - secondOK)) / (total * total)
  }

  /// Writes the counts with what follows from them.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(bothOK, forKey: "bothOK")
    try members.encode(bothNG, forKey: "bothNG")
    try members.encode(okThenNG, forKey: "okThenNG")
    try members.encode(ngThenOK, forKey: "ngThenOK")
    try members.encode(observed, forKey: "observed")
    try members.encode(kappa, forKey: "kappa")
    try members.encode(margin, forKey: "margin")
  }
}
