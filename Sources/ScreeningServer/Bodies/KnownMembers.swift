import Screening

/// The members that the object of a body may have, so that a misspelt one is never passed over.
struct KnownMembers: Sendable {
  /// Those of the outermost object.
  let outermost: Set<String>
  /// Those of objects that are members of it, by the member's name; others are open.
  let inner: [String: Set<String>]

  /// - Throws: `.invalid`, with the names there are, where one is not among them.
  func require(_ names: MemberNames) throws(Problem) {
    guard outermost.isSuperset(of: names.outermost) else {
      throw Self.misspelt("A key of the JSON object", outermost)
    }
    for (member, known) in inner where !known.isSuperset(of: names.inner[member, default: []]) {
      throw Self.misspelt("A key of the JSON object under '\(member)'", known)
    }
  }

  private static func misspelt(_ what: String, _ known: Set<String>) -> Problem {
    .invalid(
      "\(what) is none of \(known.sorted().joined(separator: ", ")). Correct its spelling, or leave it out."
    )
  }
}
