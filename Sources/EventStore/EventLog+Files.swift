import Cryptography
import LMDB

// Sealed files are there before an event names them. Each append notes them first, so that none stays for which there
// never comes one.

extension EventLog {
  /// Writes and syncs the sealed files of appends, before anything names them.
  ///
  /// - Returns: the note of them, which `settle` is to be given; `nil` where there are none.
  func writeFiles(of appends: [Append]) async throws(EventLogError) -> FileIntent? {
    let documents = appends.flatMap(\.documents)
    guard !documents.isEmpty else { return nil }
    return try await offPool { [self] () throws(EventLogError) in
      try requireInPlace()
      for document in documents where document.ciphertext.count > Files.largestFile {
        throw .invalid("A document has over \(Files.largestFile) bytes. Give a shorter one.")
      }
      let intent = try FileIntent(
        documents.map(\.reference), in: folder, after: try lastTransaction())
      do throws(EventLogError) { try write(documents) } catch {
        settle(intent)
        throw error
      }
      return intent
    }
  }

  /// The number of the log's last transaction.
  func lastTransaction() throws(EventLogError) -> Int {
    try stored { () throws(LMDBError) in try environment.info.lastTransaction }
  }

  private func write(_ documents: [SealedDocument]) throws(EventLogError) {
    for document in documents {
      let path = folder.document(document.reference.sealed)
      try Files.makeFolder(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path)
      try Files.write(document.ciphertext, to: path, syncing: false)
    }
    // Once all are written, the first sync takes most of the others' work with it.
    var synced: Set<Substring> = []
    for document in documents {
      let path = folder.document(document.reference.sealed)
      try Files.sync(path)
      if synced.insert(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]).inserted {
        try Files.sync(folderOf: path)
      }
    }
    try Files.sync(folderOf: folder.documents + "/")
  }

  /// Removes the files of appends that were refused, repeat earlier ones or were not reached: no event will name them.
  ///
  /// Where nobody knows whether an append was recorded, the note of its files is held while this log is open, so that the
  /// same append can be tried again; the next start settles it.
  func settle(
    _ intent: FileIntent?, after results: [Result<Receipt, EventLogError>]
  ) async {
    guard let intent else { return }
    let isKnown = results.allSatisfy { result in
      guard case .failure(let error) = result else { return true }
      return error.isRefusal
    }
    guard isKnown, !results.isEmpty else { return hold(intent) }
    try? await offPool { [self] () throws(EventLogError) in settle(intent) }
  }

  /// As above, when no append is under way that the note is of.
  private func settle(_ intent: FileIntent) {
    do throws(EventLogError) {
      try requireInPlace()
      try intent.settle(environment, tables)
    } catch {
      hold(intent)
    }
  }

  /// Removes what appends have left whose process has gone.
  ///
  /// What cannot be removed is for the next start: nothing opens it.
  func collectFiles() {
    for name in (try? Files.names(in: folder.intents)) ?? [] {
      let intent = FileIntent(left: folder.intents + "/" + name, in: folder)
      try? intent?.settle(environment, tables)
    }
  }
}

extension EventLogError {
  /// Whether an append that it answers has recorded nothing, and never will.
  var isRefusal: Bool {
    switch self {
    case .streamChanged, .conflictingContent, .erasedContent, .erased, .invalid: true
    default: false
    }
  }
}
