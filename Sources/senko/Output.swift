import Foundation
import Screening

/// Writes data to standard output.
enum Output {
  /// One object as one line of JSON, members in the order of their names.
  static func json(_ value: some Encodable) throws { write(try encoded(value)) }

  /// A value as one line of JSON with sorted keys.
  static func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  /// A line of text, or several; what would steer the terminal is shown instead of obeyed.
  static func line(_ text: String = "") { write(Data((harmless(text) + "\n").utf8)) }

  /// Bytes as they are.
  ///
  /// Where nobody reads them any more, SIGPIPE ends the process.
  static func write(_ bytes: Data) {
    do {
      try FileHandle.standardOutput.write(contentsOf: bytes)
    } catch {
      complain("The output could not be written: \(error.localizedDescription)")
      exit(1)
    }
  }

  /// Items as rows under a head, or as a line of JSON each.
  static func list<Item: Encodable>(
    _ items: [Item], json: Bool, _ head: [String], row: (Item) -> [String]
  ) throws {
    if json {
      for item in items { try Self.json(item) }
    } else {
      table(head, items.map(row))
    }
  }

  /// Rows under a head, in columns that count wide characters as two.
  static func table(_ head: [String], _ rows: [[String]]) {
    let rows = ([head] + rows).map { $0.map { harmless($0, lines: false) } }
    let widths = head.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
    for row in rows {
      let cells = row.indices.map { index in
        index == row.count - 1
          ? row[index]
          : row[index] + String(repeating: " ", count: widths[index] - displayWidth(row[index]))
      }
      line(cells.joined(separator: "  "))
    }
  }
}

/// `text` with control characters and bidirectional overrides replaced by pictures: a name or a résumé
/// must not move the cursor, retitle the window, or hide what stands beside it.
///
/// - Parameter lines: whether line feeds and tabs are kept.
func harmless(_ text: String, lines: Bool = true) -> String {
  func picture(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x09, 0x0A: lines ? nil : Unicode.Scalar(0x2400 + scalar.value)
    case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value)
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: nil
    }
  }
  guard text.unicodeScalars.contains(where: { picture($0) != nil }) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { result.append(picture(scalar) ?? scalar) }
  return String(result)
}

/// How many cells of a terminal `text` takes: East Asian wide and fullwidth characters take two
/// (Unicode Standard Annex 11), combining marks none.
func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { width, scalar in
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
      width + 2
    case 0x0300...0x036F, 0x3099...0x309A: width
    default: width + 1
    }
  }
}

/// Basis points as a percentage for people, cut and never rounded up: 6799 is `67 %`.
func percent(_ basisPoints: Int?) -> String {
  basisPoints.map { "\($0 / 100) %" } ?? "—"
}

/// An interval of basis points as percentages, its ends rounded outward.
func percent(interval: [Int]?) -> String {
  guard let interval, interval.count == 2 else { return "" }
  return "\(interval[0] / 100)–\((interval[1] + 99) / 100) %"
}

/// A decimal with at most `digits` digits after the point.
func decimal(_ value: Double?, _ digits: Int = 4) -> String {
  value.map { String(format: "%.\(digits)f", $0) } ?? "—"
}

/// A number of things in English: 1 word, 2 words.
func counted(_ count: some BinaryInteger, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}

/// A very small number, as 1.2e-05.
func scientific(_ value: Double) -> String { String(format: "%.1e", value) }
