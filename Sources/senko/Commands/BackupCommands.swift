import ArgumentParser
import EventStore
import Foundation
import Screening

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the log and documents to a new folder, without any key, while others go on.",
    discussion: """
      A backup alone opens nothing: a restore needs the escrow as well. The copy is verified, with exit code 3 when \
      something of it is wrong; what is written is the checkpoint that it holds.
      """)
  @Argument(help: "The folder to make.") var destination: String
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let (checkpoint, verification) = try await Progress.during { progress in
        try await office.backup(to: destination) { progress.show($0) }
      }
      guard verification.ok else {
        for problem in verification.problems { complain("The copy: \(problem)") }
        complain(
          "The copy is left without its checkpoint, so that nothing is restored from it. Run 'senko verify' on the "
            + "store, repair it from an older backup, and make another one.")
        throw VerificationFailed()
      }
      try data.write(checkpoint, named: "checkpoint")
    }
  }
}

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the log as static tiles that tools/verify-log.py checks without senko.")
  @Argument(help: "The folder to write to.") var destination: String
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      try data.write(try await office.export(to: destination), named: "checkpoint")
    }
  }
}

struct EscrowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "escrow",
    abstract:
      "Write the keys that a restore needs, and keep them up to date at every erasure and change of the signing key.",
    discussion: "Keep it on another medium than the backups: both together open everything.")
  @Argument(help: "The file to write.") var path: String
  @OptionGroup var data: DataOptions

  func run() async throws {
    let path = URL(fileURLWithPath: path).path
    try await data.withOffice { office in
      let former = try await office.keepEscrow(at: path)
      if data.json {
        try Output.json(["escrow": path, "former": former].compactMapValues(\.self))
      } else {
        Output.line("escrow at \(path)")
      }
      if let former {
        complain(
          "'\(former)' is no longer written from here, grows old, and would bring back who is erased from now on: remove "
            + "it, and what lies beside it under its name with '.new' or '.old' at the end, wherever they turn up. Only "
            + "where this folder is a copy, leave it to the folder that it was copied from.")
      }
      for file in try office.log.escrowLeftovers {
        complain(
          "'\(file)' may be what an earlier version has left when it was cut off. Remove it, unless it is somebody else's: "
            + "with the keys of then, it would bring back who was erased since.")
      }
    }
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make the data folder from a backup and the escrow; who was erased stays erased.",
    discussion: """
      The log goes on under a new name and key, as the event log.restored says, since the former one may have \
      signed more than the backup holds, and nothing else may ever be signed under its name. It keeps its name only \
      if the backup ends with the checkpoint that you state was the last: one that a witness has cosigned, or that \
      'senko checkpoint' wrote, after the last command of all.

      The copy is verified first, against the backup's own checkpoint and by a key that the escrow knows. Where \
      something is wrong with it or with the escrow, nothing is restored, and exit code 1 says so.
      """)
  @Argument(help: "The backup's folder.") var backup: String
  @Option(help: "The escrow's file.") var escrow: String
  @Option(help: "A file with the checkpoint that no other followed, as far as you know for sure.")
  var lastCheckpoint: String?
  @Flag(help: "Restore what there is of a damaged or forged backup or escrow, under a new name.")
  var despiteDamage = false
  @OptionGroup var data: DataOptions

  func run() async throws {
    let report = try await Office.restore(
      backup: backup, escrow: escrow, lastCheckpoint: try lastCheckpoint.map { try readText($0) },
      despiteDamage: despiteDamage,
      OfficeConfiguration(directory: data.folder, worker: try workerPath()))
    if report.clearedLeftovers {
      complain(
        "What an earlier restore that was cut off had left, keys perhaps, was removed first.")
    }
    if !report.damage.isEmpty {
      complain("WHAT WAS RESTORED IS NOT WHAT WAS RECORDED; whoever relies on it must be told:")
      for problem in report.damage { complain("  \(problem)") }
    }
    if data.json {
      try Output.json(report)
      return
    }
    Output.line(
      "restored \(counted(report.events, "event")), \(report.lost) known to be lost, log \(report.origin)"
    )
    let isRenamed = report.origin != report.formerOrigin
    if isRenamed {
      Output.line("continues    \(report.formerOrigin), under a new name and key")
      if lastCheckpoint != nil {
        complain(
          "The log could not keep its name, though a last checkpoint was given: "
            + (report.damage.isEmpty
              ? "a later one is known, so that events which the backup lacks were signed."
              : "what is damaged is not signed under it."))
      }
    }
    if !report.erased.isEmpty {
      Output.line(
        "erased since the backup: \(report.erased.map { String($0) }.joined(separator: ", "))")
    }
    complain(
      "No escrow is kept of this folder yet. "
        + (isRenamed
          ? "First make a new backup with 'senko backup', then write a new escrow with 'senko escrow', which does "
            + "not open backups of the former name. "
          : "Write one with 'senko escrow'. ")
        + "While the old escrow exists, it brings back whoever is erased from now on.")
  }
}

struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Put damaged records back from backups; only bytes that the tree commits to.",
    discussion: """
      No other process may have the data folder open. Where the pages of the log's file do not hang together any more, the \
      file is made anew from all that can be read of it and from the backups, which takes as much room on the disk again. It \
      ends where the log did, or nothing is changed. The old file is kept in the data folder, as 'log.damaged': remove that \
      once 'senko verify' finds nothing wrong and a new backup is made.

      Where events are in no page and no backup any more, the log cannot go on under its name. --as-backup then writes what \
      there is ahead of them, and 'senko restore' makes a new folder from that and the escrow.
      """)
  @Option(
    name: .customLong("from"),
    help: "A backup's folder; may be given several times, or not at all.")
  var backups: [String] = []
  @Option(
    help: """
      A file with the checkpoint that no other followed, where the log's file does not tell its end any more.
      """)
  var lastCheckpoint: String?
  @Option(
    help: "Repair nothing, and write what can be read ahead of what is missing to this folder.")
  var asBackup: String?
  @OptionGroup var data: DataOptions

  func validate() throws {
    if asBackup != nil, lastCheckpoint != nil {
      throw ValidationError(
        "--last-checkpoint says where a repair must end, and --as-backup writes what there is. Give one."
      )
    }
  }

  func run() async throws {
    // What would end this process by a signal ends one of its own.
    for folder in backups {
      let store = try? await Office.verifyStore(in: folder, worker: try workerPath())
      // What cannot be looked at at all, the repair refuses by its name.
      guard store?.isReadable ?? true else {
        complain(
          "The log's file in the backup '\(folder)' is torn or damaged beyond reading. Nothing was changed. Give another "
            + "backup, or none: what the data folder's own file holds is put right without.")
        throw ExitCode(1)
      }
    }
    if let asBackup {
      let (checkpoint, report) = try backUpRestInChild(
        worker: try workerPath(), of: data.folder, to: asBackup, from: backups)
      try data.write(checkpoint, named: "checkpoint")
      for sentence in report.unrepaired { complain(sentence) }
      return
    }
    let report = try repairInChild(
      worker: try workerPath(), directory: data.folder, from: backups,
      lastCheckpoint: try lastCheckpoint.map { try readText($0) })
    if data.json {
      try Output.json(RepairedRecords(report))
    } else {
      Output.line(
        "repaired \(counted(report.events.count, "event")), \(counted(report.nodes, "node")), "
          + "\(counted(report.values, "value")), \(counted(report.commands.count, "command"))")
    }
    for sentence in report.unrepaired { complain(sentence) }
    if let kept = report.kept {
      complain(
        "The log's file was made anew, since its pages did not hang together. As it was, it is kept in '\(kept)': remove that "
          + "once 'senko verify' finds nothing wrong and a new backup is made.")
    }
    for kept in report.keptEarlier {
      complain(
        "An earlier repair has kept the log's file as it was in '\(kept)': remove that once 'senko verify' finds nothing "
          + "wrong and a new backup is made.")
    }
    try foldAnew()
    if !report.unrepaired.isEmpty { throw ExitCode(1) }
  }

  /// Has what was passed over while it was damaged count again; in a backup there are no views.
  private func foldAnew() throws {
    let views = data.folder + "/views"
    guard FileManager.default.fileExists(atPath: views) else { return }
    let rebuilt = try ChildProcess(ownPath, ["rebuild", "--data", data.folder], input: [])
      .wait { _ in }
    guard !rebuilt.isSuccess else { return }
    complain(
      "The log is repaired, but its views could not be folded anew. Remove the folder '\(views)': the next command makes "
        + "it.")
    throw ExitCode(1)
  }
}

/// What a repair did, as it is printed.
private struct RepairedRecords: Encodable {
  let events, commands: [UInt64]
  let nodes, values: Int
  let unrepaired: [String]
  let kept: String?
  let keptEarlier: [String]

  init(_ report: RepairReport) {
    events = report.events.map(\.rawValue)
    commands = report.commands.map(\.rawValue)
    (nodes, values) = (report.nodes, report.values)
    (unrepaired, kept) = (report.unrepaired, report.kept)
    keptEarlier = report.keptEarlier
  }
}
