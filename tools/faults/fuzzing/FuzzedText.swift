import Glibc

@testable import DocumentReader

/// libFuzzer calls from one thread.
nonisolated(unsafe) private let analyser = Analyser()

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let analyser else { fatalError("MeCab's dictionary is not there.") }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  if let problem = TextSide.problem(with: input, analyser) { fatalError(problem) }
  return 0
}

/// Puts one well-formed input of every kind into the folder that `SENKO_FUZZ_SAMPLES` names, to begin with.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: OpaquePointer, _ arguments: OpaquePointer) -> Int32 {
  guard let value = getenv("SENKO_FUZZ_SAMPLES") else { return 0 }
  let folder = String(cString: value)
  let text = """
    〒150-0001 東京都 03-1234-5678 a.b@example.jp https://example.jp/a 2018/4/1 氏　　名 ⼤⻑ ﾌﾟﾛ ㈱
    C++、C#、Node.js、ASP.NET、PL/SQL と基本情報技術者。葛\u{E0100} か\u{3099}
    """
  let words: [UInt8] = [0] + Array(text.utf8)
  // A line across, a line down, and a letter beside it.
  let glyphs: [UInt8] =
    (0..<12).flatMap { [UInt8($0), 10 + 4 * UInt8($0), 20, 80, 1] }
    + (0..<12).flatMap { [UInt8($0), 100, 30 + 3 * UInt8($0), 80, 2] }
  let lexicon = "name a\nphrase family 家族\nclass person\nallow 佐藤\n"
  let own = "Foo Bar\tfoobar\n社内システム\n"
  let page = "4 0 obj<</Length 9>>stream\nq 3 Tr BT 1 0 0 1 900 9 Tm (a) Tj ET Q\nendstream\nendobj"
  let tokens = TokenCoding.encode([
    Token(offset: 0, length: 6, term: "設計", kind: .word, kept: true, partOfSpeech: "名詞-サ変接続")
  ])
  let samples: [String: [UInt8]] = [
    "words": words, "glyphs": [1] + glyphs, "lexicon": [2] + Array(lexicon.utf8),
    "own": [2] + Array(own.utf8), "page": [3] + Array(page.utf8), "tokens": [3] + tokens,
  ]
  for (name, bytes) in samples {
    guard let file = fopen(folder + "/" + name, "w") else { continue }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
  return 0
}
