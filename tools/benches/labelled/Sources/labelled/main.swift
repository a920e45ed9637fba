import EventStore
import Glibc

/// `labelled FOLDER APPLICANTS NOUNS FILE`: fills a new data folder with applicants who were read, screened,
/// opened and labelled, each with so many distinct nouns in sealed readings, faster than documents could be
/// read; and writes the same nouns and labels to FILE, as tools/benches/learning/harness.swift reads them.
let arguments = CommandLine.arguments
guard arguments.count == 5, let applicants = Int(arguments[2]), let nouns = Int(arguments[3]) else {
  print("usage: labelled FOLDER APPLICANTS NOUNS FILE")
  exit(64)
}

let log = try EventLog.open(arguments[1], create: true)
var applications = Applications(count: applicants, nouns: nouns)
var file = SetFile(path: arguments[4], rows: applicants)
let fingerprint = Array(#"{"made":"by a benchmark"}"#.utf8)
let record = Record(log: log, fingerprint: fingerprint)
var position = try log.head.rawValue
var next = 1
while next <= applicants {
  var append = Append(actor: "operator", via: "import")
  if next == 1 { append.blobs.append(fingerprint) }
  let last = min(next + 99, applicants)
  for number in next...last {
    let application = applications.draw()
    file.write(application, number: number)
    record.add(application, number: number, after: &position, to: &append)
  }
  _ = try await log.append(append)
  next = last + 1
}
file.close()
log.close()
