@testable import DocumentReader
import Glibc

/// MeCab alone, through the reader's own binding: framed texts as baseline.c takes them, and the number of nouns of
/// each as its four bytes of answer.
guard let analyser = Analyser() else { exit(1) }
while let text = Frame.read(from: 0, atMost: 64 << 20) {
  analyser.beginDocument()
  let nouns = UInt32(analyser.countOfNouns(in: analyser.analyse(text).words))
  let answer = (0..<4).map { UInt8(truncatingIfNeeded: nouns >> ($0 * 8)) }
  guard answer.withUnsafeBytes({ write(1, $0.baseAddress, 4) }) == 4 else { exit(0) }
}
