extension ModelCard {
  /// The card as a page that needs nothing else: no script, no other file.
  public func html(in language: CardLanguage) -> String {
    let title = CardText("モデルカード", "Model card")(language)
    let state = CardText(
      inForce ? "使用中" : "使用していない", inForce ? "in force" : "not in force")(language)
    var body = """
      <h1>\(title): \(escaped(opening)) \(model)</h1>
      <p>\(state) · \(escaped(timeInJapan(trained, in: language))) · <code>\(digest.prefix(12))</code></p>

      """
    for section in sections(in: language) { body += section.html(in: language) }
    return htmlPage(title: "\(title) \(model)", in: language, body: body)
  }
}

extension CardSection {
  fileprivate func html(in language: CardLanguage) -> String {
    var html = "<h2>\(escaped(title(language)))</h2>\n"
    if !facts.isEmpty { html += htmlFacts(facts, in: language) }
    if !sentences.isEmpty {
      html += "<ul>\n"
      for sentence in sentences { html += "<li>\(escaped(sentence(language)))</li>\n" }
      html += "</ul>\n"
    }
    if !rows.isEmpty { html += htmlTable(head: head.map { $0(language) }, rows) }
    // The diagram is our own text, with numbers in it and nothing that anybody wrote.
    return html + (plot ?? "")
  }
}
