import EventStore
import FoundationEssentials

/// How far an import is.
public struct ImportProgress: Sendable {
  /// Lines that are done.
  public let done: Int
  /// Lines in all.
  public let total: Int
}

/// What an import did.
public struct ImportReport: Sendable, Encodable {
  /// A line that was not imported.
  public struct Failure: Sendable, Encodable {
    /// The line's number, from 1.
    public let line: Int
    /// What is wrong with it, and what to do.
    public let reason: String
  }

  /// Applicants registered now.
  public var imported = 0
  /// Lines that had been imported before.
  public var repeated = 0
  /// Of those imported now, documents that could not be read.
  public var unreadableDocuments = 0
  /// Lines that were not imported.
  public var failed: [Failure] = []
}

extension Office {
  /// Imports a manifest: one applicant a line, with the documents beside it and the label given earlier.
  ///
  /// A bad line is reported and the rest goes on; importing again imports nothing twice. Documents are
  /// read by several workers at once, and recorded in the manifest's order. Applicants without a label
  /// are screened where a model is in force.
  ///
  /// - Parameter reader: who gave the labels that name nobody.
  /// - Throws: `.invalid` when the manifest itself cannot be read.
  public func importManifest(
    _ path: String, reader: UserNumber? = nil, by origin: Origin,
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ImportReport {
    LargeBlocks.giveBack()
    let lines = try manifestLines(path)
    try await offPool { [self] () throws(ScreeningError) in _ = try catchUp() }
    let folder =
      path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) : "."
    var report = ImportReport()
    var done = 0
    // Reading is the slow part: a window of lines is read at once while those before it are recorded.
    var window: [(line: Int, size: Int, prepared: Task<Result<Prepared, ScreeningError>, Never>)] =
      []
    let room = ImportWindow(lines: Self.portion + 2 * configuration.readers)
    var (recording, recorded): (Task<[LineResult], Never>?, Int) = (nil, 0)
    var rest = lines[...]
    while true {
      while let (number, text) = rest.first {
        let size = ManifestLine.documentBytes(of: text, in: folder)
        guard room.admits(size, besides: window.map(\.size), andRecorded: recorded) else { break }
        rest.removeFirst()
        let task = Task { await prepareLine(text, in: folder, reader: reader) }
        window.append((number, size, task))
      }
      var portion: [PreparedLine] = []
      recorded = 0
      for (line, size, prepared) in window.prefix(Self.portion) {
        portion.append((line, await prepared.value))
        recorded += size
      }
      window.removeFirst(portion.count)
      for (line, result) in await recording?.value ?? [] {
        do throws(ScreeningError) {
          report.count(try result.get())
        } catch {
          if error.endsImports {
            // What is still being read must end before the store is closed under it.
            for (_, _, waiting) in window { _ = await waiting.value }
            throw ScreeningError(
              error.kind,
              "\(error.description) The import stopped at line \(line), after \(report.imported) new "
                + "applicants; import the manifest again to go on.")
          }
          report.failed.append(.init(line: line, reason: error.description))
        }
        done += 1
        progress?(ImportProgress(done: done, total: lines.count))
      }
      if portion.isEmpty, rest.isEmpty { return report }
      recording = Task { [portion] in await recordLines(portion, by: origin) }
    }
  }

  /// How many lines are recorded together at most.
  private static let portion = 16
  private typealias PreparedLine = (line: Int, prepared: Result<Prepared, ScreeningError>)
  private typealias LineResult = (line: Int, result: Result<Recorded, ScreeningError>)

  private func prepareLine(
    _ text: Data, in folder: String, reader: UserNumber?
  ) async -> Result<Prepared, ScreeningError> {
    do throws(ScreeningError) {
      let described = try await offPool {
        [self] () throws(ScreeningError) -> (Application, Lesson?) in
        try application(of: try ManifestLine(parsing: text), in: folder, by: reader)
      }
      return .success(try await prepare(described.0, lesson: described.1))
    } catch {
      return .failure(error)
    }
  }

  /// Records lines in their order, up to an error that every line after it would meet as well.
  private func recordLines(
    _ lines: [PreparedLine], by origin: Origin
  ) async -> [LineResult] {
    let end = lines.firstIndex { line in
      if case .failure(let error) = line.prepared { error.endsImports } else { false }
    }
    let lines = end.map { Array(lines[...$0]) } ?? lines
    let recorded = await record(lines.compactMap { try? $0.prepared.get() }, by: origin)
    var (results, next): ([LineResult], _) = ([], recorded[...])
    for (line, prepared) in lines {
      switch prepared {
      case .failure(let error): results.append((line, .failure(error)))
      case .success(let prepared):
        guard let present = next.popFirst() else { return results }
        do throws(ScreeningError) {
          let recorded = try present.get()
          // An import that was cut off between the two steps is made whole by the next one.
          if prepared.lesson == nil, try newestRow(recorded.applicant)?.screening == nil {
            _ = try await screenIfPossible(recorded.applicant, by: origin)
          }
          results.append((line, .success(recorded)))
        } catch {
          results.append((line, .failure(error)))
        }
      }
      if case .failure(let error) = results.last?.result, error.endsImports { break }
    }
    return results
  }

  /// The lines that are not blank, with their numbers.
  private func manifestLines(_ path: String) throws(ScreeningError) -> [(Int, Data)] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .invalid("The manifest '\(path)' cannot be read. Check that the file is there.")
    }
    return data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .compactMap { index, line in
        line.contains { ![0x20, 0x09, 0x0D].contains($0) } ? (index + 1, Data(line)) : nil
      }
  }
}

extension ImportReport {
  fileprivate mutating func count(_ recorded: Office.Recorded) {
    if recorded.receipt.repeated { repeated += 1 } else { imported += 1 }
    unreadableDocuments += recorded.documents.count { $0.status == "unreadable" }
  }
}

extension ScreeningError {
  /// Whether it is one of the store, which every line after this one would meet as well.
  var endsImports: Bool { kind == .diskFull || kind == .unavailable }
}
