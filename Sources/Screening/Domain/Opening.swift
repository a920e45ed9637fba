/// The vacancy applied for, named by a slug of `a–z`, `0–9` and `-`, 1 to 64 long.
///
/// Openings stand in the log in clear, so the slug keeps free text, and with it personal data, out.
public struct Opening: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The slug.
  public let slug: String

  /// Checks and wraps a slug.
  ///
  /// - Throws: `ScreeningError.invalid` when `slug` has another form.
  public init(_ slug: String) throws(ScreeningError) {
    guard isSlug(slug) else {
      throw .invalid(
        "The opening's name has other characters than a–z, 0–9 and '-', or not 1 to 64 of them. "
          + "Name it like 'engineer' or 'sales-2026'.")
    }
    self.slug = slug
  }

  /// The slug.
  public var description: String { slug }

  /// Orders by the slug's bytes.
  public static func < (a: Self, b: Self) -> Bool { a.slug < b.slug }

  /// The opening of applicants that were registered without one.
  public static let general = Opening(unchecked: "general")

  /// Wraps a slug that has been checked.
  init(unchecked slug: String) { self.slug = slug }
}

/// Whether `text` may stand free in an event: `[a-z0-9-]{1,64}`.
func isSlug(_ text: String) -> Bool {
  let bytes = text.utf8
  return (1...64).contains(bytes.count)
    && bytes.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
}
