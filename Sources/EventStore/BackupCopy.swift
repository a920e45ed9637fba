import Cryptography

/// A backup as a restore copies it, which is checked before any key comes to it.
struct BackupCopy: Sendable {
  private let backup: String
  /// Where the copy lies.
  let folder: LogFolder

  init(of backup: String, in folder: LogFolder) {
    self.backup = backup
    self.folder = folder
  }

  /// Refuses an escrow of another log, by whose keys nothing of the backup would be right.
  func requireLog(of escrow: Escrow) throws(EventLogError) {
    let text = String(decoding: try Files.read(backup + "/checkpoint") ?? [], as: UTF8.self)
    // Of one that cannot be read, the check tells.
    guard let origin = SignedNote(text).flatMap({ Checkpoint(text: $0.text) })?.origin,
      origin != escrow.signing.origin
    else { return }
    throw .invalid(
      "The backup and the escrow are of different logs: the backup is of '\(origin)', the escrow of "
        + "'\(escrow.signing.origin)'. Give the escrow of the same log.")
  }

  /// Copies the backup.
  func make() throws(EventLogError) {
    try Files.copyTree(backup + "/documents", to: folder.documents)
    try Files.makeFolder(folder.log)
    try Files.copy(backup + "/log/data.mdb", to: folder.log + "/data.mdb")
    try Files.copy(backup + "/checkpoint", to: folder.checkpoint)
    try Files.sync(folderOf: folder.log + "/data.mdb")
  }

  /// Checks the copy against the checkpoint that lies in it, which a key is to have signed that the escrow knows, and
  /// takes that checkpoint away.
  ///
  /// - Parameter worker: the path of `senko-worker`, in which that is done; `nil` does it in this process.
  /// - Returns: the checkpoint's note, and what is wrong: sentences.
  /// - Throws: `.inconsistent` where the log's file cannot be read at all.
  func check(
    by escrow: Escrow, worker: String?
  ) throws(EventLogError) -> (note: String, damage: [String]) {
    let text = String(decoding: try Files.read(folder.checkpoint) ?? [], as: UTF8.self)
    let keys = VerifierKey.listed(in: escrow.formerKeys) + [escrow.signing.verifier]
    let signer = SignedNote(text).flatMap { note in keys.last { $0.verifies(note) } }
    // An older escrow does not know the key that signed: the log's bridges are to lead to that from the escrow's.
    var options = VerifyOptions(publicKey: (signer ?? escrow.signing.verifier).description)
    options.everySignature = true
    let report =
      if let worker {
        try verifyInChild(worker: worker, directory: folder.path, options: options)
      } else {
        try verifyLog(directory: folder.path, options: options)
      }
    let problems = report.problems.map(\.description)
    guard report.isReadable else { throw .inconsistent(refusal(problems)) }
    // It is the backup's, and would be held against the log for ever.
    try Files.remove(folder.checkpoint)
    return (text, problems)
  }

  /// Why nothing was restored.
  func refusal(_ damage: [String]) -> String {
    let first = damage.prefix(5).joined(separator: " ")
    let more = damage.count > 5 ? " And \(damage.count - 5) more." : ""
    return
      "Nothing was restored, since something is wrong with the backup '\(backup)': \(first)\(more) Give another backup."
  }
}
