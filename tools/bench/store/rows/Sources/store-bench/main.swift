import EventStore
import Glibc

/// `store-bench FOLDER [EVENTS]`: rows of the store against raw LMDB in C, one line each.
let arguments = CommandLine.arguments
guard arguments.count >= 2 else { exit(64) }
let events = arguments.count > 2 ? Int(arguments[2]) ?? 200_000 : 200_000
try await StoreBench(folder: arguments[1], events: events).run()
// Here the log is closed again: a process opens one once.
try await verifying(arguments[1] + "/log", bytes: 439)
