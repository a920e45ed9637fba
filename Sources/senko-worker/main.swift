import DocumentReader
import EventStore
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "read":
  Worker.run()
case "recognise":
  Recogniser.run()
case "verify", "repair", "rest", "copy":
  LogWorker.run(arguments)
default:
  print(
    "usage: senko-worker read | senko-worker recognise | senko-worker verify DIRECTORY | senko-worker copy DIRECTORY TARGET "
      + "| senko-worker repair DIRECTORY BACKUP… | senko-worker rest DIRECTORY TARGET BACKUP…\n\n"
      + "Run by senko, not by people.")
  exit(64)
}
