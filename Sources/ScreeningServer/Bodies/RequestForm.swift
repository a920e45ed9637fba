import Screening

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a client filled in, whether it came as `multipart/form-data`, as
/// `application/x-www-form-urlencoded` or as JSON.
struct RequestForm: Sendable {
  private(set) var fields: [String: String] = [:]
  private(set) var documents: [DocumentFile] = []

  /// The names under which documents are taken.
  private static let documentNames: Set<String> = ["documents", "documents[]", "document"]
  /// The names under which texts are taken; fields of other names are passed over.
  private static let textNames: Set<String> = [
    "address", "email", "kana", "name", "opening", "password", "received", "refresh_token", "role",
  ]
  private static let longestField = 16_384

  /// The field called `name`, unless it is absent or empty.
  subscript(_ name: String) -> String? {
    fields[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The field called `name`.
  ///
  /// - Throws: `Problem` where it is absent or empty.
  func require(_ name: String) throws(Problem) -> String {
    guard let value = self[name] else { throw .invalid("The field '\(name)' is missing or empty.") }
    return value
  }

  private mutating func set(_ name: String, to value: String) throws(Problem) {
    guard Self.textNames.contains(name) else { return }
    guard value.utf8.count <= Self.longestField else {
      throw .invalid("The field '\(name)' has more than \(Self.longestField) bytes. Shorten it.")
    }
    guard fields.updateValue(value, forKey: name) == nil else {
      throw .invalid("The field '\(name)' is given twice. Send it once.")
    }
  }
}

extension RequestForm {
  /// Reads the parts of a multipart body.
  init(_ parts: [MultipartParser.Part]) throws(Problem) {
    self.init()
    for part in parts {
      if Self.documentNames.contains(part.name) {
        // A browser sends an empty nameless file where none was chosen.
        if part.fileName?.isEmpty == true, part.content.isEmpty { continue }
        guard part.fileName != nil else {
          throw .invalid("A document came as a text field. Send it as a file, with a file name.")
        }
        documents.append(DocumentFile(bytes: part.content, name: part.fileName))
      } else if part.fileName != nil {
        throw .invalid("A file came under a name other than 'documents'. Send documents under it.")
      } else {
        guard Self.textNames.contains(part.name) else { continue }
        guard let text = String(validating: part.content, as: UTF8.self) else {
          throw .invalid("The field '\(part.name)' is not UTF-8. Encode the form as UTF-8.")
        }
        try set(part.name, to: text)
      }
    }
  }

  /// Reads a form-encoded body.
  init(encoded bytes: [UInt8]) throws(Problem) {
    self.init()
    guard let text = String(validating: bytes, as: UTF8.self),
      let pairs = PercentEncoding.pairs(text, allowsControls: true)
    else { throw .invalid("The form is not percent-encoded UTF-8.") }
    for (name, value) in pairs { try set(name, to: value) }
  }

  /// Reads a JSON object of texts; under `documents`, a list of base64 texts or of objects with
  /// `content` in base64 and, if wanted, `name`.
  init(json bytes: [UInt8]) throws(Problem) {
    self.init()
    let values = try JSON.decode([String: FormValue].self, from: bytes)
    // Their order numbers the documents, and the members of an object have none.
    let lists = values.count {
      if case .absent = $1 { false } else { Self.documentNames.contains($0) }
    }
    guard lists < 2 else {
      throw .invalid("Documents stand under two names. Send them in one list under 'documents'.")
    }
    for (name, value) in values {
      let isKnown = Self.textNames.contains(name) || Self.documentNames.contains(name)
      switch value {
      case .absent: continue
      case .text(let text) where !Self.documentNames.contains(name): try set(name, to: text)
      case .text, .other:
        if isKnown { throw .invalid("The JSON value at '/\(name)' has another type.") }
      case .documents(let documents):
        guard Self.documentNames.contains(name) else {
          if isKnown { throw .invalid("The JSON value at '/\(name)' has another type.") }
          continue
        }
        for document in documents {
          guard let content = Data(base64Encoded: document.content) else {
            throw .invalid("A document is not valid base64 (RFC 4648). Encode it again.")
          }
          self.documents.append(DocumentFile(bytes: [UInt8](content), name: document.name))
        }
      }
    }
  }
}

/// A value of a form that came as JSON.
private enum FormValue: Decodable {
  case absent
  case text(String)
  case documents([FormDocument])
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .absent
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = (try? container.decode([FormDocument].self)).map(Self.documents) ?? .other
    }
  }
}

/// A document in a form that came as JSON.
private struct FormDocument: Decodable {
  let name: String?
  let content: String

  private enum CodingKeys: String, CodingKey { case name, content }

  init(from decoder: any Decoder) throws {
    if let content = try? decoder.singleValueContainer().decode(String.self) {
      self.content = content
      name = nil
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decodeIfPresent(String.self, forKey: .name)
      content = try container.decode(String.self, forKey: .content)
    }
  }
}
