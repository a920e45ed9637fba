import Foundation

/// A password from a person without echo, twice, or from standard input, once; never from an argument.
func readPassword() throws -> String {
  guard isatty(STDIN_FILENO) == 1 else {
    guard let line = try readPasswordLine(), !line.isEmpty else {
      throw Refusal("No password came on standard input. Send it as one line.")
    }
    return line
  }
  let first = try prompt("Password: ")
  guard try prompt("Again: ") == first else {
    throw Refusal("The two passwords differ. Run the command again.")
  }
  return first
}

private func prompt(_ text: String) throws -> String {
  FileHandle.standardError.write(Data(text.utf8))
  var settings = termios()
  unsafe tcgetattr(STDIN_FILENO, &settings)
  let visible = settings
  settings.c_lflag &= ~tcflag_t(ECHO)
  unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
  defer {
    var restored = visible
    unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
    FileHandle.standardError.write(Data("\n".utf8))
  }
  guard let line = try readPasswordLine() else { throw Refusal("No password was typed.") }
  return line
}

/// A line from standard input; `nil` at its end.
///
/// - Throws: `Refusal` for what is no text in UTF-8: it is read as replacement characters, which no other program sends,
///   and of which any others would do as well.
private func readPasswordLine() throws -> String? {
  guard let line = readLine() else { return nil }
  guard !line.unicodeScalars.contains("\u{FFFD}") else {
    throw Refusal("The password is not a text in UTF-8. Set the terminal to that, or send it so.")
  }
  return line
}
