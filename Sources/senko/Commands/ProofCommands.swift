import ArgumentParser
import Cryptography
import EventStore
import Foundation
import Screening

struct CheckpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Write the newest signed checkpoint, to be kept elsewhere for 'verify --against'.",
    discussion: """
      As of a moment, the checkpoint that covers the events up to it and no more; beside the newest, about one in 256 is \
      kept.
      """)
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let note = try office.checkpoint(asOf: moment.moment)
      if data.json {
        try Output.json(["checkpoint": note, "publicKey": office.log.publicKey])
      } else {
        Output.write(Data(note.utf8))
      }
    }
  }
}

struct ProofCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof",
    abstract: "Prove that an event lies under the newest checkpoint (C2SP tlog-proof).")
  @Argument(help: "The event's position.") var position: Position
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      try data.write(try office.proof(of: position), named: "proof")
    }
  }
}

struct ReceiptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Write an applicant's registration with its proof, to be handed to the applicant.",
    discussion: """
      One file that anybody checks offline, with the key that 'senko key' wrote, got from elsewhere:
        tools/verify-log.py --proof receipt.tlog-proof --key KEY
      Under the newest checkpoint, whatever the moment.
      """)
  @Argument(help: "The applicant's number.") var applicant: ApplicantNumber
  @OptionGroup var moment: MomentOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    try await data.withOffice { office in
      let receipt = try office.receipt(of: applicant, asOf: moment.moment)
      try data.write(receipt, named: "receipt")
    }
  }
}

struct WitnessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract:
      "Remember the newest checkpoint elsewhere, and cosign it if it continues the last one.",
    discussion: """
      Run it as another user, with a state that the operator cannot write: it refuses a log that was set back \
      or changed. The data folder is only read, and needs no keys: a copy, or a mount that cannot be written, will do. \
      Of a log in use the newest checkpoint that lies in the folder counts, one append behind at most. A restored log \
      has another name; it is followed where it holds all that was seen. The cosigned note goes to standard output.
      """)
  @Option(help: "The witness's own folder.") var state: String
  @Option(help: "The witness's name.") var name = "witness"
  @OptionGroup var data: DataOptions

  func run() async throws {
    try data.requireOutside(state, "witness's folder")
    let witness = try Witness(directory: state, name: name)
    let before = try witness.newest().flatMap { Checkpoint(note: $0) }
    let cosigned = try witness.cosign(logIn: data.folder)
    if let before, let now = Checkpoint(note: cosigned), before.origin != now.origin {
      complain(
        "The log was restored: what was \(before.origin) goes on as \(now.origin), and all \(before.size) events that "
          + "were seen were kept. Look into why.")
    }
    if data.json {
      try Output.json(["note": cosigned, "witnessKey": witness.key.description])
    } else {
      complain("witness key \(witness.key)")
      Output.write(Data(cosigned.utf8))
    }
  }
}

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "The key that signs checkpoints.",
    subcommands: [Show.self, Rotate.self, Restore.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the public key, to be pinned by those who verify.")
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        if data.json {
          try Output.json(["publicKey": office.log.publicKey])
        } else {
          Output.line(office.log.publicKey)
        }
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign with a new key from now on; one checkpoint carries both signatures.")
    @Option(help: "The address of who decides so.") var by: String?
    @OptionGroup var data: DataOptions

    func run() async throws {
      try await data.withOffice { office in
        let result = try await office.rotateSigningKey(by: try office.origin(by: by, in: .ruling))
        if data.json { try Output.json(result) } else { Output.line(office.log.publicKey) }
      }
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a lost file 'wrapping-key' or 'signing-key' back from the escrow.",
      discussion: """
        For a data folder that is whole but for its keys, and that no other process has open; from a backup, 'senko \
        restore' makes a folder. The escrow must be this log's own and of now: one from before the last erasure or \
        change of the signing key is refused. No file is written over.
        """)
    @Option(help: "The escrow's file.") var escrow: String
    @OptionGroup var data: DataOptions

    func run() async throws {
      let written = try await EventLog.restoreKeys(in: data.folder, escrow: escrow)
      if data.json {
        try Output.json(["restored": written])
      } else if written.isEmpty {
        Output.line("both keys are there")
      } else {
        Output.line("restored \(written.joined(separator: ", "))")
      }
    }
  }
}
