/// Which members of its records an answer is to have.
///
/// Members are cut out of the answer's own bytes, so that what is left says the same to the digit.
struct FieldChoice: Sendable, Hashable {
  let names: Set<String>

  /// Reads names with commas between them; `nil` for no choice.
  init?(_ text: String?) {
    guard let text else { return nil }
    names = Set(text.split(separator: ",").map(String.init))
  }

  /// `object`, which is one JSON object without blanks, with the chosen members only.
  func cut(_ object: ArraySlice<UInt8>) -> [UInt8] {
    var chosen: [UInt8] = [UInt8(ascii: "{")]
    for member in JSONPieces.members(of: object) where names.contains(member.name) {
      if chosen.count > 1 { chosen.append(UInt8(ascii: ",")) }
      chosen += member.piece
    }
    return chosen + [UInt8(ascii: "}")]
  }

  /// `body` with the records chosen from that its kind of answer holds.
  func cut(_ body: [UInt8], as records: Records) -> [UInt8] {
    let object = body.last == 0x0A ? body.dropLast() : body[...]
    switch records {
    case .whole: return cut(object) + [0x0A]
    case .listed(let list, _):
      var whole: [UInt8] = [UInt8(ascii: "{")]
      for member in JSONPieces.members(of: object) {
        if whole.count > 1 { whole.append(UInt8(ascii: ",")) }
        if member.name == list {
          whole += Array("\"\(list)\":[".utf8)
          whole += JSONPieces.items(of: member.value).map { cut($0) }
            .joined(separator: [UInt8(ascii: ",")])
          whole.append(UInt8(ascii: "]"))
        } else {
          whole += member.piece
        }
      }
      return whole + [UInt8(ascii: "}"), 0x0A]
    }
  }
}

/// Where the records stand in an answer, and the schema of each.
enum Records: Sendable {
  /// The answer is one record.
  case whole(String)
  /// The answer has a member that lists them.
  case listed(String, String)

  /// The name of the record's schema.
  var schema: String {
    switch self {
    case .whole(let name), .listed(_, let name): name
    }
  }

  /// The members that may be chosen.
  var fields: [String] {
    guard case .object(let members)? = Schemas.all[schema],
      case .object(let properties)? = members["properties"]
    else { return [] }
    return properties.keys.sorted()
  }
}

/// The pieces of a JSON text that was written without blanks.
enum JSONPieces {
  struct Member {
    let name: String
    /// Name and value as they stand.
    let piece: ArraySlice<UInt8>
    let value: ArraySlice<UInt8>
  }

  static func members(of object: ArraySlice<UInt8>) -> [Member] {
    items(of: object).compactMap { piece in
      // Names are plain: the first quote after the first ends the name.
      guard let end = piece.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
      let name = String(decoding: piece[(piece.startIndex + 1)..<end], as: UTF8.self)
      return Member(name: name, piece: piece, value: piece[(end + 2)...])
    }
  }

  /// What stands between the commas of an object or a list.
  static func items(of container: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let inside = container.dropFirst().dropLast()
    var items: [ArraySlice<UInt8>] = []
    var (start, depth, isText, isEscaped) = (inside.startIndex, 0, false, false)
    for index in inside.indices {
      let byte = inside[index]
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        items.append(inside[start..<index])
        start = index + 1
      default: break
      }
    }
    if start < inside.endIndex { items.append(inside[start...]) }
    return items
  }
}
