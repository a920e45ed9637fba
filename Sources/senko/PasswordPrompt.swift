import Foundation

/// A password from a person without echo, twice, or from standard input, once; never from an argument.
func readPassword() throws -> String {
  guard isatty(STDIN_FILENO) == 1 else {
    guard let line = readLine(), !line.isEmpty else {
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
  guard let line = readLine() else { throw Refusal("No password was typed.") }
  return line
}
