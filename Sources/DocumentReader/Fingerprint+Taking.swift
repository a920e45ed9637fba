extension Fingerprint {
  /// Takes the fingerprint of what is loaded.
  init(_ language: Language, digests: inout DigestCache) {
    var details = LoadedLibraries.versions
    for file in ["sys.dic", "unk.dic", "matrix.bin", "char.bin", "dicrc"] {
      details["dictionary/\(file)"] = digests.digest(ofFile: "\(Analyser.dictionary)/\(file)")
    }
    // What a distribution mends in a library leaves its version as it was, and may change what is read.
    for library in ["libpoppler.so", "libpoppler-glib.so"] {
      details["library/\(library)"] =
        LoadedLibraries.file(of: library).map { digests.digest(ofFile: $0) } ?? "missing"
    }
    details["poppler-data"] = Self.encodingData(&digests)
    details["layout"] = Reflow.version
    details["quality"] = QualityGate.version
    details["normaliser"] = Normaliser.version
    details["mask"] = Mask.version
    details["nouns"] = NounRules.version
    details["technologies"] = language.technologies.digest
    // Nothing else decides what comes of it, and it takes as long as some documents.
    let others = FileDigest.hash(Array(Self.canonicalText(of: details).utf8))
    details["probe"] = digests.digest(of: "probe", as: others) { BehaviourProbe.digest(language) }
    self.init(details: details)
  }

  /// One digest over the tables that Japanese and the names of characters need.
  private static func encodingData(_ digests: inout DigestCache) -> String {
    var listing = ""
    for file in encodingFiles {
      listing += "\(file) \(digests.digest(ofFile: "/usr/share/poppler/\(file)"))\n"
    }
    return FileDigest.hash(Array(listing.utf8))
  }

  /// These tables within poppler's data.
  static var encodingFiles: [String] {
    let folders = [
      "cMap/Adobe-Japan1", "cMap/Adobe-Japan2", "cidToUnicode", "nameToUnicode", "unicodeMap",
    ]
    return folders.flatMap { folder in
      FileDigest.names(in: "/usr/share/poppler/\(folder)")
        .filter { folder != "cidToUnicode" || $0.contains("Japan") }
        .map { "\(folder)/\($0)" }
    }
  }
}
