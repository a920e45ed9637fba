import Testing

@testable import DocumentReader

/// If these fail, a machine with another compilation of the same dictionary splits a store in two, or one that
/// reads differently passes for the same.
@Suite struct FingerprintTests {
  private let taken = [
    "dictionary/sys.dic": "aa", "dictionary/matrix.bin": "bb", "mecab": "0.996", "probe": "cc",
    "poppler": "22.12.0", "library/libpoppler.so": "ee", "layout": "1",
  ]

  @Test(arguments: ["dictionary/sys.dic", "library/libpoppler.so", "poppler-data"])
  func otherBytesThatReadTheProbeAlikeAreNotedOnly(name: String) {
    let (here, there) = (
      Fingerprint(details: taken), Fingerprint(details: taken.merging([name: "dd"]) { $1 })
    )
    #expect(here.id != there.id)
    #expect(here.analysis == there.analysis)
  }

  @Test(arguments: ["probe", "mecab", "poppler", "layout"])
  func anythingElseIsAnotherAnalysis(name: String) {
    let other = Fingerprint(details: taken.merging([name: "dd"]) { $1 })
    #expect(other.analysis != Fingerprint(details: taken).analysis)
  }

  /// Where poppler reads otherwise, by its libraries or its tables, the probe must tell: by their bytes nobody is kept from
  /// mixing readings.
  @Test func theProbeReadsPagesInEveryEncoding() throws {
    guard case .read(let reading) = try ReadText.outcome(BehaviourProbe.pages) else {
      Issue.record("The pages of the probe cannot be read.")
      return
    }
    for text in ["亜唖娃阿", "学歴", "開発と保守", "Java, C++", "Ł"] {
      #expect(reading.rawText.contains(text), "\(text): \(reading.rawText)")
    }
    #expect(reading.rawText.split(separator: "亜").count > 4)
    #expect(reading.quality["pages"] == 6)
  }

  @Test func whatTheProbeGaveIsComputedOnce() throws {
    var digests = DigestCache(known: [:])
    let first = try #require(DocumentAnalysis(limits: Limits(), digests: &digests))
    let known = try #require(digests.known["probe"])
    let probe = try #require(first.fingerprint.details["probe"])
    #expect(known.hasSuffix(" " + probe))
    let forged = String(known.dropLast(64)) + String(repeating: "0", count: 64)
    var kept = DigestCache(known: ["probe": forged])
    let second = try #require(DocumentAnalysis(limits: Limits(), digests: &kept))
    #expect(second.fingerprint.details["probe"]?.allSatisfy { $0 == "0" } == true)
    let other = try OwnTechnologies(parsing: "在庫君\n")
    let third = try #require(
      DocumentAnalysis(limits: Limits(), technologies: other, digests: &kept))
    #expect(third.fingerprint.details["probe"] == probe)
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
