import ArgumentParser
import EventStore
import Foundation
import Logging
import Screening
import ScreeningServer

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Write the stored events, one a line, as their stored bytes.")
  @Option(help: "The first event's position.") var from: Position = 1
  @Flag(help: "Go on as events are appended, until interrupted.") var follow = false
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard !follow || moment.asOf == nil else {
      throw ValidationError("--follow goes on after now, and --as-of ends before. Give one.")
    }
  }

  func run() async throws {
    try await data.withOffice { office in
      let asOf = moment.moment
      let last = asOf == .now ? nil : try office.resolve(asOf)
      var next = max(from, 1)
      while true {
        let events = try office.log.events(from: next, through: last, limit: 1000)
        for event in events { Output.write(Data(event.bytes + [0x0A])) }
        if let last = events.last {
          next = last.position.next
        } else if follow {
          let before = Position(rawValue: next.rawValue - 1)
          _ = try await office.log.waitForEvents(after: before, timeout: .seconds(3600))
        } else {
          return
        }
      }
    }
  }
}

/// Of which of the store's own checkpoints the signatures are checked.
enum StoredSignatures: String, ExpressibleByArgument {
  case newest, all
}

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Check events, tree, signatures and sealed values; exit code 3 when something is wrong.",
    discussion: """
      Needs no key, and writes nothing: a backup, or a copy without keys, can be checked as well. That key files are \
      missing is noted and is no fault of the record; the exit code stays 0. With \
      --retrain, which needs the keys, every model is trained again and every screening derived again, bit \
      for bit. Without a checkpoint from elsewhere the check shows only that the store fits itself; 'covered' and \
      'pinned' tell how many events lie under what --against, --witnessed and --key vouch for.
        senko verify --data BACKUP --against checkpoint.txt
      """)
  @Flag(help: "Train every model and derive every screening again.") var retrain = false
  @Option(help: "A file with a checkpoint kept elsewhere, or with a receipt.") var against: String?
  @Option(help: "The public key that 'senko key' wrote, kept elsewhere.") var key: String?
  @Option(
    help: """
      Of which stored checkpoints the signatures are checked, newest or all; their roots always are.
      """)
  var signatures = StoredSignatures.newest
  @Option(help: "A file with a note that a witness has cosigned; with --witness-key.")
  var witnessed: [String] = []
  @Option(name: .customLong("witness-key"), help: "A witness's public key.")
  var witnessKeys: [String] = []
  @OptionGroup var data: DataOptions

  func validate() throws {
    if let key, VerifierKey(key) == nil {
      throw ValidationError("--key is none; give it as 'senko key' wrote it.")
    }
    for key in witnessKeys where WitnessKey(key) == nil {
      throw ValidationError("--witness-key is none; give it as 'senko witness' printed it.")
    }
  }

  func run() async throws {
    var options = VerifyOptions(against: try against.map { try readText($0) }, publicKey: key)
    options.everySignature = signatures == .all
    options.witnessed = try witnessed.map { try readText($0) }
    options.witnesses = witnessKeys.compactMap { WitnessKey($0) }
    // The store is checked without opening it, so that backups, copies without keys and damaged folders can be.
    let store = try await Progress.during { progress in
      try await Office.verifyStore(in: data.folder, worker: try workerPath(), options) {
        progress.show($0)
      }
    }
    if !data.json { show(store) }
    let report = try await complete(store)
    if data.json { try Output.json(report) } else { showRest(of: report, after: store) }
    if !report.ok { throw VerificationFailed() }
  }

  /// Adds what the store must be opened for, in a process of its own, which damage may end by a signal.
  private func complete(_ store: VerificationReport) async throws -> VerificationReport {
    guard retrain || !store.damaged.isEmpty else { return store }
    guard store.isReadable else {
      complain("What rests on the damage cannot be told, since the store cannot be read.")
      return store
    }
    do {
      return store.adding(
        try await Office.restInChild(
          of: store.damaged, in: data.folder, program: ownPath, retrain: retrain))
    } catch {
      if store.ok { throw error }
      complain("What rests on the damage cannot be told: \(error)")
      return store
    }
  }

  private func list(_ numbers: [UInt64]) -> String {
    numbers.map(String.init).joined(separator: ", ")
  }

  /// How many of the events something vouches for, and how many came after that.
  private func share(_ size: UInt64, of events: UInt64) -> String {
    let later = events - min(size, events)
    return "\(size) of \(counted(events, "event"))" + (later == 0 ? "" : ", \(later) came later")
  }

  private func show(_ report: VerificationReport) {
    Output.line("events       \(report.events)")
    Output.line("root         \(report.root)")
    Output.line("signed       \(share(report.signed, of: report.events))")
    if let pinned = report.pinned {
      Output.line("pinned       \(share(pinned, of: report.events))")
    }
    if let covered = report.covered {
      Output.line("covered      \(share(covered, of: report.events))")
    }
    for witness in report.witnessed {
      Output.line(
        "witnessed    \(counted(witness.size, "event")) by \(witness.name) at \(witness.at)")
    }
    for former in report.formerly {
      Output.line(
        "formerly     \(counted(former.size, "event")) of \(former.origin), as in this log; restored at event "
          + "\(former.position)")
    }
    for notice in report.notices { Output.line("notice       \(notice)") }
    for problem in report.problems { Output.line("problem      \(problem)") }
  }

  /// What was found after the store itself was checked.
  private func showRest(of report: VerificationReport, after store: VerificationReport) {
    if retrain {
      Output.line(
        "models       \(report.models.verified) trained again alike, "
          + "\(report.models.irreproducible) 再現不可 (消去), \(report.models.failed) failed")
      Output.line(
        "screenings   \(report.screenings.verified) derived again alike, "
          + "\(report.screenings.irreproducible) 再現不可 (消去), \(report.screenings.failed) failed")
    }
    for problem in report.problems.dropFirst(store.problems.count) {
      Output.line("problem      \(problem)")
    }
    for damage in report.damage {
      let owner = damage.applicant.map { "applicant \($0)" } ?? "no applicant"
      let models = damage.models.isEmpty ? "no model" : "models \(list(damage.models))"
      let screenings =
        damage.screenings.isEmpty ? "no screening" : "screenings \(list(damage.screenings))"
      Output.line("event \(damage.position) is hit: \(owner), \(models), \(screenings)")
    }
    Output.line(report.ok ? "ok" : "NOT OK")
    if !report.outsideCheckpoint {
      complain(
        "No checkpoint from elsewhere was given, so this shows only that the store fits itself. Keep what "
          + "'senko checkpoint' prints, and give it with --against.")
    }
  }
}

