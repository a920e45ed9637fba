/// Values by name, in the order in which they are written: that of the names' bytes.
///
/// A sorted array rather than a dictionary: events have few members, are read in order by the million,
/// and short names compare faster than they hash.
public struct JSONObject: Sendable, Hashable {
  /// A member.
  public struct Member: Sendable, Hashable {
    /// The member's name.
    public let name: String
    /// The member's value.
    public fileprivate(set) var value: JSONValue
  }

  private var members: [Member] = []

  /// An object without members.
  public init() {}

  /// Sorts what a dictionary holds.
  public init(_ values: [String: JSONValue]) {
    for (name, value) in values { self[name] = value }
  }

  /// The member of this name.
  ///
  /// - Complexity: O(members).
  public subscript(name: String) -> JSONValue? {
    get {
      for member in members where member.name == name { return member.value }
      return nil
    }
    set {
      // Swift orders strings by Unicode's rules; of ASCII names that is the order of their bytes.
      let index = members.firstIndex { $0.name >= name } ?? members.count
      let stands = index < members.count && members[index].name == name
      switch (newValue, stands) {
      case (let value?, true): members[index].value = value
      case (let value?, false): members.insert(Member(name: name, value: value), at: index)
      case (nil, true): members.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// The members where they lie.
  var span: Span<Member> {
    @_lifetime(borrow self) borrowing get { members.span }
  }

  /// Adds a member whose name comes after all others.
  mutating func append(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }
}

extension JSONObject: RandomAccessCollection {
  /// The index of the first member.
  public var startIndex: Int { members.startIndex }
  /// The index after the last member.
  public var endIndex: Int { members.endIndex }
  /// The member at an index.
  public subscript(index: Int) -> Member { members[index] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Sorts members; of a name that stands twice the last value counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (name, value) in elements { self[name] = value }
  }
}
