import ArgumentParser
import EventStore
import Glibc
import Screening

/// The command line: what a person or a script on the machine may ask of a data folder.
@main
struct Senko: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "senko",
    abstract: "選考 — an append-only record of document screening in hiring.",
    discussion: """
      Résumés come in as PDF or text, people label them OK or NG, and a linear model trained from those \
      labels gives a new applicant an OK度数. A score never turns anyone down: people do.

      Every command works on the data folder given by --data, by SENKO_DATA, or ./senko-data. What the \
      environment may set may stand in a file as well, a line like SENKO_DATA=/srv/senko each: \
      $SENKO_CONFIG, ~/.config/senko/senko.conf, or /etc/senko.conf.
      Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 refused or failed, \
      3 verification found a problem, 64 wrong usage.
      """,
    version: "senko\n\(CodeVersion.running(packages: linkedPackages))",
    groupedSubcommands: [
      .init(
        name: "People and documents",
        subcommands: [
          UserCommand.self, RegisterCommand.self, ImportCommand.self, OpenCommand.self,
          LabelCommand.self,
          StateCommand.self, CorrectCommand.self, DeclareCommand.self, DiscloseCommand.self,
          EraseCommand.self,
          HoldCommand.self, RetentionCommand.self,
        ]),
      .init(
        name: "Learning and screening",
        subcommands: [
          TrainCommand.self, PromoteCommand.self, ScreenCommand.self, PolicyCommand.self,
          LexiconCommand.self,
          ReplayCommand.self,
        ]),
      .init(
        name: "Queries",
        subcommands: [
          OpeningsCommand.self, QueueCommand.self, ApplicantsCommand.self, ApplicantCommand.self,
          DocumentCommand.self,
          HistoryCommand.self, WhyCommand.self, VocabularyCommand.self, ModelsCommand.self,
          ModelCommand.self, AuditCommand.self, DossierCommand.self, LogCommand.self,
        ]),
      .init(
        name: "Care of the store",
        subcommands: [
          VerifyCommand.self, VerifyRestCommand.self, CheckpointCommand.self, ProofCommand.self,
          ReceiptCommand.self,
          WitnessCommand.self, KeyCommand.self, ExportCommand.self, BackupCommand.self,
          EscrowCommand.self, RestoreCommand.self, RepairCommand.self, RebuildCommand.self,
          ReadCommand.self, RereadCommand.self, ServeCommand.self,
        ]),
    ])

  /// Runs the command and ends the process with the code that its failure stands for.
  static func main() async {
    // A reader that goes away, as `head` does, ends the output quietly.
    signal(SIGPIPE, SIG_DFL)
    Hardening.apply()
    Hardening.endOnDamage(code: 1, prefix: "senko: ")
    do {
      try requireText()
      try ConfigurationFile.apply()
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Refuses what a terminal of another encoding has sent: a name would be recorded for ever as other characters.
  private static func requireText() throws {
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = unsafe CommandLine.unsafeArgv[index],
        unsafe String(validatingCString: argument) == nil
      else { continue }
      throw ValidationError(
        "Argument \(index) is no text in UTF-8. Set the terminal, and the file that it comes from, to UTF-8."
      )
    }
  }
}
