import Testing

@testable import DocumentReader

/// If these fail, a machine with another compilation of the same dictionary splits a store in two, or one that
/// reads differently passes for the same.
@Suite struct FingerprintTests {
  private let taken = [
    "dictionary/sys.dic": "aa", "dictionary/matrix.bin": "bb", "mecab": "0.996", "probe": "cc",
    "poppler": "22.12.0", "library/libpoppler.so": "ee", "layout": "1",
  ]

  @Test func otherBytesOfADictionaryThatAnswersAlikeAreNotedOnly() {
    let (here, there) = (
      Fingerprint(details: taken),
      Fingerprint(details: taken.merging(["dictionary/sys.dic": "dd"]) { $1 })
    )
    #expect(here.id != there.id)
    #expect(here.analysis == there.analysis)
  }

  @Test(arguments: ["probe", "mecab", "poppler", "library/libpoppler.so", "layout"])
  func anythingElseIsAnotherAnalysis(name: String) {
    let other = Fingerprint(details: taken.merging([name: "dd"]) { $1 })
    #expect(other.analysis != Fingerprint(details: taken).analysis)
  }

  /// A security update changes what is read and not the version that the library tells.
  @Test func theLibrariesThemselvesAreTakenIn() throws {
    let details = try ReadText.reading("設計").fingerprint.details
    for library in ["libpoppler.so", "libpoppler-glib.so"] {
      let file = try #require(LoadedLibraries.file(of: library))
      #expect(file.contains("/\(library)."))
      #expect(details["library/\(library)"] == FileDigest.hash(file: file))
    }
    #expect(Set(details.values).isDisjoint(with: ["", "missing"]))
    #expect(LoadedLibraries.file(of: "libnone.so") == nil)
    for folder in ["cMap/Adobe-Japan1", "cidToUnicode", "nameToUnicode", "unicodeMap"] {
      #expect(Fingerprint.encodingFiles.contains { $0.hasPrefix(folder + "/") })
    }
  }
}
