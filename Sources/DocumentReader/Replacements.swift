/// Texts that are said in the place of what is drawn: /ActualText of marked content (ISO 32000-1, 14.9.4).
///
/// Poppler gives them and not what is drawn. A ligature says three characters, ㍿ four; where one character says a
/// sentence, it stands on the page nowhere.
struct Replacements {
  /// About how many characters are said beyond those that are drawn.
  private(set) var unseen = 0

  private struct Mark {
    var said: Int
    /// How many characters were met before it.
    var met: Int
  }

  private var marks: [Mark] = []
  /// How long the text is that was told last.
  private var next = 0
  private static let mostNested = 4096
  /// How many characters one that is drawn may stand for.
  private static let mostForOne = 4

  /// Takes note of a string: what the next mark says.
  mutating func tell(_ characters: Int) { next = characters }

  /// Begins marked content.
  mutating func begin(met: Int) {
    if marks.count < Self.mostNested { marks.append(Mark(said: next, met: met)) }
    next = 0
  }

  /// Ends the marked content that was begun last.
  mutating func end(met: Int) {
    guard let mark = marks.popLast() else { return }
    // What nothing is drawn for is not given.
    let drawn = met - mark.met
    if drawn > 0, mark.said > Self.mostForOne * drawn { unseen += mark.said - drawn }
  }
}
