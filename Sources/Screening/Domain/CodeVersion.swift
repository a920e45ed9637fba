import Cryptography
import DocumentReader
import EventStore
import Glibc

/// What computes: the program, what it was built from, and the libraries that it runs with.
///
/// Nothing of it is noted by hand. The program's id is the linker's digest of it, libraries are asked, and
/// packages are those that the build resolved.
public struct CodeVersion: Sendable, Hashable, CustomStringConvertible {
  /// The linker's build id in hexadecimal; `nil` where it made none.
  public var program: String?
  /// The libraries that are loaded, with their versions.
  public var libraries: [String: String]
  /// The Swift packages that are linked, with their versions.
  public var packages: [String: String]

  /// The program that is running.
  ///
  /// - Parameter packages: the Swift packages that it was built from.
  public static func running(packages: [String: String] = [:]) -> CodeVersion {
    CodeVersion(
      program: BuildID.running.map { hexadecimal(Array($0)) },
      libraries: EventLog.libraries.merging(LoadedLibraries.versions) { first, _ in first },
      packages: packages)
  }

  /// A line each for the program, its libraries and its packages, for people.
  public var description: String {
    func list(_ versions: [String: String]) -> String {
      versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    return """
      build      \(program ?? "unknown")
      libraries  \(list(libraries))
      packages   \(packages.isEmpty ? "unknown" : list(packages))
      """
  }

  /// The text that events name by its digest: one line of JSON in the log's one encoding.
  var encoded: [UInt8] {
    func object(_ versions: [String: String]) -> JSONValue {
      .object(JSONObject(versions.mapValues { .string($0) }))
    }
    var members: [String: JSONValue] = [
      "libraries": object(libraries), "packages": object(packages),
    ]
    if let program { members["program"] = .string(program) }
    return JSONValue.object(JSONObject(members)).encoded()
  }
}

/// The note that a linker leaves in a program (`--build-id`), from the file that is running.
private enum BuildID {
  /// The running program's; `nil` where there is none.
  static var running: [UInt8]? {
    let file = unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // The header of an ELF file of 64 bits tells where its table of segments lies.
    guard let header = bytes(of: file, at: 0, count: 64), header.starts(with: "\u{7F}ELF\u{2}".utf8)
    else { return nil }
    let (table, size, count) = (number(header, 32, 8), number(header, 54, 2), number(header, 56, 2))
    for index in 0..<count {
      guard let segment = bytes(of: file, at: table + index * size, count: 56) else { return nil }
      // Segments of notes are of type 4.
      guard number(segment, 0, 4) == 4,
        let notes = bytes(of: file, at: number(segment, 8, 8), count: number(segment, 32, 8))
      else { continue }
      if let id = id(in: notes) { return id }
    }
    return nil
  }

  /// Goes through notes: the lengths of name and content, the kind, then name and content, each filled up to
  /// four bytes.
  private static func id(in notes: [UInt8]) -> [UInt8]? {
    var place = 0
    while place + 12 <= notes.count {
      let (name, content) = (number(notes, place, 4), number(notes, place + 4, 4))
      let start = place + 12 + (name + 3) / 4 * 4
      guard start + content <= notes.count else { return nil }
      if number(notes, place + 8, 4) == 3, notes[(place + 12)...].starts(with: "GNU\0".utf8) {
        return Array(notes[start..<start + content])
      }
      place = start + (content + 3) / 4 * 4
    }
    return nil
  }

  /// A number, least significant byte first.
  private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Int {
    var number: UInt64 = 0
    for offset in (0..<size).reversed() { number = number << 8 | UInt64(bytes[place + offset]) }
    return Int(truncatingIfNeeded: number)
  }

  private static func bytes(of file: Int32, at offset: Int, count: Int) -> [UInt8]? {
    guard offset >= 0, 0...(1 << 20) ~= count else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe pread(file, &bytes, count, off_t(offset)) == count ? bytes : nil
  }
}
