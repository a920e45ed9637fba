import FoundationEssentials

/// The names of the members of a JSON object, each of which stands once.
///
/// Foundation's decoder takes one of two members of the same name, and another reader of the same bytes the other;
/// and it passes over a member whose name is misspelt. What somebody decided must not depend on either.
public struct MemberNames: Sendable {
  /// A name stands twice in one object.
  public struct Repeated: Error {}

  /// The names in the outermost object, none for another value.
  public private(set) var outermost: [String] = []

  private struct Level {
    var isObject: Bool
    var names: Set<ArraySlice<UInt8>> = []
  }

  /// Reads a text that is known to be JSON.
  ///
  /// - Throws: ``Repeated`` where a name stands twice in one object, however deep.
  /// - Complexity: O(bytes).
  public init(of json: [UInt8]) throws(Repeated) {
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
        levels.removeLast()
        expectsName = false
      case UInt8(ascii: ","): expectsName = levels.last?.isObject ?? false
      case UInt8(ascii: "\""):
        let start = index + 1
        index = Self.end(of: json, from: start)
        if expectsName {
          let name = Self.unescaped(json[start..<index])
          guard levels[levels.count - 1].names.insert(name).inserted else { throw Repeated() }
          if levels.count == 1 { outermost.append(String(decoding: name, as: UTF8.self)) }
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

  /// Where the text that begins at `start` has its closing quote.
  private static func end(of json: [UInt8], from start: Int) -> Int {
    var index = start
    while json[index] != UInt8(ascii: "\"") {
      index += json[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index
  }
}
