import DocumentReader
import EventStore
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "read":
  Worker.run()
case "recognise":
  Recogniser.run()
case "verify":
  VerifyWorker.run(arguments: Array(arguments.dropFirst()))
case "copy":
  CopyWorker.run(arguments: Array(arguments.dropFirst()))
case "repair":
  RepairWorker.run(arguments: Array(arguments.dropFirst()))
default:
  print(
    "usage: senko-worker read | senko-worker recognise | senko-worker verify DIRECTORY | senko-worker copy DIRECTORY TARGET "
      + "| senko-worker repair DIRECTORY NOTE TARGET BACKUP…\n\n" + "Run by senko, not by people.")
  exit(64)
}
