import Cryptography
import Dispatch
import Glibc

@testable import EventStore

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  if let problem = Parsers.problem(with: input) { fatalError(problem) }
  return 0
}

/// Puts one well-formed text of every kind into the folder that `SENKO_FUZZ_SAMPLES` names, to begin with.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: OpaquePointer, _ arguments: OpaquePointer) -> Int32 {
  guard let value = getenv("SENKO_FUZZ_SAMPLES") else { return 0 }
  let folder = String(cString: value)
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    do { try await writeSamples(folder) } catch { fatalError("\(error)") }
    done.signal()
  }
  done.wait()
  return 0
}

private func writeSamples(_ folder: String) async throws {
  let data = folder + ".data"
  let log = try EventLog.open(data)
  let subject = log.makeSubject()
  let name = log.seal([1, 2, 3], for: subject, purpose: "name")
  var append = Append(actor: "operator", via: "cli")
  append.events = (0..<20).map {
    EventDraft(
      stream: "a:1", type: "a.noted",
      data: ["n": .integer($0), "name": name.reference.json, "t": "é\n"],
      happened: "2026-11-20")
  }
  append.subjects = [subject]
  append.sealed = [name]
  append.idempotency = Idempotency(key: "k", content: [1], subject: subject.id)
  let note = try await log.append(append).checkpoint
  try await log.keepEscrow(at: folder + "/escrow")
  let samples: [String: [UInt8]] = [
    "event": try log.event(at: 1)?.bytes ?? [], "proof": Array(try log.proof(of: 5).text.utf8),
    "note": Array(note.utf8), "checkpoint": Array((SignedNote(note)?.text ?? "").utf8),
    "key": Array(log.publicKey.utf8), "time": Array("2026-11-23T04:12:09.120+09:00".utf8),
    "wrapping": try Files.read(data + "/wrapping-key") ?? [],
    "signing": try Files.read(data + "/signing-key") ?? [],
    "report": try verifyReport(log, data), "tile": Array("x001/x234/067.p/255".utf8),
  ]
  for (name, bytes) in samples { try Files.write(bytes, to: folder + "/" + name, syncing: false) }
}

private func verifyReport(_ log: EventLog, _ data: String) throws -> [UInt8] {
  log.close()
  var report = VerifyReport()
  report.report("Something is wrong.", at: 3)
  return report.json.encoded()
}
