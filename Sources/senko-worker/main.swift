import DocumentReader
import EventStore

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "verify":
  VerifyWorker.run(arguments: Array(arguments.dropFirst()))
default:
  print("usage: senko-worker verify DIRECTORY")
}
