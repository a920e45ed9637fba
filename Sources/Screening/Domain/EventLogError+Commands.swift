public import EventStore

extension EventLogError {
  /// What is said to do where reading a damaged file has to end the process.
  static let damageRemedy =
    "Run 'senko verify', then 'senko repair --from BACKUP'; where that cannot put it right, 'senko restore' makes a new "
    + "folder from a backup and the escrow."

  /// A sentence that says what happened and which of senko's commands helps.
  public var message: String {
    switch self {
    case .absent(let directory):
      "There is no senko data in '\(directory)'. Give the folder with --data, or begin with 'senko user "
        + "add', which makes one."
    case .locked(let directory):
      "The data in '\(directory)' is in use by another program: by a restore or a repair, which need it alone, or, "
        + "where this is one of these, by any other, as a server or 'senko log --follow'. Try again when that has ended."
    case .keyFile(let name, let reason):
      "The key file '\(name)' cannot be used: \(reason). Put its copy back, if you keep one; a lost one 'senko key "
        + "restore --escrow PATH' takes from the escrow. Else 'senko restore' makes a new folder from a backup and the "
        + "escrow, which holds this key."
    case .escrowUnreachable(let path):
      "The escrow '\(path)' cannot be reached, or what lies there is none of this log, so that an erased person's key would "
        + "stay in it, or a former signing key. Make it reachable, or put its copy back. Where it is lost, 'senko escrow' "
        + "writes another before the signing key is changed, and 'senko erase --without-escrow' gives it up, after which everybody can be erased: whoever "
        + "finds it then opens backups of before, and it restores none made after."
    case .escrowForked(let path):
      "The escrow '\(path)' is kept by another folder, of which this one is a copy, or was written by a copy of this one, "
        + "or this folder was set back to before it was written, as from a snapshot of its disk. Where it was set back, make "
        + "no other: 'senko restore' makes a new folder from a backup and this escrow, in which the erased stay erased. In "
        + "a copy, 'senko escrow' with another path makes one of its own: written from here, this one would not restore the "
        + "other folder any more. Where this folder has only been moved to another disk, or its disk numbers files anew "
        + "whenever it is mounted, 'senko escrow' with this path takes it over."
    case .unfinished(let position, let cause):
      Self.unfinished(position, because: cause.message)
    case .missing(let what):
      "\(what) is missing from the store. Run 'senko verify', then 'senko repair' from a backup."
    case .damaged(let what):
      "\(what) is not what was recorded. Run 'senko verify', then 'senko repair' from a backup."
    case .unreadable(let directory, let signal):
      "Reading the log in '\(directory)' has ended a process of its own by signal \(signal): its file, or that of a backup "
        + "that was given, is torn or damaged beyond reading, and nothing was changed. Run 'senko verify' on each, keep "
        + "the backups that there are, and run 'senko repair' with one that can be read, or with none."
    case .program(let path, let reason):
      "The program '\(path)' cannot be run to read the log in a process of its own: \(reason). Install senko and "
        + "senko-worker together, or name the latter with SENKO_WORKER."
    case .unrestored(let reason):
      "\(reason) 'senko restore --despite-damage' restores what there is, under a new name: look first into who can have "
        + "written to it."
    default: description
    }
  }
}
