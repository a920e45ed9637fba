import ArgumentParser
import EventStore
import Foundation
import Screening

/// What every command on a data folder takes.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"), help: "The data folder. Default: $SENKO_DATA, or ./senko-data.")
  var directory: String?

  @Flag(help: "Print JSON: an object, or one object a line for a list.")
  var json = false

  @Option(help: "The language of tables, ja or en. Default: by $LANG.")
  var lang: Language?

  /// The data folder.
  var folder: String {
    directory ?? ProcessInfo.processInfo.environment["SENKO_DATA"] ?? "senko-data"
  }

  func validate() throws {
    if folder.isEmpty {
      throw ValidationError("--data, or $SENKO_DATA, names no folder. Give one.")
    }
  }

  /// Writes a text that others read byte for byte, as it is or as a member of an object.
  func write(_ text: String, named name: String) throws {
    if json { try Output.json([name: text]) } else { Output.write(Data(text.utf8)) }
  }

  /// Refuses to write to a place in the data folder, where it could take that of one of the log's files.
  ///
  /// - Parameter kind: what the sentence calls it.
  func requireOutside(_ path: String?, _ kind: String = "file") throws {
    if let path { try EventLog.requireOutside(folder, path, "The \(kind) '\(path)'") }
  }

  /// The language of tables.
  var language: Language { lang ?? .ofEnvironment }

  /// Opens the data folder for `body`, and closes it.
  ///
  /// - Parameter recording: whether what a restore could not record of erasures is recorded first.
  func withOffice<Value>(
    create: Bool = false, recording: Bool = true, recognisingScans: Bool = false,
    readingMany: WorkerOptions? = nil,
    _ body: (Office) async throws -> Value
  ) async throws -> Value {
    let office = try Office.open(
      OfficeConfiguration(
        directory: folder, worker: try workerPath(),
        readers: readingMany?.count ?? max(1, ProcessInfo.processInfo.activeProcessorCount),
        recognisesScans: recognisingScans, readingGivesWay: readingMany != nil,
        code: .running(packages: linkedPackages), program: ownPath),
      create: create)
    defer { office.close() }
    if !json {
      office.log.onLongWait {
        complain(
          "Another process is at an erasure, a change of keys, an escrow or a backup of this data, and this command waits "
            + "until that has ended.")
      }
    }
    // The command goes on, and whoever can mend it is told.
    if let pending = office.log.pending { complain(pending.message) }
    if let damage = office.viewDamage { complain(damage) }
    if recording {
      do { try await office.tellOfErasures() } catch { complain("\(error)") }
    }
    return try await body(office)
  }
}

/// What every command that reads documents takes.
struct ScanOptions: ParsableArguments {
  @Flag(
    name: .customLong("ocr"),
    help: "Recognise the characters of scanned pages by tesseract, a second or two each.")
  var recognises = false

  /// Says what could be done about a document that cannot be read.
  func hint(after reason: String?) {
    switch reason {
    case "no-text" where !recognises:
      complain("A document holds no text. If it is a scan, --ocr recognises its characters.")
    case "encrypted":
      complain("A document is encrypted. Ask the applicant for one that opens without a password.")
    default: break
    }
  }
}

/// What every command that reads many documents takes besides; they are read while nothing else wants a core.
struct WorkerOptions: ParsableArguments {
  @Option(
    name: .customLong("workers"),
    help: "How many documents are read at once. Default: one for each processor.")
  var count: Int?

  func validate() throws {
    if let count, !(1...64).contains(count) {
      throw ValidationError("--workers takes a number from 1 to 64.")
    }
  }
}

/// What every query takes besides.
struct MomentOptions: ParsableArguments {
  @Option(
    name: .customLong("as-of"),
    help:
      "Answer as of a position of the log, a time such as 2026-03-03T18:00:00+09:00, or the end of a day in Japan."
  )
  var asOf: AsOf?

  /// The moment asked about.
  var moment: AsOf { asOf ?? .now }
}

/// What every command that records something takes besides.
struct TermsOptions: ParsableArguments {
  @Option(
    help: "A key of your own: a second try under it records nothing, and answers as the first.")
  var key: String?
  @Option(
    help: "The log's position when this was decided; refused where something of it changed since.")
  var decidedAt: Position?

  /// The terms that these options make.
  var terms: Terms { Terms(key: key, decidedAt: decidedAt) }

  func validate() throws {
    if let key, !(1...255).contains(key.utf8.count) {
      throw ValidationError("--key is 1 to 255 bytes long, such as a UUID.")
    }
  }
}

/// The path of this program.
var ownPath: String { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path }

/// The path of `senko-worker`: from SENKO_WORKER, or beside this program.
func workerPath() throws -> String {
  if let named = ProcessInfo.processInfo.environment["SENKO_WORKER"] { return named }
  let path = URL(fileURLWithPath: ownPath).deletingLastPathComponent()
    .appendingPathComponent("senko-worker").path
  guard FileManager.default.isExecutableFile(atPath: path) else {
    throw Refusal(
      "The program senko-worker is not beside senko. Install both together, or name it with "
        + "SENKO_WORKER.")
  }
  return path
}

/// The text of a file named on the command line, which may be a pipe; a device may have no end.
func readText(_ path: String) throws -> String {
  let most = 64 << 20
  guard
    let data = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      .read(upToCount: most + 1) ?? Data()
  else {
    throw Refusal("The file '\(path)' cannot be read. Check that it is there.")
  }
  guard data.count <= most else {
    throw Refusal(
      "The file '\(path)' is larger than \(most >> 20) MiB. Check that it is the one meant.")
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw Refusal("The file '\(path)' is not a text in UTF-8. Check that it is the one meant.")
  }
  return text
}

extension Origin {
  /// A command on the command line that names nobody.
  static func commandLine(_ terms: TermsOptions?) -> Origin {
    var origin = Origin.commandLine
    origin.terms = terms?.terms ?? Terms()
    return origin
  }
}

extension Office {
  /// The number of the user whose mail address an option gives.
  func user(named email: String?, option: String) throws -> UserNumber? {
    try email.map { email in
      guard let user = try user(email: email) else {
        throw Refusal(
          "\(option) names nobody who is registered. 'senko user list' shows those who are.")
      }
      return user.number
    }
  }

  /// The user of a mail address given with `--by`, as the origin of a command on the command line.
  ///
  /// - Parameter roles: whose command it is, as it would be over HTTP.
  func origin(
    by email: String?, in roles: Set<Role>, _ terms: TermsOptions? = nil
  ) throws -> Origin {
    var origin = Origin.commandLine(terms)
    origin.onBehalfOf = try user(named: email, option: "--by")
    if let user = try origin.onBehalfOf.flatMap({ try self.user($0) }) {
      guard !user.disabled else {
        throw Refusal(
          "--by names somebody who is disabled, and so decides nothing any more. 'senko user list' shows who is "
            + "not.")
      }
      guard roles.contains(user.role) else {
        let names = Role.allCases.filter(roles.contains).map(\.rawValue)
        throw Refusal(
          "--by names somebody whose role is \(user.role.rawValue), and this is for the role "
            + "\(names.joined(separator: " or ")). 'senko user list' shows who has it.")
      }
    }
    return origin
  }
}
