import Testing

@testable import DocumentReader

/// If these fail, a machine with another compilation of the same dictionary splits a store in two, or one that
/// reads differently passes for the same.
@Suite struct FingerprintTests {
  private let taken = [
    "dictionary/sys.dic": "aa", "dictionary/matrix.bin": "bb", "mecab": "0.996", "probe": "cc",
    "poppler": "22.12.0", "layout": "1",
  ]

  @Test func otherBytesOfADictionaryThatAnswersAlikeAreNotedOnly() {
    let (here, there) = (
      Fingerprint(details: taken),
      Fingerprint(details: taken.merging(["dictionary/sys.dic": "dd"]) { $1 })
    )
    #expect(here.id != there.id)
    #expect(here.analysis == there.analysis)
  }

  @Test(arguments: ["probe", "mecab", "poppler", "layout"])
  func anythingElseIsAnotherAnalysis(name: String) {
    let other = Fingerprint(details: taken.merging([name: "dd"]) { $1 })
    #expect(other.analysis != Fingerprint(details: taken).analysis)
  }
}
