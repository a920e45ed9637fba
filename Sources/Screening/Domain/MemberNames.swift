import FoundationEssentials

/// The names of the members of a JSON object, each of which stands once.
///
/// Foundation's decoder takes one of two members of the same name, and another reader of the same bytes the other;
/// and it passes over a member whose name is misspelt. What somebody decided must not depend on either.
public struct MemberNames: Sendable {
  /// Why there are none to be told.
  public enum Fault: Error {
    /// A name stands twice in one object.
    case repeated
    /// The text is not JSON in UTF-8.
    case unreadable
  }

  /// The names in the outermost object, none for another value.
  public private(set) var outermost: [String] = []
  /// The names in an object that is a member of the outermost one, by that member's name.
  public private(set) var inner: [String: [String]] = [:]

  private struct Level {
    var isObject: Bool
    var names: Set<ArraySlice<UInt8>> = []
  }

  /// Reads a text that Foundation's decoder takes for JSON.
  ///
  /// - Throws: ``Fault/repeated`` where a name stands twice in one object, however deep; ``Fault/unreadable`` for another
  ///   encoding than UTF-8, which that decoder takes as well.
  /// - Complexity: O(bytes).
  public init(of json: [UInt8]) throws(Fault) {
    guard !json.contains(0), String(validating: json, as: UTF8.self) != nil else {
      throw .unreadable
    }
    var levels: [Level] = []
    var expectsName = false
    var index = json.startIndex
    while index < json.endIndex {
      switch json[index] {
      case UInt8(ascii: "{"):
        levels.append(Level(isObject: true))
        expectsName = true
      case UInt8(ascii: "["):
        levels.append(Level(isObject: false))
        expectsName = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard levels.popLast() != nil else { throw .unreadable }
        expectsName = false
      case UInt8(ascii: ","): expectsName = levels.last?.isObject ?? false
      case UInt8(ascii: "\""):
        let start = index + 1
        guard let end = Self.end(of: json, from: start) else { throw .unreadable }
        index = end
        if expectsName {
          let name = Self.unescaped(json[start..<index])
          guard levels[levels.count - 1].names.insert(name).inserted else { throw .repeated }
          let text = String(decoding: name, as: UTF8.self)
          if levels.count == 1 {
            outermost.append(text)
          } else if levels.count == 2, let member = outermost.last {
            inner[member, default: []].append(text)
          }
          expectsName = false
        }
      default: break
      }
      index += 1
    }
  }

  /// A name as it reads: one may be spelt in several ways.
  private static func unescaped(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard name.contains(UInt8(ascii: "\\")),
      let text = try? JSONDecoder().decode(String.self, from: Data([0x22] + name + [0x22]))
    else { return name }
    return Array(text.utf8)[...]
  }

  /// Where the text that begins at `start` has its closing quote; `nil` when it has none.
  private static func end(of json: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < json.endIndex {
      if json[index] == UInt8(ascii: "\"") { return index }
      index += json[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}
