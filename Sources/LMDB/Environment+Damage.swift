import CLMDB
import Glibc

extension Environment {
  /// So many pages are looked at before anything may be written: of a small file all, of a large one those that all
  /// others are found by.
  static let pagesLookedAt = 4096

  /// What is wrong with how the pages of the file hang together, as a clause; `nil` where nothing is.
  ///
  /// LMDB itself would be led astray by such a page: it might end the process, or write where it must not.
  ///
  /// - Parameter limit: how many of the tables' pages are looked at, the upper ones first.
  /// - Throws: what the operating system says of a page that cannot be read; `isOvertaken` where others go on writing
  ///   over what is looked at.
  /// - Complexity: O(pages), of which each is read once; the snapshot is held meanwhile.
  public func damage(limit: Int = .max) throws(LMDBError) -> String? {
    let descriptor = unsafe open(path + "/data.mdb", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open data.mdb") }
    defer { close(descriptor) }
    for _ in 0..<9 {
      let (transaction, damage) = try read {
        (transaction) throws(LMDBError) -> (UInt64, String??) in
        let number = unsafe UInt64(mdb_txn_id(transaction.raw))
        // A meta page is written over by the next transaction but one, which may have come between.
        guard let meta = DataFile.meta(descriptor, of: number, inTurn: isOrdered) else {
          return (number, nil)
        }
        return (number, .some(try self.damage(descriptor, meta, limit: limit)))
      }
      guard let damage else { continue }
      guard damage != nil, isUnguarded else { return damage }
      // From that transaction on, pages of a snapshot are used again whose reader is not registered.
      if UInt64(try info.lastTransaction) <= transaction + 1 { return damage }
    }
    guard !isUnguarded else { throw .overtaken }
    return
      "the first two pages of '\(path)/data.mdb' are not as its last two transactions left them"
  }

  private func damage(
    _ descriptor: Int32, _ meta: DataFile.Meta, limit: Int
  ) throws(LMDBError) -> String? {
    let name = "'\(path)/data.mdb'"
    var walk = PageWalk(descriptor, meta)
    do throws(PageWalk.Damage) {
      try walk.run(meta, limit: limit)
      return nil
    } catch {
      switch error {
      case .page(let page, let table):
        return "page \(page) of \(name), in the table '\(table)', is not as LMDB leaves one"
      case .table(let table):
        return "the table '\(table)' of \(name) has not the pages that its record says"
      case .unreadable(let code): throw LMDBError(code: code, operation: "read data.mdb")
      }
    }
  }
}
