import Foundation

@testable import ScreeningServer

/// What an answer says otherwise than the schema that OpenAPI promises for it.
enum SchemaCheck {
  /// Members that are not listed, listed ones that are missing, and what may not be `null`, by their paths.
  static func faults(in value: Any, under schema: JSONTree, at path: String = "") -> [String] {
    guard case .object(let members) = schema else { return [] }
    if case .text(let reference) = members["$ref"] {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let target = Schemas.all[name] else { return ["\(path): no schema '\(name)'"] }
      return faults(in: value, under: target, at: path)
    }
    if case .list(let alternatives) = members["anyOf"] {
      let found = alternatives.map { faults(in: value, under: $0, at: path) }
      return found.contains([]) ? [] : found.first ?? []
    }
    switch value {
    case is NSNull: return allows("null", members) ? [] : ["\(path) is null"]
    case let object as [String: Any]:
      guard allows("object", members) else { return ["\(path) is an object"] }
      return faults(inMembers: object, under: members, at: path)
    case let list as [Any]:
      guard allows("array", members) else { return ["\(path) is a list"] }
      guard let items = members["items"] else { return [] }
      return list.flatMap { faults(in: $0, under: items, at: path + "[]") }
    default:
      return ["object", "array", "null"].contains { members["type"] == .text($0) }
        ? ["\(path) is a single value"] : []
    }
  }

  private static func faults(
    inMembers object: [String: Any], under schema: [String: JSONTree], at path: String
  ) -> [String] {
    var faults: [String] = []
    if case .list(let required) = schema["required"] {
      for case .text(let name) in required where object[name] == nil {
        faults.append("\(path)/\(name) is missing")
      }
    }
    let others = schema["additionalProperties"]
    guard case .object(let properties) = schema["properties"] else {
      return faults
        + object.flatMap { name, value in
          others.map { Self.faults(in: value, under: $0, at: "\(path)/\(name)") } ?? []
        }
    }
    for (name, value) in object {
      if let known = properties[name] {
        faults += Self.faults(in: value, under: known, at: "\(path)/\(name)")
      } else {
        faults.append("\(path)/\(name) is not listed")
      }
    }
    return faults
  }

  private static func allows(_ type: String, _ schema: [String: JSONTree]) -> Bool {
    switch schema["type"] {
    case .text(let only)?: only == type
    case .list(let types)?: types.contains(.text(type))
    default: true
    }
  }
}