/// What `verify` runs in a process of its own: a line with positions comes in as a JSON array, the rest of the report goes
/// out.
struct VerifyRestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-rest",
    abstract: "The part of 'verify' that opens the store; run by it, not by people.",
    shouldDisplay: false)
  @Flag(help: "Train every model and derive every screening again.") var retrain = false
  @OptionGroup var data: DataOptions

  func run() async throws {
    let damaged = try JSONDecoder().decode([UInt64].self, from: Data((readLine() ?? "").utf8))
    LogWorker.endWithInput()
    try await data.withOffice(recording: false) { office in
      let rest = try await Progress.during { progress in
        try await office.rest(of: damaged.map { Position(rawValue: $0) }, retrain: retrain) {
          progress.show($0)
        }
      }
      try Output.json(rest)
    }
  }
}

struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: "Forget the views and fold them anew from the log.")
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let position = try await Progress.during { progress in
        try office.rebuild { progress.show($0) }
      }
      if data.json {
        try Output.json(["position": position.rawValue])
      } else {
        Output.line("folded \(counted(position.rawValue, "event"))")
      }
    }
  }
}

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Answer the HTTP API until interrupted.",
    discussion: """
      Plain HTTP for this machine or behind a proxy that adds TLS; HTTPS with --tls-certificate and --tls-key (or \
      SENKO_TLS_CERTIFICATE and SENKO_TLS_KEY). The secret that signs tokens comes from SENKO_JWT_SECRET, or \
      from the file token-secret that the first start makes in the data folder. Example:
        senko serve --host 0.0.0.0 --port 8443 --tls-certificate chain.pem --tls-key key.pem
      """)
  @Option(help: "The address to listen at.") var host = "127.0.0.1"
  @Option(help: "The port to listen at.") var port = 8080
  @Option(help: "A PEM file with the certificate and those that lead to its authority.")
  var tlsCertificate: String?
  @Option(help: "A PEM file with the certificate's private key.") var tlsKey: String?
  @OptionGroup var data: DataOptions

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError(
        "The port lies outside 1 to 65535 (0 takes any that is free). Give one like 8080.")
    }
    guard (tlsCertificate == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-certificate and --tls-key belong together; one is missing.")
    }
  }

  func run() async throws {
    try await data.withOffice { office in
      var logger = Logger(label: "senko") { StreamLogHandler.standardError(label: $0) }
      logger.logLevel = .notice
      var configuration = ServerConfiguration(
        secrets: try TokenSecrets.load(
          environment: ProcessInfo.processInfo.environment, directory: data.folder))
      try configuration.apply(environment: ProcessInfo.processInfo.environment)
      configuration.host = host
      configuration.port = port
      if let tlsCertificate, let tlsKey {
        configuration.tls = TLSFiles(certificateChain: tlsCertificate, privateKey: tlsKey)
      }
      let address = (configuration.tls == nil ? "http://" : "https://") + host
      configuration.onListening = { complain("listening at \(address):\($0)") }
      // Nobody waits for the reader's start; the store is not closed before it has answered.
      async let told: Void = tellOfOtherAnalysis(office)
      try await serve(office: office, configuration: configuration, logger: logger)
      await told
    }
  }

  /// Tells whoever can mend it that newcomers cannot be read, or be judged by what was learnt.
  private func tellOfOtherAnalysis(_ office: Office) async {
    do { if let other = try await office.otherAnalysis() { complain(other) } } catch {
      complain("\(error)")
    }
  }
}
