/// Fixed sentences whose analysis shows whether two machines read alike, whatever their files' bytes are.
enum BehaviourProbe {
  /// SHA-256 over the tokens of all sentences.
  static func digest(_ analyser: Analyser, _ technologies: TechnologyLexicon) -> String {
    var result: [UInt8] = []
    for sentence in sentences {
      let text = Normaliser.bytes(of: sentence)
      let visible = Mask.hide(in: text)
      let names = technologies.matches(in: visible)
      let words = analyser.analyse(visible, keeping: names).words
      result += analyser.encodedTokens(of: words).bytes
    }
    return FileDigest.hash(result)
  }
}
