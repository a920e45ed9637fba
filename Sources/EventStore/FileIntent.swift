import Cryptography
import Glibc
import LMDB

/// The note that an append makes of the sealed files which it is about to write, so that what a crash leaves of them can
/// be told from what events name.
///
/// It is locked for as long as the append is under way. No file is ever removed that no note names: in a log that was set
/// back, or restored from an older backup, events that are lost may still come to be repaired.
struct FileIntent: Sendable {
  private let path: String
  private let folder: LogFolder
  private let lock: FileLock
  /// Under which keys the table of documents is to list them: subject ‖ digest.
  private let files: [[UInt8]]
  /// The last transaction of the log when the note was made: one that was set back to between then and the append's own is
  /// not told from one whose append was cut off.
  private let transaction: Int

  private static let title = "senko intent v1"

  /// Makes the note and holds it.
  ///
  /// It is not synced, which would cost as much as a file: without it, a power cut leaves a file that `verify` tells of.
  init(
    _ files: [SealedReference], in folder: LogFolder, after transaction: Int
  ) throws(EventLogError) {
    self.folder = folder
    self.files = files.map(\.key)
    self.transaction = transaction
    try Files.makeFolder(folder.intents)
    let made = try Self.make(in: folder.intents)
    path = made.path
    lock = made.lock
    do throws(EventLogError) {
      try Files.write(Array(text.utf8), to: made.descriptor, path, syncing: false)
    } catch {
      unsafe unlink(path)
      throw error
    }
  }

  /// Makes an empty file and locks it.
  private static func make(
    in directory: String
  ) throws(EventLogError) -> (path: String, descriptor: Int32, lock: FileLock) {
    var tries = 40
    while true {
      let path = directory + "/" + hexadecimal(RandomSource.system.bytes(32))
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw Files.failure("create a file in \(Files.name(directory))")
      }
      let lock = FileLock(atOnce: descriptor)
      let failure = Files.failure("lock a note of files to be written")
      // A start of another process may have come between: it has the lock, or has removed the file already.
      var status = stat()
      if let lock, unsafe fstat(descriptor, &status) == 0, status.st_nlink == 1 {
        return (path, descriptor, lock)
      }
      unsafe unlink(path)
      tries -= 1
      guard tries > 0 else { throw failure }
    }
  }

  /// Takes a note whose append is over, however it ended; `nil` where it is under way, or has gone.
  init?(left path: String, in folder: LogFolder) {
    let descriptor = unsafe open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0, let lock = FileLock(atOnce: descriptor) else { return nil }
    self.path = path
    self.folder = folder
    self.lock = lock
    // Of one that was cut short, nobody knows the files: `verify` tells of any that there are.
    let note = Self.read(path)
    (transaction, files) = note ?? (0, [])
  }

  /// The last transaction of then, and the files, that the note at `path` names; `nil` of what is none.
  private static func read(_ path: String) -> (transaction: Int, files: [[UInt8]])? {
    guard let text = try? Files.read(path), text.last == 0x0A else { return nil }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard lines.count > 2, lines[0] == Self.title, let transaction = Int(lines[1]) else {
      return nil
    }
    let files = lines[2...].compactMap { bytes(hexadecimal: $0) }.filter { $0.count == 48 }
    return files.count == lines.count - 2 ? (transaction, files) : nil
  }

  private var text: String {
    "\(Self.title)\n\(transaction)\n" + files.map { hexadecimal($0) + "\n" }.joined()
  }

  private static func digest(_ file: [UInt8]) -> Digest {
    Digest(exactly: file.span.extracting(16...))
  }

  /// The files that the notes in a folder name, of appends that are under way or were cut off.
  static func named(in folder: LogFolder) throws(EventLogError) -> Set<Digest> {
    var named: Set<Digest> = []
    for name in try Files.names(in: folder.intents) {
      for file in read(folder.intents + "/" + name)?.files ?? [] { named.insert(digest(file)) }
    }
    return named
  }

  /// Removes those of the files that no row lists, and the note; to be called when the append is over.
  ///
  /// Of a log that has gone back since, only the note is removed: what it lacks may have listed them.
  func settle(_ environment: Environment, _ tables: LogTables) throws(EventLogError) {
    let files = files
    let (unlisted, last) = try stored { () throws(LMDBError) in
      let unlisted = try environment.read { (transaction) throws(LMDBError) in
        var unlisted: [Digest] = []
        for file in files
        where try transaction.bytes(at: file.span, in: tables.documents) == nil {
          unlisted.append(Self.digest(file))
        }
        return unlisted
      }
      return (unlisted, try environment.info.lastTransaction)
    }
    if last >= transaction {
      for file in unlisted.map({ folder.document($0) }) {
        for path in [file, file + ".new"] where Files.exists(path) { try Files.remove(path) }
      }
    }
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw Files.failure("remove a note of files to be written")
    }
  }
}
