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
      let (checkpoint, verification) = try await office.backup(to: destination)
      guard verification.ok else {
        for problem in verification.problems { complain("The copy: \(problem)") }
        complain(
          "Run 'senko verify' on the store, repair it from an older backup, and make another one.")
        throw VerificationFailed()
      }
      Output.write(Data(checkpoint.utf8))
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
      Output.write(Data(try await office.export(to: destination).utf8))
    }
  }
}

struct EscrowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "escrow",
    abstract: "Write the keys that a restore needs, and keep them up to date at every erasure.",
    discussion: "Keep it on another medium than the backups: both together open everything.")
  @Argument(help: "The file to write.") var path: String
  @OptionGroup var data: DataOptions

  func run() async throws {
    let path = URL(fileURLWithPath: path).path
    try await data.withOffice { office in
      try await office.keepEscrow(at: path)
      Output.line("escrow at \(path)")
    }
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make the data folder from a backup and the escrow; who was erased stays erased.")
  @Argument(help: "The backup's folder.") var backup: String
  @Option(help: "The escrow's file.") var escrow: String
  @OptionGroup var data: DataOptions

  func run() async throws {
    let report = try await Office.restore(
      backup: backup, escrow: escrow,
      OfficeConfiguration(directory: data.folder, worker: try workerPath()))
    if data.json {
      try Output.json(report)
      return
    }
    Output.line("restored \(report.events) events, \(report.lost) lost, log \(report.origin)")
    if !report.erased.isEmpty {
      Output.line(
        "erased since the backup: \(report.erased.map { String($0) }.joined(separator: ", "))")
    }
  }
}

struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Put damaged records back from backups; only bytes that the tree commits to.",
    discussion: "No other process may have the data folder open.")
  @Option(name: .customLong("from"), help: "A backup's folder; may be given several times.")
  var backups: [String]
  @OptionGroup var data: DataOptions

  func run() async throws {
    let report = try repairLog(directory: data.folder, from: backups)
    Output.line(
      "repaired \(report.events.count) events, \(report.nodes) nodes, \(report.values) values, "
        + "\(report.commands.count) commands")
    for sentence in report.unrepaired { complain(sentence) }
    // What was passed over while it was damaged counts again.
    try await data.withOffice { office in _ = try office.rebuild() }
    if !report.unrepaired.isEmpty { throw ExitCode(1) }
  }
}
