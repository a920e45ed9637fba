import ArgumentParser
import EventStore
import Foundation
import Screening

/// Verification found a problem: exit code 3.
struct VerificationFailed: Error {}

/// What was asked for is spelled rightly but cannot be done: exit code 1.
struct Refusal: Error {
  /// A whole sentence that says what happened, and what to do.
  let description: String

  init(_ description: String) { self.description = description }
}

/// Says what went wrong and ends the process.
func end(with error: any Error) -> Never {
  switch error {
  case is VerificationFailed:
    exit(3)
  case let error as Refusal:
    complain(error.description)
    exit(1)
  case let error as ScreeningError:
    complain(error.description)
    exit(1)
  case let error as EventLogError:
    complain(error.message)
    exit(1)
  default:
    Senko.exit(withError: error)
  }
}

/// Writes a message for people to standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data("senko: \(text)\n".utf8))
}
