import Cryptography
import LMDB

extension VerifyChunk {
  /// Checks what an event names: sealed values, documents and blobs.
  mutating func checkReferences(
    in data: JSONValue, at position: Position, _ transaction: borrowing ReadTransaction,
    _ tables: LogTables, _ folder: LogFolder
  ) throws(EventLogError) {
    for reference in data.references {
      named.add(reference)
      switch reference {
      case .sealed(let sealed): try check(sealed, at: position, transaction, tables, folder)
      case .blob(let digest):
        let blob = try value(digest.bytes, in: tables.blobs, transaction)
        if blob.map({ SHA256.hash($0) }) != digest {
          let state = blob == nil ? "missing" : "changed"
          report("The blob \(digest), named by event \(position), is \(state).", at: position)
        }
      }
    }
  }

  private mutating func check(
    _ reference: SealedReference, at position: Position,
    _ transaction: borrowing ReadTransaction, _ tables: LogTables, _ folder: LogFolder,
    isSecondLook: Bool = false
  ) throws(EventLogError) {
    guard try value(reference.subject.bytes, in: tables.keys, transaction) != nil else {
      erased += 1
      if firstNamed[reference.subject] == nil { firstNamed[reference.subject] = position }
      if try value(reference.subject.bytes, in: tables.erased, transaction) != nil {
        if reference.place == .file { erasedFiles.append(reference.sealed) }
      } else {
        report(
          "The key of a subject named by event \(position) is missing, though nobody erased it.",
          at: position)
      }
      return
    }
    let ciphertext: [UInt8]?
    switch reference.place {
    case .table: ciphertext = try value(reference.key, in: tables.sealed, transaction)
    case .file:
      let row = try value(reference.key, in: tables.documents, transaction)
      do throws(EventLogError) {
        ciphertext = try folder.read(reference.sealed, listedAs: row)
      } catch {
        guard case .damaged = error else { throw error }
        return report("A document named by event \(position) is changed.", at: position)
      }
      if ciphertext == nil, !isSecondLook {
        absent.append((reference, position))
        return
      }
      if let ciphertext, row != bigEndian(UInt64(ciphertext.count)) {
        report("A document named by event \(position) is not in the list of files.", at: position)
      }
    }
    if ciphertext.map({ SHA256.hash($0) }) == reference.sealed {
      sealed += 1
    } else {
      let what = reference.place == .table ? "sealed value" : "document"
      let state = ciphertext == nil ? "missing" : "changed"
      report("A \(what) named by event \(position) is \(state).", at: position)
    }
  }

  /// Looks again for the documents that were not there, in a snapshot of its own: whoever erased their subject after
  /// the first had removed them.
  mutating func checkAbsent(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables, _ folder: LogFolder
  ) throws(EventLogError) {
    for (reference, position) in absent {
      try check(reference, at: position, transaction, tables, folder, isSecondLook: true)
    }
    absent = []
  }

  private func value(
    _ key: [UInt8], in table: Table, _ transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in try transaction.value(at: key, in: table) }
  }
}
