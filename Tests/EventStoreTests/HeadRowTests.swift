import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// What the last transaction has left of the head lies in one row: what damages it, or comes between, must not cost the log.
@Suite struct HeadRowTests {
  private func makeLog(_ directory: String) async throws {
    let log = try EventLog.open(directory)
    for _ in 0..<4 { _ = try await log.append(notes(6)) }
    log.close()
  }

  /// Another process stores the note of an earlier head after those of later ones.
  @Test func ofEach256SizesANoteIsKeptWhoeverStoresItWhen() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(300))
      let earlier = try #require(log.writer.held)
      _ = try await log.append(notes(300))
      let later = try #require(log.writer.held)
      try log.environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try stored { () throws(LMDBError) in try log.tables.dropNotes(&transaction) }
        for note in [later, earlier] {
          var state = LogState()
          state.note = note
          let stage = Stage(
            tables: log.tables, keyring: log.keyring, clock: .system, random: log.random,
            commands: log.commands, state: state)
          try stage.storeNote(&transaction)
        }
      }
      #expect(try log.checkpoint(over: 300) == earlier.encoded)
      #expect(try log.checkpoint(over: 600) == later.encoded)
      #expect(try log.checkpointSize(before: 600) == 300)
      #expect(try log.checkpointSize(before: 300) == 0)
    }
  }
}
