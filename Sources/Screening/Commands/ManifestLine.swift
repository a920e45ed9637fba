import DocumentReader
import EventStore
import FoundationEssentials

/// One line of an import manifest.
///
/// `{"key","name","kana","email","address","opening","receivedAt","documents":[…],"label","labelledBy","labelledAt",
/// "reason"}`; key, name and documents are required, and a label names who gave it.
struct ManifestLine: Sendable, Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case key, name, kana, email, address, opening, receivedAt, documents, label, labelledBy
    case labelledAt, reason
  }

  var key: String
  var name: String
  var kana: String?
  var email: String?
  var address: String?
  var opening: String?
  var receivedAt: String?
  var documents: [String]
  var label: String?
  var labelledBy: String?
  var labelledAt: String?
  var reason: String?

  /// Reads a line.
  ///
  /// - Throws: `.invalid`, naming the member that is missing or of another kind, or the names there are where one
  ///   is not known.
  init(parsing line: Data) throws(ScreeningError) {
    // Decoding would mend what is not UTF-8, and a mended name is another name.
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .invalid("It is not in UTF-8. Save the manifest in that encoding, not in Shift_JIS.")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
      let known = CodingKeys.allCases.map(\.stringValue)
      guard Set(known).isSuperset(of: try MemberNames(of: Array(text.utf8)).outermost) else {
        throw ScreeningError.invalid(
          "A member is none of \(known.joined(separator: ", ")). Correct its spelling, or leave it out."
        )
      }
    } catch let error as ScreeningError {
      throw error
    } catch MemberNames.Fault.repeated {
      throw .invalid("A member stands twice in the line. Leave one of them.")
    } catch DecodingError.keyNotFound(let key, _) {
      throw .invalid("There is no \"\(key.stringValue)\". Add it to the line.")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      guard let name = context.codingPath.first?.stringValue else {
        throw .invalid("It is not a JSON object. Write one object a line, in UTF-8.")
      }
      throw .invalid("\"\(name)\" is of another kind than expected. Write texts in quotes.")
    } catch {
      throw .invalid("It is not a JSON object. Write one object a line, in UTF-8.")
    }
  }
}

extension ManifestLine {
  /// Where a document lies that a manifest in `folder` names.
  static func place(of path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }

  /// How much memory a line's documents take; nothing where none of them would be read.
  static func documentBytes(of line: Data, in folder: String) -> Int {
    guard let line = try? ManifestLine(parsing: line) else { return 0 }
    let sizes = line.documents.map { DocumentFile.size(of: place(of: $0, in: folder)) ?? 0 }
    // A larger one is refused unread.
    return sizes.filter { $0 <= Limits().documentBytes }.reduce(0, +)
  }
}

extension Office {
  /// The application and the label that a line describes.
  ///
  /// - Parameter folder: what document paths are relative to.
  func application(
    of line: ManifestLine, in folder: String, by namedReader: UserNumber?
  ) throws(ScreeningError) -> (Application, Lesson?) {
    guard !line.key.isEmpty, line.key.utf8.count <= 256 else {
      throw .invalid("\"key\" is empty or longer than 256 bytes. Give each line one of its own.")
    }
    var files: [DocumentFile] = []
    for (index, path) in line.documents.enumerated() {
      // Names of files hold names of people, and what is said of a line is kept in reports.
      files.append(
        try DocumentFile(
          reading: ManifestLine.place(of: path, in: folder),
          called: "Document \(index + 1)", outside: configuration.directory))
    }
    let opening = try line.opening.map { (slug) throws(ScreeningError) in try Opening(slug) }
    let application = Application(
      name: line.name, kana: line.kana, email: line.email, address: line.address,
      opening: opening ?? .general, received: line.receivedAt, documents: files,
      idempotencyKey: line.key)
    return (application, try lesson(of: line, by: namedReader))
  }

  private func lesson(
    of line: ManifestLine, by namedReader: UserNumber?
  ) throws(ScreeningError) -> Lesson? {
    guard let text = line.label else { return nil }
    guard let label = Label(rawValue: text.lowercased()) else {
      throw .invalid("\"label\" is none of ok, ng and hold. Correct it, or leave it out.")
    }
    if let text = line.labelledAt { try check(past: text, "\"labelledAt\"") }
    var reader = namedReader
    if let email = line.labelledBy {
      guard let row = try findUser(email: email) else {
        throw .invalid(
          "\"labelledBy\" names nobody who is registered. Register the reviewer with 'senko user add', "
            + "then import again.")
      }
      reader = row.number
    }
    guard let reader else {
      throw .invalid("There is a label but nobody who gave it. Add \"labelledBy\", or use --by.")
    }
    return Lesson(label: label, by: reader, given: line.labelledAt, reason: line.reason)
  }
}
