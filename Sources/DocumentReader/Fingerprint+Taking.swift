extension Fingerprint {
  /// Takes the fingerprint of what is loaded.
  init(analyser: Analyser, technologies: TechnologyLexicon, digests: inout DigestCache) {
    var details = LoadedLibraries.versions
    for file in ["sys.dic", "unk.dic", "matrix.bin", "char.bin", "dicrc"] {
      details["dictionary/\(file)"] = digests.digest(ofFile: "\(Analyser.dictionary)/\(file)")
    }
    details["poppler-data"] = Self.encodingData(&digests)
    details["layout"] = Reflow.version
    details["quality"] = QualityGate.version
    details["normaliser"] = Normaliser.version
    details["mask"] = Mask.version
    details["nouns"] = NounRules.version
    details["technologies"] = technologies.digest
    details["probe"] = BehaviourProbe.digest(analyser, technologies)
    self.init(details: details)
  }

  /// One digest over the tables that Japanese needs.
  private static func encodingData(_ digests: inout DigestCache) -> String {
    var listing = ""
    for folder in ["cMap/Adobe-Japan1", "cMap/Adobe-Japan2", "cidToUnicode", "unicodeMap"] {
      let path = "/usr/share/poppler/\(folder)"
      for name in FileDigest.names(in: path)
      where folder != "cidToUnicode" || name.contains("Japan") {
        listing += "\(folder)/\(name) \(digests.digest(ofFile: "\(path)/\(name)"))\n"
      }
    }
    return FileDigest.hash(Array(listing.utf8))
  }
}
