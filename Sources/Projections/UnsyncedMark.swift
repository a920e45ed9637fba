import Glibc
import LMDB
import Synchronization

/// Tells whether a folder of views may lack what was written to it.
///
/// Views are written without waiting for the disk, for what is lost is folded again. As long as the machine runs,
/// nothing is: what a program wrote that was killed is in the kernel's cache. But a power cut may leave out any
/// page, which LMDB does not see. So the file `unsynced` names the boot in which something was written that may
/// not be on the disk yet; under another boot, what is stored is removed. So is what was found damaged: then it names none.
final class UnsyncedMark: Sendable {
  private let directory: String
  private let boot: String
  /// Held shared by every process that has the views open.
  private let descriptor: Int32
  private let isSet = Mutex(false)
  private let isSpoilt = Atomic(false)

  /// The machine's present boot; `nil` where the kernel does not tell.
  static var currentBoot: String? {
    let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let text = Self.text(in: descriptor)
    return text.isEmpty ? nil : text
  }

  /// Removes what lies in `directory` where another boot had not written all of it.
  ///
  /// - Throws: `ViewError.storage` when the folder cannot be used.
  init(directory: String, boot: String) throws(ViewError) {
    self.directory = directory
    self.boot = boot
    descriptor = unsafe open(directory + "/unsynced", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure() }
    // Others that have the views open looked before.
    let isAlone = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    guard isAlone || errno == EWOULDBLOCK else {
      let failure = Self.failure()
      close(descriptor)
      throw failure
    }
    if isAlone {
      let marked = Self.text(in: descriptor)
      if !marked.isEmpty, marked != boot {
        do throws(ViewError) { try removeStored() } catch {
          close(descriptor)
          throw error
        }
      }
    }
    share()
  }

  /// Removes what is stored, which is damaged, unless another process has the views open; says whether that was done.
  func removeDamaged() throws(ViewError) -> Bool {
    defer { share() }
    // A program that this process starts holds for a moment what it will not have open.
    for _ in 0..<40 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        try removeStored()
        return true
      }
      usleep(5_000)
    }
    return false
  }

  private func removeStored() throws(ViewError) {
    guard unsafe unlink(directory + "/data.mdb") == 0 || errno == ENOENT,
      ftruncate(descriptor, 0) == 0
    else { throw Self.failure() }
  }

  deinit { close(descriptor) }

  /// To be called before anything is written.
  func set() throws(ViewError) {
    try isSet.withLock { (isSet) throws(ViewError) in
      if isSet || isSpoilt.load(ordering: .relaxed) { return }
      let bytes = Array(boot.utf8)
      let count = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard count == bytes.count, fdatasync(descriptor) == 0 else { throw Self.failure() }
      isSet = true
    }
  }

  /// Takes the mark away once `sync` has brought everything to the disk, unless another process has the views open,
  /// which may be writing.
  ///
  /// Nothing may be written meanwhile.
  func clear(_ sync: () throws(ViewError) -> Void) throws(ViewError) {
    guard !Self.text(in: descriptor).isEmpty, !isSpoilt.load(ordering: .relaxed) else { return }
    // While the lock changes hands somebody else may clear the mark, so that it must be set again.
    isSet.withLock { $0 = false }
    defer { share() }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    do throws(ViewError) { try sync() } catch {
      spoil()
      throw error
    }
    guard ftruncate(descriptor, 0) == 0, fdatasync(descriptor) == 0 else { throw Self.failure() }
  }

  /// Marks what is stored as lost: it is damaged, or the disk has refused a part of it, and tells so once only.
  ///
  /// The next to open the views alone removes it.
  func spoil() {
    isSpoilt.store(true, ordering: .relaxed)
    loss.write()
  }

  /// What marks it where the process has to end at once.
  var loss: LossMark { LossMark(descriptor: descriptor) }

  private func share() {
    while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
  }

  private static func text(in descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    return String(decoding: bytes.prefix(max(count, 0)).prefix { $0 > 0x20 }, as: UTF8.self)
  }

  private static func failure() -> ViewError {
    errno == ENOSPC
      ? .diskFull
      : .storage(operation: "marked", reason: unsafe String(cString: strerror(errno)))
  }
}
