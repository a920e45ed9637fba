import EventStore
import Glibc

/// Rows of the store against raw LMDB in C, one line each; ends with status 1 where a bar is missed.
///
/// `store-bench FOLDER [EVENTS [ROW…]]`: a folder that an earlier run has left is used again. The row `large` takes
/// minutes and 8 GB of disk; it and its part `erasure` stand alone.
let arguments = CommandLine.arguments
guard arguments.count >= 2 else { exit(64) }
let events = arguments.count > 2 ? Int(arguments[2]) ?? 200_000 : 200_000
let rows = Set(arguments.dropFirst(3))
if !rows.isDisjoint(with: ["large", "erasure"]) {
  let large = Large(folder: arguments[1])
  if rows.contains("large") { try await large.growing() }
  try await large.erasing()
  exit(missed.load(ordering: .relaxed) ? 1 : 0)
}
try await StoreBench(folder: arguments[1], events: events, rows: rows).run()
// Here the log is closed again: a process opens one once.
if rows.isEmpty || rows.contains("verify") {
  try await verifying(arguments[1] + "/log")
  try await verifyingSealed(arguments[1] + "/sealed")
}
if rows.isEmpty || rows.contains("open") { try await opening(arguments[1] + "/log") }
exit(missed.load(ordering: .relaxed) ? 1 : 0)
