import ArgumentParser
import EventStore
import Foundation
import Screening

/// Verification found a problem: exit code 3.
struct VerificationFailed: Error {}

/// Says what went wrong and ends the process.
func end(with error: any Error) -> Never {
  switch error {
  case is VerificationFailed:
    exit(3)
  case let error as ScreeningError:
    complain(error.description)
    exit(1)
  case let error as EventLogError:
    complain(error.description)
    exit(1)
  default:
    Senko.exit(withError: error)
  }
}

/// Writes a message for people to standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data("senko: \(text)\n".utf8))
}
