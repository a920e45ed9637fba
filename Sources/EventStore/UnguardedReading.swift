import LMDB

/// A look at a log's file that others who write to it may know nothing of.
///
/// Where a folder may only be read, LMDB can register no reader: pages that a snapshot shows are then used again from the
/// second transaction on after it, and what is read of them fits nothing, or ends the process by a signal.
struct UnguardedReading {
  /// How often a whole log is looked at in vain.
  static let tries = 5

  private let folder: LogFolder
  private let transaction: Int?

  /// Notes where the log stands before the look.
  init(of folder: LogFolder) {
    self.folder = folder
    transaction = Environment.lastTransaction(in: folder.log)
  }

  /// Whether what was read since may have been written over meanwhile.
  var isOvertaken: Bool {
    guard !Environment.registersReaders(in: folder.log), let transaction,
      let now = Environment.lastTransaction(in: folder.log)
    else { return false }
    return now > transaction + 1
  }
}
