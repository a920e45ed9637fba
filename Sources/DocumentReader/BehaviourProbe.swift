/// Fixed sentences and pages whose analysis shows whether two machines read alike, whatever their files' bytes are.
enum BehaviourProbe {
  /// SHA-256 over the tokens of all sentences, and over what is read of the pages.
  static func digest(_ language: Language) -> String {
    var result: [UInt8] = []
    for sentence in sentences {
      let text = Normaliser.bytes(of: sentence)
      let visible = Mask.hide(in: text)
      let names = language.technologies.matches(in: visible)
      let words = language.analyser.analyse(visible, keeping: names).words
      result += language.analyser.encodedTokens(of: words).bytes
    }
    language.analyser.beginDocument()
    if let content = try? DocumentContent(pages, Limits(), language) {
      result += content.utf8
      for flag in content.flags.sorted() { result += "\n\(flag)".utf8 }
    }
    return FileDigest.hash(result)
  }
}
