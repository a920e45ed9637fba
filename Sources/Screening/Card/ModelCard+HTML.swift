extension ModelCard {
  /// The card as a page that needs nothing else: no script, no other file.
  public func html(in language: CardLanguage) -> String {
    let title = CardText("モデルカード", "Model card")(language)
    let state = CardText(
      inForce ? "使用中" : "使用していない", inForce ? "in force" : "not in force")(language)
    var page = """
      <!doctype html>
      <html lang="\(language.rawValue)">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(title) \(model)</title>
      <style>
      body { font-family: sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
      table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .2rem .8rem .2rem 0 }
      th { text-align: left; font-weight: normal; color: #555 } td { overflow-wrap: anywhere }
      thead th { border-bottom: 1px solid #999 } svg { max-width: 30rem; width: 100% }
      </style>
      <h1>\(title): \(escaped(opening)) \(model)</h1>
      <p>\(state) · \(escaped(trained)) · <code>\(digest.prefix(12))</code></p>

      """
    for section in sections { page += section.html(in: language) }
    return page + "</html>\n"
  }
}

extension CardSection {
  fileprivate func html(in language: CardLanguage) -> String {
    var html = "<h2>\(escaped(title(language)))</h2>\n"
    if !facts.isEmpty {
      html += "<table>\n"
      for (name, value) in facts {
        html += "<tr><th>\(escaped(name(language)))</th><td>\(escaped(value))</td></tr>\n"
      }
      html += "</table>\n"
    }
    if !sentences.isEmpty {
      html += "<ul>\n"
      for sentence in sentences { html += "<li>\(escaped(sentence(language)))</li>\n" }
      html += "</ul>\n"
    }
    if !rows.isEmpty {
      html += "<table>\n<thead><tr>"
      for cell in head { html += "<th>\(escaped(cell(language)))</th>" }
      html += "</tr></thead>\n"
      for row in rows {
        html += "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
      }
      html += "</table>\n"
    }
    // The diagram is our own text, with numbers in it and nothing that anybody wrote.
    return html + (plot ?? "")
  }
}

/// Text that a page shows as it stands.
private func escaped(_ text: String) -> String {
  var escaped = ""
  for character in text.unicodeScalars {
    switch character {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    default: escaped.unicodeScalars.append(character)
    }
  }
  return escaped
}
