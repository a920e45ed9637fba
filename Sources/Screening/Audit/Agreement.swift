/// How far two readers agree beyond chance.
public struct Agreement: Sendable, Encodable {
  /// Both OK.
  public let bothOK: Int
  /// Both NG.
  public let bothNG: Int
  /// The first OK, the second NG.
  public let okThenNG: Int
  /// The first NG, the second OK.
  public let ngThenOK: Int

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

  /// Half the width of κ's 90 % interval, by Cohen's standard error; `nil` where κ is.
  public var margin: Double? {
    guard let observed, expected < 1 else { return nil }
    let rest = 1 - expected
    return 1.6448536269514722
      * (observed * (1 - observed) / (Double(count) * rest * rest)).squareRoot()
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
