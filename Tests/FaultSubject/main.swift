import EventStore
import Glibc

/// The process that fault injection is done to: it performs one scenario over a data folder and writes a
/// line for everything that was acknowledged, so that the outcome can be held against what is on disk.
///
///     fault-subject prepare FOLDER        a log with events and three people, a backup, an escrow
///     fault-subject SCENARIO FOLDER       begin, append, recover, register, erase, rotate, checkpoint, backup, escrow, restore
///     fault-subject crowd FOLDER          appends, reads, erases, rotates and backs up, all at once
///     fault-subject grow FOLDER           records values of all sizes, and so many that they take several pages
///     fault-subject command FOLDER        records so many commands that the older ones go to their index
///     fault-subject fill FOLDER           records until something fails, waits for a line, and goes on
///     fault-subject await FOLDER          opens, waits for a line, and registers a person
///     fault-subject soak FOLDER NUMBER    appends calls of this number and upward until it is killed
///     fault-subject check SCENARIO FOLDER [HEAD [RESTORED]]
///                                         reopens, finishes, repeats, and verifies against the heads answered last
///     fault-subject check-copy SCENARIO FOLDER [HEAD [RESTORED]]
///                                         the same in a copy of the folder, which has to take the escrow over first
///     fault-subject hold ENVIRONMENT      reads one snapshot of an LMDB environment until it is killed
let arguments = CommandLine.arguments
guard arguments.count >= 3 else { exit(64) }
Hardening.endOnDamage(code: 1, prefix: "error ")
do {
  if ["check", "check-copy"].contains(arguments[1]), arguments.count >= 4 {
    try await Check(
      folder: arguments[3], heads: Array(arguments[4...]), isCopy: arguments[1] == "check-copy"
    ).run(arguments[2])
  } else if arguments[1] == "hold" {
    try holdSnapshot(of: arguments[2])
  } else {
    var scenario = Scenario(folder: arguments[2])
    if arguments.count == 4 { scenario.start = Int(arguments[3]) ?? 1 }
    try await scenario.run(arguments[1])
  }
} catch {
  say("error \(error)")
  exit(1)
}
