import ArgumentParser
import Screening

/// A share as people write it: percent, with at most two digits after the point.
struct Percentage: Sendable, Equatable {
  /// The same in basis points, 0 to 10,000.
  var basisPoints: Int
}

extension Percentage: ExpressibleByArgument {
  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = Int(parts[0]), (0...100).contains(whole),
      parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    var hundredths = 0
    if parts.count == 2 {
      let digits = parts[1].utf8
      guard (1...2).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
        let value = Int(parts[1])
      else { return nil }
      hundredths = digits.count == 1 ? value * 10 : value
    }
    basisPoints = whole * 100 + hundredths
    guard basisPoints <= 10_000 else { return nil }
  }
}

/// A threshold as people write it: percent.
struct Threshold: Sendable, Equatable {
  /// The same in basis points, of `PolicySummary.thresholds`.
  var basisPoints: Int
}

extension Threshold: ExpressibleByArgument {
  init?(argument: String) {
    guard let share = Percentage(argument: argument),
      PolicySummary.thresholds.contains(share.basisPoints)
    else { return nil }
    basisPoints = share.basisPoints
  }
}

extension Threshold: CustomStringConvertible {
  var description: String {
    let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(whole) %" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10) %" : "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
